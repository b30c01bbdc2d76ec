"""Moving between cohorts of a course: nothing learned is lost, nobody is jumped, and each place is counted once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove, Refused
from lms.admissions.actions import make_code, set_quota
from lms.cohorts.actions import cancel_cohort
from lms.enrolments.actions import apply, approve, complete_if_done, refuse, withdraw
from lms.enrolments.queries import done_of
from lms.enrolments.states import EnrolmentState as S
from lms.models import ApprovalStep, Cohort, Enrolment, InvitationUse, LessonProgress, Transfer
from lms.transfers import actions
from lms.transfers.queries import places_elsewhere
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_learned,
    make_plan,
    make_transfer,
    make_user,
    make_version,
)


@pytest.fixture
def old(tree):
    return make_cohort(tree["district"], title="白天班", capacity=1)


@pytest.fixture
def new(tree, old):
    newer = make_version(lessons=2, quizzes=1, course=old.version.course)
    return make_cohort(tree["district"], newer, title="夜间班", capacity=1)


@pytest.fixture
def enrolment(old, cast):
    return again(make_enrolment(old, cast.trainee.person))


def again(row):
    return type(row).objects.get(pk=row.pk)


def seats():
    return dict(Cohort.objects.values_list("title", "seats_taken"))


def ask(enrolment, new, user, reason="换了夜班"):
    return actions.ask_transfer(enrolment=enrolment, target=new, reason=reason, actor=user)


def audited(enrolment):
    rows = AuditEntry.objects.filter(target_id=str(enrolment.pk), content_type__model="enrolment")
    return list(rows.order_by("pk").values_list("action", flat=True))


def test_a_wish_waits_for_the_organiser_of_the_new_cohort(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    assert (wish.state, seats()) == ("asked", {"白天班": 1, "夜间班": 0})
    assert Notice.objects.get(kind="lms.transfers").user == cast.administrator
    with pytest.raises(Refused):
        ask(enrolment, new, cast.trainee)


@pytest.mark.parametrize("part", ["administrator", "other_trainee", "auditor"])
def test_nobody_wishes_for_somebody_else(cast, enrolment, old, new, part):
    user = getattr(cast, part)
    with pytest.raises(Refused):
        ask(enrolment, new, user)
    wish = ask(enrolment, new, cast.trainee)
    with pytest.raises(Refused):
        actions.take_back_transfer(transfer=wish, actor=user)
    assert again(wish).state == "asked"
    cancel_cohort(cohort=old, actor=cast.administrator, reason="场地维修")
    with pytest.raises(Refused):
        actions.move_elsewhere(enrolment=again(enrolment), target=new, actor=user)
    assert again(enrolment).cohort == old


def test_a_granted_wish_moves_the_row_with_everything_learned(cast, enrolment, old, new):
    lesson = enrolment.version.lessons.get()
    LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, completed_at=timezone.now())
    before = done_of([enrolment.pk])[enrolment.pk]
    waiting = make_enrolment(old, cast.other_trainee.person, "waiting")
    wish = ask(enrolment, new, cast.trainee)
    actions.grant_transfer(transfer=wish, actor=cast.administrator)
    moved = again(enrolment)
    assert (moved.cohort, moved.version, moved.state) == (new, new.version, S.ENROLLED)
    assert done_of([moved.pk])[moved.pk] == before == {str(lesson.key)}
    assert again(waiting).state == S.OFFERED  # the place that is left follows its own list
    assert seats() == {"白天班": 1, "夜间班": 1}
    assert audited(enrolment) == ["lms.ask_transfer", "lms.grant_transfer"]
    assert Notice.objects.get(kind="lms.transfer_moved").user == cast.trainee
    with pytest.raises(IllegalMove):
        actions.take_back_transfer(transfer=again(wish), actor=cast.trainee)


def test_whoever_meets_the_rule_of_the_new_version_completes_the_course_there(cast, tree, enrolment, old):
    make_learned(enrolment)
    target = make_cohort(tree["district"], old.version, title="夜间班")
    actions.transfer_enrolment(enrolment=enrolment, target=target, reason="调班", actor=cast.administrator)
    assert again(enrolment).state == S.COMPLETED


def test_people_who_wait_in_the_new_cohort_come_first(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    make_enrolment(new, cast.other_trainee.person, "waiting")
    with pytest.raises(Refused):
        actions.grant_transfer(transfer=wish, actor=cast.administrator)
    assert (again(wish).state, again(enrolment).cohort_id) == ("asked", wish.from_cohort_id)


def test_a_place_that_is_gone_is_not_granted(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    make_enrolment(new, cast.other_trainee.person)
    with pytest.raises(Refused):
        actions.grant_transfer(transfer=wish, actor=cast.administrator)
    assert seats() == {"白天班": 1, "夜间班": 1}


@pytest.mark.parametrize("state", [S.APPLIED, S.WAITING, S.COMPLETED, S.WITHDRAWN, S.LAPSED])
def test_only_those_with_a_place_ask(cast, old, new, state):
    enrolment = make_enrolment(old, cast.trainee.person, state)
    with pytest.raises(Refused):
        ask(enrolment, new, cast.trainee)


def test_a_wish_needs_a_reason_and_a_cohort_that_takes_people(cast, tree, enrolment, old, new):
    closed = make_cohort(
        tree["district"], old.version, title="截止班", closes_at=timezone.now() - timedelta(hours=1)
    )
    other_course = make_cohort(tree["district"], title="别的课")
    for target, reason in ((new, "  "), (closed, "x"), (other_course, "x"), (old, "x")):
        with pytest.raises(Refused):
            ask(enrolment, target, cast.trainee, reason)
    assert not Transfer.objects.exists()


def test_a_place_that_is_kept_for_an_organisation_is_not_taken_by_a_move(cast, tree, old, new):
    outside = again(make_enrolment(make_cohort(tree["district"], old.version), cast.outside_trainee.person))
    set_quota(cohort=new, organisation=tree["district"], places=1, actor=None)
    with pytest.raises(Refused):
        actions.transfer_enrolment(enrolment=outside, target=new, reason="调班", actor=cast.administrator)
    inside = make_enrolment(make_cohort(tree["district"], old.version), cast.trainee.person)
    actions.transfer_enrolment(enrolment=again(inside), target=new, reason="调班", actor=cast.administrator)
    assert again(inside).cohort == new


def test_nobody_moves_by_themselves_into_a_cohort_by_invitation(cast, enrolment, new):
    Cohort.objects.filter(pk=new.pk).update(by_invitation=True)
    assert places_elsewhere(enrolment) == []
    with pytest.raises(Refused):
        ask(enrolment, again(new), cast.trainee)


def test_a_refusal_says_why_and_leaves_everything(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    with pytest.raises(Refused):
        actions.refuse_transfer(transfer=wish, actor=cast.administrator, reason=" ")
    actions.refuse_transfer(transfer=wish, actor=cast.administrator, reason="已排满实习")
    assert (again(wish).state, again(wish).answer) == ("refused", "已排满实习")
    assert seats() == {"白天班": 1, "夜间班": 0}
    assert ask(again(enrolment), new, cast.trainee).state == "asked"


def test_nobody_decides_on_their_own_transfer(cast, old, new):
    own = make_enrolment(old, cast.administrator.person)
    wish = ask(own, new, cast.administrator)
    for act in (
        lambda: actions.grant_transfer(transfer=wish, actor=cast.administrator),
        lambda: actions.refuse_transfer(transfer=wish, actor=cast.administrator, reason="x"),
        lambda: actions.transfer_enrolment(enrolment=own, target=new, reason="x", actor=cast.administrator),
    ):
        with pytest.raises(Refused):
            act()
    assert again(own).cohort == old


def test_an_officer_moves_an_applicant_who_is_then_decided_on_there(cast, old, new):
    applied = make_enrolment(old, cast.trainee.person, "applied")
    actions.transfer_enrolment(enrolment=applied, target=new, reason="名额已满", actor=cast.administrator)
    assert (again(applied).cohort, again(applied).state) == (new, S.APPLIED)
    assert seats() == {"白天班": 0, "夜间班": 1}


# --- under another plan ------------------------------------------------------------------------------------------


def move(enrolment, target, user):
    actions.transfer_enrolment(enrolment=enrolment, target=target, reason="调班", actor=user)


def stages(enrolment):
    return list(again(enrolment).steps.values_list("stage", "state"))


@pytest.fixture
def planned(cast, tree):
    """An application that waits at the county, in a cohort of the city."""
    cohort = make_cohort(
        tree["city"], title="白天班", plan=make_plan(tree["city"], stages=("county", "city"))
    )
    return again(apply(cohort=cohort, person=cast.trainee.person, actor=cast.trainee).enrolment)


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


@pytest.fixture
def admitted(cast, planned):
    """Somebody whom the county and the city have admitted."""
    approve(enrolment=planned, actor=cast.administrator)
    approve(enrolment=planned, actor=cast.city_administrator)
    return again(planned)


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


def test_a_cohort_that_is_cancelled_ends_the_wishes_to_go_there(client, cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    cancel_cohort(cohort=new, actor=cast.administrator, reason="师资不足")
    wish = again(wish)
    assert (wish.state, wish.answer, wish.decided_by) == ("refused", "师资不足", cast.administrator)
    assert audited(enrolment) == ["lms.ask_transfer", "lms.refuse_transfer"]
    notice = Notice.objects.get(user=cast.trainee, kind="lms.transfer_refused")
    assert "师资不足" in notice.body_in()
    client.force_login(cast.trainee)
    page = client.get(reverse("lms:enrolment-detail", args=[enrolment.pk])).content.decode()
    assert reverse("lms:transfer-take-back", args=[wish.pk]) not in page
    client.force_login(cast.administrator)
    assert (
        reverse("transfers:grant", args=[wish.pk])
        not in client.get(reverse("transfers:cohort", args=[new.pk])).content.decode()
    )


def test_a_cohort_that_is_cancelled_ends_the_wishes_to_leave_it(cast, enrolment, old, new):
    wish = ask(enrolment, new, cast.trainee)
    cancel_cohort(cohort=old, actor=cast.administrator, reason="师资不足")
    assert again(wish).state == "taken_back"
    assert Notice.objects.filter(user=cast.trainee, kind="lms.transfer_ended").count() == 1
    with pytest.raises(IllegalMove):
        actions.grant_transfer(transfer=again(wish), actor=cast.administrator)


def test_a_move_by_an_officer_settles_the_wish(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    actions.transfer_enrolment(enrolment=enrolment, target=new, reason="同意", actor=cast.administrator)
    assert again(wish).state == "taken_back"
    assert Transfer.objects.get(state="granted").to_cohort == new
    assert audited(enrolment) == ["lms.ask_transfer", "lms.take_back_transfer", "lms.transfer_enrolment"]


def test_a_wish_of_before_that_a_new_one_ends_is_audited(cast, tree, enrolment, old, new):
    before = make_transfer(enrolment, make_cohort(tree["district"], old.version, title="周末班"))
    elsewhere = make_cohort(tree["district"], old.version, title="第三班")
    Transfer.objects.filter(pk=before.pk).update(from_cohort=elsewhere)
    ask(enrolment, new, cast.trainee)
    assert (again(before).state, again(before).decided_by) == ("taken_back", cast.trainee)
    assert audited(enrolment) == ["lms.take_back_transfer", "lms.ask_transfer"]


def test_whoever_has_left_is_not_moved(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    withdraw(enrolment=enrolment, actor=cast.trainee)
    with pytest.raises(Refused):
        actions.grant_transfer(transfer=again(wish), actor=cast.administrator)
    assert not Transfer.objects.pending().exists()


# --- after a cancellation ----------------------------------------------------------------------------------------


@pytest.fixture
def cancelled(cast, enrolment, old):
    Enrolment.objects.filter(pk=enrolment.pk).update(decided_at=timezone.now())
    cancel_cohort(cohort=old, actor=cast.administrator, reason="场地维修")
    return again(enrolment)


def test_the_notice_of_a_cancellation_is_urgent_and_names_what_there_is_elsewhere(cast, new, cancelled):
    notice = Notice.objects.get(kind="lms.enrolment_cancelled")
    assert notice.url == reverse("lms:enrolment-detail", args=[cancelled.pk])
    assert notice.deliveries.get(channel="mail").due_at <= timezone.now()
    assert "keep what you have learned" in notice.body
    assert [place.id for place in places_elsewhere(cancelled)] == [new.pk]


def test_whoever_had_a_place_has_one_elsewhere_with_one_click(cast, new, cancelled):
    actions.move_elsewhere(enrolment=cancelled, target=new, actor=cast.trainee)
    moved = again(cancelled)
    assert (moved.cohort, moved.state, moved.reason) == (new, S.ENROLLED, "")
    assert seats() == {"白天班": 0, "夜间班": 1}
    with pytest.raises(Refused):
        actions.move_elsewhere(enrolment=again(cancelled), target=new, actor=cast.trainee)


def test_another_organisation_decides_anew(cast, tree, old, cancelled):
    target = make_cohort(tree["other_district"], old.version, title="外区班")
    actions.move_elsewhere(enrolment=cancelled, target=target, actor=cast.trainee)
    assert again(cancelled).state == S.APPLIED
    assert Notice.objects.get(kind="lms.transfers").user == cast.outsider


def test_who_had_only_applied_is_decided_on(cast, old, new):
    applied = make_enrolment(old, cast.trainee.person, "applied")
    cancel_cohort(cohort=old, actor=cast.administrator, reason="场地维修")
    actions.move_elsewhere(enrolment=again(applied), target=new, actor=cast.trainee)
    assert again(applied).state == S.APPLIED


def test_nobody_jumps_a_list_by_a_cancellation(cast, new, cancelled):
    make_enrolment(new, cast.other_trainee.person, "waiting")
    assert places_elsewhere(cancelled) == []
    with pytest.raises(Refused):
        actions.move_elsewhere(enrolment=cancelled, target=new, actor=cast.trainee)
    assert again(cancelled).state == S.CANCELLED


def test_who_has_applied_there_already_is_not_moved(cast, new, cancelled):
    make_enrolment(new, cast.trainee.person, "applied")
    Cohort.objects.filter(pk=new.pk).update(capacity=5)
    assert places_elsewhere(cancelled) == []
    with pytest.raises(Refused):
        actions.move_elsewhere(enrolment=cancelled, target=again(new), actor=cast.trainee)


def test_hours_of_a_completed_course_stay_when_the_cohort_is_cancelled(cast, tree, old):
    from credentials.models import HoursEntry

    done = make_learned(make_enrolment(old, cast.trainee.person))
    complete_if_done(enrolment=done)
    cancel_cohort(cohort=old, actor=cast.administrator, reason="场地维修")
    assert again(done).state == S.COMPLETED
    assert HoursEntry.objects.filter(person=cast.trainee.person).exists()


# --- the pages -----------------------------------------------------------------------------------------------------


def test_a_trainee_asks_and_takes_back_on_the_page(client, cast, enrolment, new):
    client.force_login(cast.trainee)
    mine = reverse("lms:enrolment-detail", args=[enrolment.pk])
    page = reverse("lms:transfer-ask", args=[enrolment.pk])
    assert page in client.get(mine).content.decode()
    assert client.get(page).status_code == 200
    for wrong in ({"target": "x", "reason": "x"}, {"target": new.pk}, {"target": 9**30, "reason": "\0"}):
        assert client.post(page, wrong).status_code == 200
    assert client.post(page, {"target": new.pk, "reason": "夜班"}).url == mine
    wish = Transfer.objects.get()
    take_back = reverse("lms:transfer-take-back", args=[wish.pk])
    assert take_back in client.get(mine).content.decode()
    for _ in range(2):
        assert client.post(take_back).url == mine
    assert again(wish).state == "taken_back"


def test_the_page_of_asking_shows_what_each_cohort_asks_for_and_for_whom_places_are_kept(client, cast, tree):
    enrolment = make_enrolment(make_cohort(tree["city"], title="白天班"), cast.trainee.person)
    plans = {
        "分级班": make_plan(tree["city"], stages=("county",)),
        "机构班": make_plan(tree["city"], conditions=(("employer_kind", ["agency"]),)),
    }
    for title, plan in plans.items():
        make_cohort(tree["city"], enrolment.version, title=title, plan=plan)
    kept = make_cohort(tree["city"], enrolment.version, title="留位班", capacity=3)
    set_quota(cohort=kept, organisation=tree["other_district"], places=1, actor=cast.city_administrator)
    full = make_cohort(tree["city"], enrolment.version, title="专位班", capacity=1)
    set_quota(cohort=full, organisation=tree["other_district"], places=1, actor=cast.city_administrator)
    places = {place.title: place for place in places_elsewhere(again(enrolment))}
    assert "区" in places["分级班"].stages and not places["分级班"].obstacle
    assert places["机构班"].findings[0]["verdict"] == "fail"
    assert places["机构班"].obstacle == places["机构班"].findings[0]["text"]
    assert (places["留位班"].seats_free, "河东区" in places["留位班"].kept) == (2, True)
    assert places["专位班"].obstacle
    client.force_login(cast.trainee)
    page = reverse("lms:transfer-ask", args=[enrolment.pk])
    text = client.get(page).content.decode()
    for place in places.values():
        for words in (place.stages, place.kept, place.obstacle):
            assert words in text
    assert client.post(page, {"target": full.pk, "reason": "夜班"}).status_code == 200
    assert not Transfer.objects.exists()


def test_the_page_of_a_cancelled_cohort_offers_the_places_elsewhere(client, cast, new, cancelled):
    client.force_login(cast.trainee)
    mine = reverse("lms:enrolment-detail", args=[cancelled.pk])
    there = reverse("lms:transfer-move", args=[cancelled.pk, new.pk])
    assert there in client.get(mine).content.decode()
    for _ in range(2):
        assert client.post(there).url == mine
    assert again(cancelled).cohort == new


def test_only_the_organiser_of_the_new_cohort_decides(client, cast, tree, enrolment):
    target = make_cohort(tree["other_district"], enrolment.version, title="外区班")
    wish = make_transfer(enrolment, target)
    grant, refuse = (reverse(f"transfers:{name}", args=[wish.pk]) for name in ("grant", "refuse"))
    for part in ("administrator", "auditor", "instructor", "finance", "trainee"):
        client.force_login(getattr(cast, part))
        assert client.post(grant).status_code in (302, 403, 404)
        assert client.post(refuse, {"reason": "x"}).status_code in (302, 403, 404)
        assert again(wish).state == "asked"
    client.force_login(cast.outsider)
    assert grant in client.get(reverse("transfers:cohort", args=[target.pk])).content.decode()
    for _ in range(2):
        client.post(grant)
    assert (again(wish).state, again(enrolment).cohort) == ("granted", target)


def test_an_officer_moves_somebody_from_the_list_of_applications(client, cast, tree, enrolment, new):
    client.force_login(cast.administrator)
    foreign = make_cohort(tree["other_district"], enrolment.version, title="外区班")
    page = reverse("transfers:move", args=[enrolment.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"target": foreign.pk, "reason": "x"}).status_code == 200
    answer = client.post(page, {"target": new.pk, "reason": "调班"})
    assert answer.url == reverse("applications:cohort", args=[enrolment.cohort_id])
    assert again(enrolment).cohort == new


def test_the_list_of_transfers_costs_the_same_for_one_and_for_many(
    client, cast, tree, enrolment, new, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.administrator)
    page, counts = reverse("transfers:cohort", args=[new.pk]), []
    for number in range(1, 7):
        row = make_enrolment(make_cohort(tree["district"], enrolment.version), make_user().person)
        make_transfer(row, new)
        if number in (1, 6):
            client.get(page)
            with CaptureQueriesContext(connection) as statements:
                client.get(page)
            counts.append(len(statements))
    assert counts[0] == counts[1]
