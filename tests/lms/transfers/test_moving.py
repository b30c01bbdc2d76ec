"""Moving somebody: what the cohort there asks for holds, by whichever way somebody comes, and its stages decide."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import Refused
from core.templatetags.times import day_time
from lms.admissions.actions import make_code, set_quota
from lms.admissions.queries import reviews_of
from lms.cohorts.actions import cancel_cohort
from lms.enrolments.actions import approve, refuse
from lms.enrolments.states import EnrolmentState as S
from lms.models import ApprovalStep, Cohort, InvitationUse
from lms.transfers import actions
from lms.transfers.queries import moved_out_of
from tests.factories import make_cohort, make_enrolment, make_learned, make_plan
from tests.lms.transfers.steps import again, ask, audited, move, seats, stages


def test_whoever_meets_the_rule_of_the_new_version_completes_the_course_there(cast, tree, enrolment, old):
    make_learned(enrolment)
    target = make_cohort(tree["district"], old.version, title="夜间班")
    actions.transfer_enrolment(enrolment=enrolment, target=target, reason="调班", actor=cast.administrator)
    assert again(enrolment).state == S.COMPLETED


def test_a_wish_of_somebody_who_completes_by_the_move_is_granted(cast, tree, enrolment, old):
    make_learned(enrolment)
    target = make_cohort(tree["district"], old.version, title="夜间班")
    wish = ask(enrolment, target, cast.trainee)
    actions.grant_transfer(transfer=wish, actor=cast.administrator)
    assert (again(enrolment).state, again(wish).state) == (S.COMPLETED, "granted")


def test_a_place_that_is_kept_for_an_organisation_is_not_taken_by_a_move(cast, tree, old, new):
    outside = again(make_enrolment(make_cohort(tree["district"], old.version), cast.outside_trainee.person))
    set_quota(cohort=new, organisation=tree["station"], places=1, actor=None)
    with pytest.raises(Refused):
        actions.transfer_enrolment(enrolment=outside, target=new, reason="调班", actor=cast.administrator)
    inside = make_enrolment(make_cohort(tree["district"], old.version), cast.trainee.person)
    actions.transfer_enrolment(enrolment=again(inside), target=new, reason="调班", actor=cast.administrator)
    assert again(inside).cohort == new


def test_an_officer_moves_an_applicant_who_is_then_decided_on_there(cast, old, new):
    applied = make_enrolment(old, cast.trainee.person, "applied")
    actions.transfer_enrolment(enrolment=applied, target=new, reason="名额已满", actor=cast.administrator)
    assert (again(applied).cohort, again(applied).state) == (new, S.APPLIED)
    assert seats() == {"白天班": 0, "夜间班": 1}


def by_wish(enrolment, target, cast):
    wish = ask(enrolment, target, cast.trainee)
    actions.grant_transfer(transfer=wish, actor=cast.city_administrator)


def by_officer(enrolment, target, cast):
    move(enrolment, target, cast.city_administrator)


def after_cancellation(enrolment, target, cast):
    cancel_cohort(cohort=enrolment.cohort, actor=cast.city_administrator, reason="场地维修")
    actions.move_elsewhere(enrolment=again(enrolment), target=target, actor=cast.trainee)


WAYS = [by_wish, by_officer, after_cancellation]
UNMET = {
    "question": {"stages": ("city",), "questions": ({"kind": "short", "label": "现任岗位"},)},
    "condition": {"stages": ("organiser",), "conditions": (("employer_kind", ["agency"]),)},
    "level": {"stages": ("organiser",), "conditions": (("level", ["senior"]),)},
}
REFUSED = [("planned", why) for why in [*UNMET, "invitation"]] + [
    ("admitted", "condition"),
    ("admitted", "invitation"),
]


def test_an_undecided_application_gets_the_steps_of_the_plan_where_it_is_moved(cast, tree, planned):
    plan = make_plan(tree["city"], stages=("organiser",))
    target = make_cohort(tree["city"], planned.version, title="夜间班", plan=plan)
    move(planned, target, cast.city_administrator)
    assert stages(planned) == [("organiser", "waiting")]
    assert audited(planned) == ["lms.apply", "lms.reroute_application", "lms.transfer_enrolment"]
    approve(enrolment=again(planned), actor=cast.city_administrator)
    assert again(planned).state == S.ENROLLED


def test_an_application_without_steps_gets_those_of_the_plan_and_their_deciders_are_told(cast, tree):
    plain = make_enrolment(make_cohort(tree["city"], title="白天班"), cast.trainee.person, "applied")
    plan = make_plan(tree["city"], stages=("county",))
    target = make_cohort(tree["city"], plain.version, title="夜间班", plan=plan)
    move(again(plain), target, cast.city_administrator)
    assert stages(plain) == [("county", "waiting")]
    assert Notice.objects.filter(user=cast.administrator, kind="lms.applications").exists()


def test_without_a_plan_there_the_organiser_alone_decides(cast, tree, planned):
    target = make_cohort(tree["city"], planned.version, title="夜间班")
    move(planned, target, cast.city_administrator)
    assert stages(planned) == []
    approve(enrolment=again(planned), actor=cast.city_administrator)
    assert again(planned).state == S.ENROLLED


def test_under_the_same_plan_what_is_decided_stays_decided(cast, tree, planned):
    approve(enrolment=planned, actor=cast.administrator)
    target = make_cohort(tree["city"], planned.version, title="夜间班", plan=planned.cohort.plan)
    move(again(planned), target, cast.city_administrator)
    assert stages(planned) == [("county", "approved"), ("city", "waiting")]


def test_a_decision_at_another_cohort_does_not_count_at_the_steps_there(cast, tree, planned):
    approve(enrolment=planned, actor=cast.administrator)
    plan = make_plan(tree["city"], stages=("county", "city"))
    target = make_cohort(tree["city"], planned.version, title="夜间班", plan=plan)
    move(again(planned), target, cast.city_administrator)
    assert stages(planned) == [("county", "waiting"), ("city", "waiting")]
    assert ApprovalStep.archive.filter(enrolment=planned).count() == 4
    approve(enrolment=again(planned), actor=cast.administrator)  # whom the old decision does not bar
    approve(enrolment=again(planned), actor=cast.city_administrator)
    assert again(planned).state == S.ENROLLED


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("who", "why"), REFUSED)
def test_no_way_of_moving_passes_what_the_cohort_there_asks_for(cast, tree, request, who, why, way):
    enrolment = request.getfixturevalue(who)
    plan = make_plan(tree["city"], **UNMET[why]) if why in UNMET else None
    target = make_cohort(tree["city"], enrolment.version, title="夜间班", plan=plan)
    Cohort.objects.filter(pk=target.pk).update(by_invitation=why == "invitation")
    before = stages(enrolment)
    with pytest.raises(Refused):
        way(enrolment, again(target), cast)
    assert (again(enrolment).cohort, stages(enrolment)) == (enrolment.cohort, before)
    assert seats()["夜间班"] == 0


def test_whoever_was_invited_can_be_moved_there(cast, tree, admitted):
    target = make_cohort(tree["city"], admitted.version, title="夜间班", by_invitation=True)
    code = make_code(cohort=target, actor=cast.city_administrator)
    InvitationUse.objects.create(code=code, person=admitted.person)
    move(admitted, target, cast.city_administrator)
    assert (again(admitted).cohort, again(admitted).state) == (target, S.ENROLLED)


@pytest.mark.parametrize("way", WAYS)
def test_who_was_admitted_is_decided_on_by_the_stages_there(cast, tree, admitted, way):
    asked = {"questions": ({"kind": "short", "label": "现任岗位"},), "conditions": (("level", ["senior"]),)}
    plan = make_plan(tree["city"], stages=("employer", "county"), **asked)
    target = make_cohort(tree["city"], admitted.version, title="夜间班", plan=plan)
    way(admitted, target, cast)
    moved = again(admitted)
    assert (moved.cohort, moved.state, moved.decided_at) == (target, S.APPLIED, None)
    assert {state for _, state in stages(moved)} == {"waiting"}
    assert Notice.objects.filter(user=cast.administrator, kind="lms.applications").exists()
    assert seats() == {"白天班": 0, "夜间班": 1}
    reroute = AuditEntry.objects.get(action="lms.reroute_application")
    assert (reroute.data["after"]["state"], len(reroute.data["before"]["steps"])) == ("applied", 2)


@pytest.mark.parametrize("way", WAYS)
def test_under_the_same_plan_an_admission_counts_there_too(cast, tree, admitted, way):
    target = make_cohort(tree["city"], admitted.version, title="夜间班", plan=admitted.cohort.plan)
    way(admitted, target, cast)
    assert (again(admitted).cohort, again(admitted).state) == (target, S.ENROLLED)
    assert stages(admitted) == [("county", "approved"), ("city", "approved")]


def test_without_stages_there_whoever_is_admitted_stays_so_and_old_steps_are_archived(cast, tree, admitted):
    target = make_cohort(tree["city"], admitted.version, title="夜间班")
    move(admitted, target, cast.city_administrator)
    assert (again(admitted).state, stages(admitted)) == (S.ENROLLED, [])


def test_an_officer_of_an_old_step_neither_sees_nor_decides_after_the_move(cast, tree, admitted, client):
    """The street of one district must not admit to a cohort of another one."""
    target = make_cohort(tree["other_district"], admitted.version, title="夜间班")
    after_cancellation(admitted, target, cast)
    moved = again(admitted)
    assert moved.state == S.APPLIED
    client.force_login(cast.administrator)
    answer = client.post(reverse("approvals:decide", args=[moved.pk]), {"verdict": "approve"})
    assert answer.status_code == 404
    with pytest.raises(Refused):
        approve(enrolment=again(moved), actor=cast.administrator)
    with pytest.raises(Refused):
        refuse(enrolment=again(moved), actor=cast.administrator, reason="不符合")
    assert again(moved).state == S.APPLIED
    approve(enrolment=again(moved), actor=cast.outsider)
    assert again(moved).state == S.ENROLLED


@pytest.mark.parametrize("verb", ["approve", "refuse"])
def test_where_no_step_waits_nobody_decides_who_decided_at_one(cast, planned, verb):
    approve(enrolment=planned, actor=cast.administrator)
    step = again(planned).steps.get(stage="city")
    ApprovalStep.objects.filter(pk=step.pk).update(
        state="approved", decided_by=cast.city_administrator, decided_at=timezone.now()
    )
    row = again(planned)
    assert not cast.city_administrator.has_perm("lms.approve_enrolment", row)
    act, said = (approve, {}) if verb == "approve" else (refuse, {"reason": "不符合"})
    with pytest.raises(Refused):
        act(enrolment=row, actor=cast.city_administrator, **said)
    assert again(planned).state == S.APPLIED


def test_after_a_cancellation_an_application_gets_the_steps_of_the_new_cohort(cast, tree, planned):
    plan = make_plan(tree["other_district"], stages=("organiser",))
    target = make_cohort(tree["other_district"], planned.version, title="夜间班", plan=plan)
    cancel_cohort(cohort=planned.cohort, actor=cast.city_administrator, reason="场地维修")
    actions.move_elsewhere(enrolment=again(planned), target=target, actor=cast.trainee)
    assert stages(planned) == [("organiser", "waiting")]
    assert again(planned).steps.get().organisation == tree["other_district"]


@pytest.mark.parametrize("way", [by_wish, by_officer])
@pytest.mark.parametrize("named", [("city",), ("city", "organiser"), ("province", "organiser")])
def test_the_organiser_who_agrees_to_a_move_is_not_asked_again(cast, tree, admitted, way, named):
    """Where only the organiser decides there: as its own tier, or where nobody decides at a tier above."""
    plan = make_plan(tree["city"], stages=named)
    target = make_cohort(tree["city"], admitted.version, title="夜间班", plan=plan)
    way(admitted, target, cast)
    moved, step = again(admitted), again(admitted).steps.get()
    assert (moved.state, moved.decided_by, step.state) == (
        S.ENROLLED,
        cast.city_administrator,
        "approved",
    )
    assert seats() == {"白天班": 0, "夜间班": 1}
    assert "lms.approve_step" in audited(moved)
    assert not Notice.objects.filter(source__startswith=f"lms.applications:{target.pk}:").exists()
    transfer = moved.transfers.get()
    assert moved_out_of(moved.person) == [(admitted.cohort_id, transfer.to_cohort_id, transfer.decided_at)]


def test_agreeing_to_a_move_never_passes_a_step_of_another_tier(cast, tree, admitted):
    plan = make_plan(tree["city"], stages=("county", "organiser"))
    target = make_cohort(tree["city"], admitted.version, title="夜间班", plan=plan)
    by_officer(admitted, target, cast)
    assert again(admitted).state == S.APPLIED
    assert stages(admitted) == [("county", "waiting"), ("organiser", "waiting")]


def test_moving_an_application_under_review_decides_nothing(cast, tree, planned):
    target = make_cohort(
        tree["city"], planned.version, title="夜间班", plan=make_plan(tree["city"], stages=("city",))
    )
    by_officer(planned, target, cast)
    assert (again(planned).state, stages(planned)) == (S.APPLIED, [("city", "waiting")])


def test_whoever_was_moved_has_waited_since_the_move(cast, tree, admitted):
    long_ago = timezone.now() - timedelta(days=60)
    type(admitted).objects.filter(pk=admitted.pk).update(applied_at=long_ago)
    plan = make_plan(tree["city"], stages=("county", "organiser"))
    target = make_cohort(tree["city"], admitted.version, title="夜间班", plan=plan)
    by_officer(again(admitted), target, cast)
    moved = again(admitted)
    [current] = [row for row in reviews_of(moved) if row.state == "now"]
    assert day_time(moved.transfers.get().decided_at) in current.hint


def test_the_officer_reads_before_moving_somebody_where_it_is_decided_anew(client, cast, tree, admitted):
    for title, named in (("夜间班", ("county", "organiser")), ("周末班", ("city",))):
        plan = make_plan(tree["city"], stages=named)
        make_cohort(tree["city"], admitted.version, title=title, plan=plan)
    client.force_login(cast.city_administrator)
    page = client.get(reverse("transfers:move", args=[admitted.pk]))
    words = {label.split(" · ")[0]: label for _, label in page.context["form"].fields["target"].choices}
    assert "须重新审批" in words["夜间班"]
    assert "须重新审批" not in words["周末班"]
