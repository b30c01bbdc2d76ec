from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice, RoleAssignment
from core.people.actions import confirm_employer, save_profile
from core.states import IllegalMove, Refused, StaleState
from lms.admissions import actions as admissions
from lms.admissions.actions import HandedIn
from lms.admissions.policy import Answer, Asked
from lms.admissions.queries import ask_levels_by, current_step, reviews_of
from lms.approvals.queries import waiting_for
from lms.cohorts.actions import CohortRefused, change_cohort
from lms.enrolments.actions import accept_offer, apply, approve, fill_places, refuse, withdraw
from lms.enrolments.queries import steps_of
from lms.models import ApprovalStep, Cohort, Enrolment
from tests.factories import give_role, make_cohort, make_enrolment, make_organisation, make_plan, make_user

THREE = ("employer", "county", "city")


@pytest.fixture
def street(tree, cast):
    """The administrator of the street above the trainee's station."""
    user = make_user("仇乐山", tree["street"])
    give_role(user, "administrator", tree["street"])
    return user


@pytest.fixture
def staged(tree):
    return make_cohort(tree["city"], plan=make_plan(tree["city"], stages=THREE))


@pytest.fixture
def application(staged, cast, street):
    return hand_in(staged, cast.trainee)


def hand_in(cohort, user, **fields):
    return apply(cohort=cohort, person=user.person, actor=user, **fields).enrolment


def states(enrolment):
    return list(enrolment.steps.order_by("number").values_list("stage", "state"))


def told(user):
    return Notice.objects.filter(user=user, kind="lms.applications").count()


# --- Stages -------------------------------------------------------------------------------------------------


def test_the_steps_are_frozen_when_the_application_is_handed_in(application, tree):
    rows = application.steps.order_by("number")
    assert [(row.stage, row.organisation) for row in rows] == [
        ("employer", tree["street"]),
        ("county", tree["district"]),
        ("city", tree["city"]),
    ]
    plan = application.cohort.plan
    plan.stages = []
    plan.save()
    assert application.steps.count() == 3


def test_the_steps_are_decided_one_after_the_other_and_the_last_admits(application, cast, street):
    for officer in (street, cast.administrator):
        approve(enrolment=application, actor=officer, comment="同意")
        application.refresh_from_db()
        assert application.state == "applied"
    approve(enrolment=application, actor=cast.city_administrator)
    application.refresh_from_db()
    assert application.state == "enrolled"
    assert [state for _stage, state in states(application)] == ["approved"] * 3
    acts = AuditEntry.objects.filter(target_id=str(application.pk)).values_list("action", flat=True)
    assert list(acts).count("lms.approve_step") == 3 and "lms.approve_enrolment" in acts


@pytest.mark.parametrize("part", ["administrator", "city_administrator", "outsider", "auditor"])
def test_no_other_tier_decides_the_first_step_although_its_tree_covers_it(application, cast, part):
    with pytest.raises(Refused):
        approve(enrolment=application, actor=getattr(cast, part))
    with pytest.raises(Refused):
        refuse(enrolment=application, actor=getattr(cast, part), reason="不合适")
    application.refresh_from_db()
    assert application.state == "applied"
    assert Cohort.objects.get().seats_taken == 1


def test_an_officer_who_clicks_twice_decides_one_step(application, street):
    approve(enrolment=application, actor=street)
    with pytest.raises(Refused):
        approve(enrolment=application, actor=street)
    assert [state for _stage, state in states(application)] == ["approved", "waiting", "waiting"]


def test_who_decided_an_earlier_step_decides_no_later_one(application, tree, street, cast):
    give_role(street, "administrator", tree["district"])
    approve(enrolment=application, actor=street)
    application = Enrolment.objects.get(pk=application.pk)
    with pytest.raises(Refused):
        approve(enrolment=application, actor=type(street).objects.get(pk=street.pk))
    approve(enrolment=application, actor=cast.administrator)


def test_the_database_refuses_the_same_person_twice_and_the_applicant(application, street, cast):
    now = timezone.now()
    first, second, _ = application.steps.order_by("number")
    decided = {"state": "approved", "decided_at": now}
    rows = ApprovalStep.objects
    rows.filter(pk=first.pk).update(**decided, decided_by=street)
    for who in (street, cast.trainee):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.filter(pk=second.pk).update(**decided, decided_by=who)


def test_an_administrator_does_not_decide_on_their_own_application(staged, street, tree, cast):
    """The only administrator of the street applies: the next above with another one would be the district, which the
    employer's stage does not reach, so it falls to the organiser."""
    own = hand_in(staged, street)
    assert states(own) == [("county", "waiting"), ("organiser", "waiting")]
    with pytest.raises(Refused):
        approve(enrolment=own, actor=street)


def test_a_refusal_at_any_step_refuses_with_its_reason_and_frees_the_seat(application, cast, street):
    approve(enrolment=application, actor=street)
    refuse(enrolment=application, actor=cast.administrator, reason="名额已用于本区骨干")
    application.refresh_from_db()
    assert (application.state, application.reason) == ("refused", "名额已用于本区骨干")
    assert [state for _stage, state in states(application)] == ["approved", "refused", "waiting"]
    assert Cohort.objects.get().seats_taken == 0
    with pytest.raises((IllegalMove, Refused)):
        approve(enrolment=application, actor=cast.city_administrator)


def test_an_application_taken_back_is_not_decided_on(application, cast, street):
    stale = Enrolment.objects.get(pk=application.pk)
    withdraw(enrolment=application, actor=cast.trainee)
    with pytest.raises(StaleState):
        approve(enrolment=stale, actor=street)
    assert states(application)[0] == ("employer", "waiting")


def test_the_deciders_of_the_next_step_are_told_once_a_day(application, staged, cast, street):
    assert (told(street), told(cast.administrator), told(cast.city_administrator)) == (1, 0, 0)
    hand_in(staged, cast.other_trainee)
    assert told(street) == 1
    approve(enrolment=application, actor=street)
    assert (told(cast.administrator), told(cast.city_administrator)) == (1, 0)
    assert Notice.objects.filter(user=cast.trainee, kind="lms.enrolment_step").count() == 1


def test_a_stage_that_nobody_can_decide_falls_to_the_organiser_and_says_so(staged, tree, cast):
    """The employer stands in a tree of its own, in which nobody is an administrator."""
    lonely = make_user("独行", make_organisation("外省社工机构", kind="agency"))
    own = hand_in(staged, lonely)
    assert states(own) == [("organiser", "waiting")]
    assert own.steps.get().also == ["employer", "county", "city"]
    assert "用人单位" in reviews_of(own)[0].hint or "employer" in reviews_of(own)[0].hint
    approve(enrolment=own, actor=cast.city_administrator)
    own.refresh_from_db()
    assert own.state == "enrolled"


def test_without_an_employer_no_tier_is_passed_by(staged, tree, street):
    """Who names no employer, has left it, or has one that has yet to confirm it, does not come to the organiser alone."""
    free = make_user("独行", None)
    with pytest.raises(Refused, match="逐级审批"):
        hand_in(staged, free)
    free.person.employer = tree["street"]
    save_profile(person=free.person, actor=free)
    with pytest.raises(Refused, match="逐级审批"):
        hand_in(staged, free)
    confirm_employer(person=free.person, actor=street)
    free.person.refresh_from_db()
    assert states(hand_in(staged, free)) == [(stage, "waiting") for stage in THREE]
    assert Enrolment.objects.count() == 1


def test_without_an_employer_the_organiser_decides_where_nobody_else_does(tree):
    cohort = make_cohort(tree["city"], plan=make_plan(tree["city"], stages=["organiser"]))
    assert states(hand_in(cohort, make_user("独行", None))) == [("organiser", "waiting")]


@pytest.mark.parametrize("plan", ["staged", "plain"])
def test_nobody_decides_on_their_own_application_through_whom_they_let_in(tree, cast, street, plan):
    top = tree["street"]
    stages = ["employer"] if plan == "staged" else []
    own = hand_in(make_cohort(top, plan=make_plan(top, stages=stages)), street)
    puppet, colleague = make_user("傀儡", top), make_user("同事", top)
    for user, giver in ((puppet, street), (colleague, cast.administrator)):
        role = give_role(user, "administrator", top)
        role.granted_by = giver
        role.save()
    with pytest.raises(Refused, match="来自申请人"):
        approve(enrolment=own, actor=puppet)
    with pytest.raises(Refused, match="来自申请人"):
        refuse(enrolment=own, actor=puppet, reason="不行")
    approve(enrolment=own, actor=colleague)
    own.refresh_from_db()
    assert own.state == "enrolled"


def test_where_all_others_were_let_in_by_the_applicant_the_organiser_decides(tree, cast, street, staged):
    """Who has stepped down after handing the office on could otherwise be decided on by nobody."""
    successor = make_user("接任", tree["street"])
    role = give_role(successor, "administrator", tree["street"])
    role.granted_by = street
    role.save()
    own = hand_in(staged, street)
    assert states(own) == [("county", "waiting"), ("organiser", "waiting")]
    later = hand_in(staged, cast.trainee)
    RoleAssignment.objects.filter(user=successor).update(granted_by=cast.trainee)
    RoleAssignment.objects.filter(user=street).update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused):
        approve(enrolment=later, actor=successor)
    assert later in waiting_for(cast.city_administrator)
    approve(enrolment=later, actor=cast.city_administrator)
    assert states(later)[0] == ("employer", "approved")


def test_an_organisation_that_has_lost_its_administrators_is_stood_in_for_by_the_organiser(
    application, street, cast
):
    RoleAssignment.objects.filter(user=street).update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused):
        approve(enrolment=application, actor=cast.administrator)
    approve(enrolment=application, actor=cast.city_administrator)
    assert states(application)[0] == ("employer", "approved")


def test_steps_begin_when_a_place_is_kept(tree, cast, street):
    cohort = make_cohort(tree["city"], capacity=1, plan=make_plan(tree["city"], stages=THREE))
    first = hand_in(cohort, cast.other_trainee)
    waiting = hand_in(cohort, cast.trainee)
    assert waiting.state == "waiting" and current_step(waiting) is None
    with pytest.raises(IllegalMove):
        approve(enrolment=waiting, actor=street)
    withdraw(enrolment=first, actor=cast.other_trainee)
    moved = Enrolment.objects.get(pk=waiting.pk)
    assert moved.state == "offered" and current_step(moved) is None
    accept_offer(enrolment=moved, actor=cast.trainee)
    assert current_step(moved).stage == "employer"
    approve(enrolment=moved, actor=street)


def test_without_a_plan_the_organiser_decides_as_ever(tree, cast):
    own = hand_in(make_cohort(tree["district"]), cast.trainee)
    assert not own.steps.exists() and not hasattr(own, "record")
    approve(enrolment=own, actor=cast.city_administrator)
    own.refresh_from_db()
    assert own.state == "enrolled"


def test_the_trainee_reads_who_decides_and_since_when(application, street, tree):
    approve(enrolment=application, actor=street, comment="材料齐全")
    shown = steps_of(Enrolment.objects.get(pk=application.pk))
    assert [step.state for step in shown] == ["done", "done", "now", "todo", "todo", "todo"]
    assert "材料齐全" in shown[1].hint
    assert tree["district"].name in shown[2].hint


# --- Conditions and answers ---------------------------------------------------------------------------------


def test_all_conditions_that_fail_are_said_and_nothing_is_taken(tree, cast):
    plan = make_plan(tree["city"], conditions=(("years", 2), ("employer_kind", ["agency"])))
    cohort = make_cohort(tree["city"], plan=plan)
    with pytest.raises(Refused) as refused:
        hand_in(cohort, cast.trainee)
    assert "2" in str(refused.value) and ("社工机构" in str(refused.value) or "agency" in str(refused.value))
    assert not Enrolment.objects.exists() and Cohort.objects.get().seats_taken == 0


def test_a_condition_that_fails_today_passes_when_it_is_met(tree, cast):
    plan = make_plan(
        tree["city"], conditions=(("region", {"organisation": str(tree["district"].pk), "code": ""}),)
    )
    cohort = make_cohort(tree["city"], plan=plan)
    with pytest.raises(Refused):
        hand_in(cohort, cast.outside_trainee)
    assert hand_in(cohort, cast.trainee).record.findings[0]["verdict"] == "pass"


def test_a_course_completed_before_opens_the_next(tree, cast):
    before = make_cohort(tree["city"])
    plan = make_plan(tree["city"], conditions=(("prior_course", [before.version.code]),))
    cohort = make_cohort(tree["city"], plan=plan)
    with pytest.raises(Refused):
        hand_in(cohort, cast.trainee)
    make_enrolment(before, cast.trainee.person, "completed")
    assert hand_in(cohort, cast.trainee).state == "applied"


@pytest.fixture
def levels():
    known = {}
    ask_levels_by(lambda ids: {pk: known[pk] for pk in ids if pk in known})
    yield known
    ask_levels_by(None)


def test_levels_come_from_whoever_knows_them(levels, tree, cast):
    cohort = make_cohort(tree["city"], plan=make_plan(tree["city"], conditions=(("level", ["senior"]),)))
    declared = hand_in(cohort, cast.trainee, handed=HandedIn(level="senior"))
    assert (declared.record.findings[0]["verdict"], declared.record.level) == ("unknown", "senior")
    levels[cast.other_trainee.person.pk] = {"assistant"}
    with pytest.raises(Refused):
        hand_in(cohort, cast.other_trainee)
    levels[cast.other_trainee.person.pk] = {"senior"}
    assert hand_in(cohort, cast.other_trainee).record.findings[0]["verdict"] == "pass"


def test_answers_stay_as_they_were_asked(tree, cast):
    plan = make_plan(tree["city"], questions=({"kind": "short", "label": "岗位"},))
    cohort = make_cohort(tree["city"], plan=plan)
    answers = (Answer("question-1", Asked.SHORT, "岗位", value="一线社工"),)
    own = hand_in(cohort, cast.trainee, handed=HandedIn(answers))
    plan.questions = []
    plan.save()
    own = Enrolment.objects.get(pk=own.pk)
    assert [(row["label"], row["value"]) for row in own.record.answers] == [("岗位", "一线社工")]


# --- Places kept --------------------------------------------------------------------------------------------


def test_places_are_kept_until_the_window_closes(tree, cast):
    cohort = make_cohort(tree["city"], capacity=2)
    admissions.set_quota(
        cohort=cohort, organisation=tree["district"], places=2, actor=cast.city_administrator
    )
    outside = hand_in(cohort, cast.outside_trainee)
    assert outside.state == "waiting"
    assert hand_in(cohort, cast.trainee).state == "applied"
    Cohort.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    admissions.release_places()
    outside.refresh_from_db()
    assert outside.state == "offered"
    assert Cohort.objects.get().seats_taken == 2


@pytest.mark.parametrize("place", ["other_district", "city", "district"])
def test_places_are_kept_for_those_below_the_organiser_alone(tree, cast, place):
    cohort = make_cohort(tree["district"])
    with pytest.raises(Refused):
        admissions.set_quota(cohort=cohort, organisation=tree[place], places=1, actor=cast.administrator)
    assert not cohort.quotas.exists()


def test_a_freed_place_that_is_kept_goes_to_whom_it_is_kept_for(tree, cast):
    cohort = make_cohort(tree["city"], capacity=1)
    first = hand_in(cohort, cast.trainee)
    admissions.set_quota(
        cohort=cohort, organisation=tree["district"], places=1, actor=cast.city_administrator
    )
    outside, inside = hand_in(cohort, cast.outside_trainee), hand_in(cohort, cast.other_trainee)
    withdraw(enrolment=first, actor=cast.trainee)
    outside.refresh_from_db()
    inside.refresh_from_db()
    assert (outside.state, inside.state) == ("waiting", "offered")


def test_removing_a_quota_lets_those_who_wait_move_up(tree, cast):
    cohort = make_cohort(tree["city"], capacity=1)
    row = admissions.set_quota(cohort=cohort, organisation=tree["district"], places=1, actor=None)
    outside = hand_in(cohort, cast.outside_trainee)
    assert outside.state == "waiting"
    assert admissions.remove_quota(quota=row, actor=cast.city_administrator)
    assert not admissions.remove_quota(quota=row, actor=cast.city_administrator)
    outside.refresh_from_db()
    assert outside.state == "offered"


def test_without_a_waiting_list_the_refusal_says_that_places_are_kept(tree, cast):
    cohort = make_cohort(tree["city"], capacity=1, has_waiting_list=False)
    admissions.set_quota(cohort=cohort, organisation=tree["district"], places=1, actor=None)
    with pytest.raises(Refused):
        hand_in(cohort, cast.outside_trainee)


def test_quotas_never_promise_more_than_there_is(tree, cast):
    cohort = make_cohort(tree["city"], capacity=3)

    def keep(name, places):
        return admissions.set_quota(cohort=cohort, organisation=tree[name], places=places, actor=None)

    keep("district", 2)
    with pytest.raises(Refused):
        keep("other_district", 2)
    keep("other_district", 1)
    with pytest.raises(CohortRefused):
        change_cohort(cohort=cohort, actor=None, capacity=2)
    keep("district", 1)
    change_cohort(cohort=cohort, actor=None, capacity=2)


def test_places_that_are_taken_already_cannot_be_kept(tree, cast):
    cohort = make_cohort(tree["city"], capacity=1)
    hand_in(cohort, cast.outside_trainee)
    with pytest.raises(Refused):
        admissions.set_quota(cohort=cohort, organisation=tree["district"], places=1, actor=None)


def test_the_employer_counts_as_it_was_at_the_application(tree, cast):
    cohort = make_cohort(tree["city"], capacity=2)
    admissions.set_quota(cohort=cohort, organisation=tree["district"], places=1, actor=None)
    hand_in(cohort, cast.trainee)
    person = cast.trainee.person
    person.employer = tree["other_station"]
    person.save()
    assert hand_in(cohort, cast.outside_trainee).state == "applied"
    assert fill_places(cohort=cohort) == 0


# --- Invitation codes ---------------------------------------------------------------------------------------


@pytest.fixture
def invited(tree):
    return make_cohort(tree["district"], by_invitation=True)


def test_by_invitation_only_a_code_opens(invited, cast):
    code = admissions.make_code(cohort=invited, actor=cast.administrator)
    other = admissions.make_code(
        cohort=make_cohort(invited.organisation, invited.version), actor=cast.administrator
    )
    for typed in ("", "AAAAAAAAAA", other.code):
        with pytest.raises(Refused):
            hand_in(invited, cast.trainee, handed=HandedIn(code=typed))
    own = hand_in(invited, cast.trainee, handed=HandedIn(code=f"{code.code[:5]}-{code.code[5:].lower()}"))
    code.refresh_from_db()
    assert (own.state, code.uses) == ("applied", 1)
    with pytest.raises(Refused):
        hand_in(invited, cast.other_trainee, handed=HandedIn(code=code.code))


def test_one_person_uses_a_code_once_however_often_they_apply(invited, cast):
    code = admissions.make_code(cohort=invited, actor=cast.administrator)
    for _ in range(2):
        own = hand_in(invited, cast.trainee, handed=HandedIn(code=code.code))
        withdraw(enrolment=own, actor=cast.trainee)
    code.refresh_from_db()
    assert code.uses == 1


def test_a_code_that_has_run_out_or_was_taken_back_opens_nothing(invited, cast):
    late = admissions.make_code(cohort=invited, actor=cast.administrator)
    past = timezone.now() - timedelta(minutes=1)
    type(late).objects.filter(pk=late.pk).update(expires_at=past)
    gone = admissions.make_code(cohort=invited, actor=cast.administrator, uses_allowed=5)
    assert admissions.revoke_code(code=gone, actor=cast.administrator)
    assert not admissions.revoke_code(code=gone, actor=cast.administrator)
    for code in (late, gone):
        with pytest.raises(Refused):
            hand_in(invited, cast.trainee, handed=HandedIn(code=code.code))


def test_the_audit_does_not_hold_the_code(invited, cast):
    code = admissions.make_code(cohort=invited, actor=cast.administrator, note="骨干")
    kept = AuditEntry.objects.get(action="lms.make_code")
    assert code.code not in f"{kept.data} {kept.label}"


def test_a_plan_is_kept_with_an_audit_entry(tree, cast):
    plan = make_plan(tree["city"], stages=THREE)
    plan.name = "骨干报名方案"
    admissions.save_plan(plan=plan, actor=cast.city_administrator)
    assert AuditEntry.objects.get(action="lms.save_plan").data["after"]["stages"] == list(THREE)


def test_somebody_without_an_employer_takes_part_in_what_is_kept_for_nobody(tree):
    cohort = make_cohort(tree["city"], capacity=2)
    admissions.set_quota(
        cohort=cohort, organisation=make_organisation("机构", tree["city"]), places=1, actor=None
    )
    assert hand_in(cohort, make_user("独行")).state == "applied"
    assert hand_in(cohort, make_user("后来")).state == "waiting"


def test_quotas_that_have_run_out_block_nothing(tree, cast):
    cohort = make_cohort(tree["city"], capacity=3)
    row = admissions.set_quota(cohort=cohort, organisation=tree["district"], places=3, actor=None)
    past = timezone.now() - timedelta(hours=1)
    type(row).objects.filter(pk=row.pk).update(until=past)
    change_cohort(cohort=cohort, actor=None, capacity=2)
    admissions.set_quota(cohort=cohort, organisation=tree["other_district"], places=2, actor=None)


def test_quotas_that_come_into_force_again_are_counted(tree, cast):
    now = timezone.now()
    cohort = make_cohort(tree["city"], capacity=3, closes_at=now + timedelta(days=1))
    admissions.set_quota(cohort=cohort, organisation=tree["district"], places=3, actor=None)
    change_cohort(cohort=cohort, actor=None, closes_at=now - timedelta(minutes=1))
    change_cohort(cohort=cohort, actor=None, capacity=2)
    with pytest.raises(Refused):
        change_cohort(cohort=cohort, actor=None, closes_at=now + timedelta(days=1))


def test_nothing_is_kept_and_nobody_invited_until_a_moment_that_is_past(tree, cast):
    cohort, past = make_cohort(tree["city"]), timezone.now() - timedelta(minutes=1)
    with pytest.raises(Refused):
        admissions.set_quota(cohort=cohort, organisation=tree["district"], places=1, until=past, actor=None)
    with pytest.raises(Refused):
        admissions.make_code(cohort=cohort, expires_at=past, actor=cast.city_administrator)


def test_it_is_said_which_stages_are_one_organisation_and_which_nobody_can_decide(tree, cast):
    """The county runs the cohort itself; at the street, and at the station, nobody is an administrator."""
    plan = make_plan(tree["city"], stages=("employer", "county", "organiser"))
    own = hand_in(make_cohort(tree["district"], plan=plan), cast.trainee)
    [hint] = [row.hint for row in reviews_of(own)]
    assert "本机构同时是以下环节的审批机构：区县" in hint
    assert "代行以下环节：用人单位（最高到街道）（该层级没有可审批的管理员）" in hint
