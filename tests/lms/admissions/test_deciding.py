"""The steps of an application: who decides at which, and who never does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice, RoleAssignment
from core.people.actions import confirm_employer, save_profile
from core.states import IllegalMove, Refused, StaleState
from lms.admissions.queries import current_step, reviews_of
from lms.approvals.queries import waiting_for
from lms.enrolments.actions import accept_offer, approve, refuse, withdraw
from lms.enrolments.queries import steps_of
from lms.models import ApprovalStep, Cohort, Enrolment
from tests.factories import give_role, make_cohort, make_organisation, make_plan, make_user
from tests.lms.admissions.steps import THREE, hand_in, states, told


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


def test_it_is_said_which_stages_are_one_organisation_and_which_nobody_can_decide(tree, cast):
    """The county runs the cohort itself; at the street, and at the station, nobody is an administrator."""
    plan = make_plan(tree["city"], stages=("employer", "county", "organiser"))
    own = hand_in(make_cohort(tree["district"], plan=plan), cast.trainee)
    [hint] = [row.hint for row in reviews_of(own)]
    assert "本机构同时是以下环节的审批机构：区县" in hint
    assert "代行以下环节：用人单位（最高到街道）（该层级没有可审批的管理员）" in hint
