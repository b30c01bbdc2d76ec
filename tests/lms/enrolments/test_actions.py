from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import AuditEntry, Notice
from core.states import IllegalMove, Refused, StaleState
from lms.cohorts.actions import CohortRefused, cancel_cohort, change_cohort, create_cohort
from lms.enrolments import actions
from lms.enrolments.states import MOVES, OPEN, SEATED, EnrolmentState
from lms.models import Attempt, Cohort, Enrolment, LessonProgress
from lms.signals import course_completed
from tests.factories import make_cohort, make_enrolment, make_user, make_version

S = EnrolmentState


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], capacity=2)


def applicants(count):
    return [make_user(f"学员{number}") for number in range(count)]


def apply(cohort, user, **fields):
    return actions.apply(cohort=cohort, person=user.person, actor=user, **fields)


def notices(user):
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def audited(thing):
    return list(
        AuditEntry.objects.filter(target_id=str(thing.pk)).order_by("pk").values_list("action", flat=True)
    )


def test_an_application_takes_a_seat_until_it_is_decided(cohort, cast):
    done = apply(cohort, cast.trainee, statement=" 想学个案 ")
    cohort.refresh_from_db()
    assert (done.place, done.enrolment.state, done.enrolment.statement) == (None, S.APPLIED, "想学个案")
    assert cohort.seats_taken == 1
    assert audited(done.enrolment) == ["lms.apply"]


def test_the_administrators_nearest_to_the_cohort_are_told_once_a_day(cohort, cast):
    for user in applicants(2):
        apply(cohort, user)
    assert notices(cast.administrator) == ["lms.applications"]
    assert notices(cast.city_administrator) == []
    assert notices(cast.outsider) == []


def test_who_comes_too_late_waits_in_order(cohort, cast):
    places = [apply(cohort, user).place for user in applicants(4)]
    cohort.refresh_from_db()
    assert places == [None, None, 1, 2]
    assert cohort.seats_taken == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens_at": timezone.now() + timedelta(days=1)}, "开始"),
        ({"closes_at": timezone.now() - timedelta(hours=1)}, "截止"),
        ({"cancelled_at": timezone.now()}, "不再举办"),
        ({"seats_taken": 2, "has_waiting_list": False}, "满"),
        ({"ends_on": timezone.localdate() - timedelta(days=1), "starts_on": None}, "结束"),
    ],
)
def test_a_closed_cohort_takes_nobody_and_says_why(tree, cast, fields, words):
    cohort = make_cohort(tree["district"], capacity=2, **fields)
    with pytest.raises(Refused) as refused:
        apply(cohort, cast.trainee)
    assert words in str(refused.value)
    assert not Enrolment.objects.exists()


def test_one_enrolment_at_a_time_in_one_cohort(cohort, cast):
    apply(cohort, cast.trainee)
    with pytest.raises(Refused):
        apply(cohort, cast.trainee)
    cohort.refresh_from_db()
    assert cohort.seats_taken == 1


def test_nobody_applies_without_a_real_name(cohort, cast):
    cast.trainee.person.name = " "
    with pytest.raises(Refused):
        apply(cohort, cast.trainee)


def test_approving_tells_the_trainee_and_is_audited(cohort, cast):
    enrolment = apply(cohort, cast.trainee).enrolment
    actions.approve(enrolment=enrolment, actor=cast.administrator)
    assert (enrolment.state, enrolment.decided_by_id) == (S.ENROLLED, cast.administrator.pk)
    assert audited(enrolment) == ["lms.apply", "lms.approve_enrolment"]
    assert notices(cast.trainee) == ["lms.enrolment_approved"]


def test_two_clicks_make_one_approval(cohort, cast):
    enrolment = apply(cohort, cast.trainee).enrolment
    other = Enrolment.objects.get(pk=enrolment.pk)
    actions.approve(enrolment=enrolment, actor=cast.administrator)
    with pytest.raises(StaleState):
        actions.approve(enrolment=other, actor=cast.city_administrator)
    assert notices(cast.trainee) == ["lms.enrolment_approved"]


def test_nobody_decides_on_their_own_application(cohort, cast):
    enrolment = apply(cohort, cast.administrator).enrolment
    with pytest.raises(Refused):
        actions.approve(enrolment=enrolment, actor=cast.administrator)
    with pytest.raises(Refused):
        actions.refuse(enrolment=enrolment, actor=cast.administrator, reason="x")
    assert not cast.administrator.has_perm("lms.approve_enrolment", enrolment)
    assert cast.city_administrator.has_perm("lms.approve_enrolment", enrolment)


@pytest.mark.parametrize("part", ["auditor", "instructor", "finance", "outsider", "other_trainee"])
@pytest.mark.parametrize("state", [S.APPLIED, S.WAITING, S.OFFERED])
def test_who_is_no_administrator_over_the_cohort_decides_nothing(cohort, cast, part, state):
    enrolment = make_enrolment(cohort, cast.trainee.person, state)
    actor = getattr(cast, part)
    if state == S.APPLIED:
        with pytest.raises(Refused) as refused:
            actions.approve(enrolment=enrolment, actor=actor)
        assert cohort.organisation.name in str(refused.value)
    with pytest.raises(Refused):
        actions.refuse(enrolment=enrolment, actor=actor, reason="x")
    kept = Enrolment.objects.get(pk=enrolment.pk)
    assert (kept.state, kept.decided_by, audited(kept)) == (state, None, [])


def test_a_refusal_needs_a_reason(cohort, cast):
    enrolment = apply(cohort, cast.trainee).enrolment
    with pytest.raises(Refused):
        actions.refuse(enrolment=enrolment, actor=cast.administrator, reason="  ")
    assert Enrolment.objects.get().state == S.APPLIED


def test_a_refusal_frees_the_seat_for_the_first_who_waits(cohort, cast):
    first, _second, third, fourth = (apply(cohort, user).enrolment for user in applicants(4))
    actions.refuse(enrolment=first, actor=cast.administrator, reason="不在本区工作")
    states = {row.pk: row.state for row in Enrolment.objects.all()}
    cohort.refresh_from_db()
    assert (states[first.pk], states[third.pk], states[fourth.pk]) == (S.REFUSED, S.OFFERED, S.WAITING)
    assert cohort.seats_taken == 2
    assert Enrolment.objects.with_place().get(pk=fourth.pk).place == 1
    assert notices(third.person.user) == ["lms.enrolment_offered"]
    assert audited(third) == ["lms.apply", "lms.offer_place"]


def test_withdrawing_frees_the_seat_and_one_may_apply_again(cohort, cast):
    enrolment = apply(cohort, cast.trainee).enrolment
    actions.withdraw(enrolment=enrolment, actor=cast.trainee)
    cohort.refresh_from_db()
    assert cohort.seats_taken == 0
    assert notices(cast.trainee) == []
    assert apply(cohort, cast.trainee).place is None


@pytest.mark.parametrize("reason", ["", " \n"])
def test_an_officer_takes_nobody_out_without_a_reason(cohort, cast, reason):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    with pytest.raises(Refused, match="请写明原因"):
        actions.withdraw(enrolment=enrolment, actor=cast.administrator, reason=reason)
    assert Enrolment.objects.get(pk=enrolment.pk).state == S.ENROLLED
    assert not notices(cast.trainee)
    actions.withdraw(enrolment=enrolment, actor=cast.administrator, reason=" 长期未学 ")
    assert "长期未学" in cast.trainee.notices.get(kind="lms.enrolment_withdrawn").body_in("zh-hans")


def test_withdrawing_from_the_waiting_list_frees_no_seat(cohort, cast):
    *_, third, fourth = (apply(cohort, user).enrolment for user in applicants(4))
    actions.withdraw(enrolment=third, actor=third.person.user)
    cohort.refresh_from_db()
    assert cohort.seats_taken == 2
    assert Enrolment.objects.get(pk=fourth.pk).place == 1


def test_places_added_go_to_the_waiting_list(cohort, cast):
    rows = [apply(cohort, user).enrolment for user in applicants(5)]
    change_cohort(cohort=cohort, actor=cast.administrator, capacity=4)
    states = [Enrolment.objects.get(pk=row.pk).state for row in rows]
    assert states == [S.APPLIED] * 2 + [S.OFFERED] * 2 + [S.WAITING]


def test_there_are_never_fewer_places_than_people(cohort, cast):
    for user in applicants(2):
        apply(cohort, user)
    with pytest.raises(CohortRefused):
        change_cohort(cohort=cohort, actor=cast.administrator, capacity=1)


def test_cancelling_ends_what_stands_and_tells_everybody(cohort, cast):
    seated, waiting = apply(cohort, cast.trainee).enrolment, None
    enrolled = make_enrolment(cohort, cast.supervisor.person)
    waiting = apply(cohort, cast.other_trainee).enrolment
    assert cancel_cohort(cohort=cohort, actor=cast.administrator, reason="场地维修")
    assert not cancel_cohort(cohort=cohort, actor=cast.administrator, reason="场地维修")
    states = {row.pk: (row.state, row.reason) for row in Enrolment.objects.all()}
    assert states[seated.pk] == states[waiting.pk] == states[enrolled.pk] == (S.CANCELLED, "场地维修")
    assert Cohort.objects.get().seats_taken == 0
    for user in (cast.trainee, cast.other_trainee, cast.supervisor):
        assert "lms.enrolment_cancelled" in notices(user)


def test_what_is_completed_stays_completed_when_the_cohort_is_cancelled(cohort, cast):
    completed = make_enrolment(cohort, cast.trainee.person, "completed")
    cancel_cohort(cohort=cohort, actor=cast.administrator, reason="场地维修")
    assert Enrolment.objects.get(pk=completed.pk).state == S.COMPLETED


def test_a_course_without_a_version_has_no_cohort(tree, cast):
    from tests.factories import make_course_page

    with pytest.raises(CohortRefused):
        create_cohort(
            course=make_course_page(),
            organisation=tree["district"],
            title="班",
            capacity=5,
            actor=cast.administrator,
        )


def test_a_new_cohort_is_pinned_to_the_newest_version(tree, cast):
    first = make_version()
    newest = make_version(course=first.course)
    cohort = create_cohort(
        course=first.course, organisation=tree["district"], title="班", capacity=5, actor=cast.administrator
    )
    assert cohort.version == newest
    assert audited(cohort) == ["lms.create_cohort"]


VERBS = {
    S.ENROLLED: lambda row, user: actions.approve(enrolment=row, actor=user),
    S.REFUSED: lambda row, user: actions.refuse(enrolment=row, actor=user, reason="x"),
    S.WITHDRAWN: lambda row, user: actions.withdraw(enrolment=row, actor=user, reason="x"),
}


@pytest.mark.parametrize(("old", "new"), list(product(S, VERBS)))
def test_every_move_is_made_if_and_only_if_the_table_allows_it(cohort, cast, old, new):
    enrolment = make_enrolment(cohort, cast.trainee.person, old)
    if new in MOVES[old]:
        VERBS[new](enrolment, cast.administrator)
        wanted = new
    else:
        with pytest.raises(IllegalMove):
            VERBS[new](enrolment, cast.administrator)
        wanted = old
    cohort.refresh_from_db()
    assert Enrolment.objects.get(pk=enrolment.pk).state == wanted
    assert cohort.seats_taken == (1 if wanted in SEATED else 0)


def test_the_table_of_moves_knows_every_state():
    assert set(MOVES) == set(S)
    assert SEATED < OPEN


def finish(enrolment, lessons=True, quizzes=True):
    version = enrolment.version
    if lessons:
        for lesson in version.lessons.all():
            LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, completed_at=timezone.now())
    if quizzes:
        for paper in version.papers.all():
            Attempt.objects.create(
                enrolment=enrolment,
                paper=paper,
                number=1,
                state="submitted",
                percent=100,
                passed=True,
                finished_at=timezone.now(),
                marked_at=timezone.now(),
                right=2,
                total=2,
            )


@pytest.fixture
def events():
    heard = []

    def hear(sender, event, **_):
        heard.append(event)

    course_completed.connect(hear)
    yield heard
    course_completed.disconnect(hear)


def test_a_course_is_completed_when_its_rule_is_met_and_only_once(cohort, cast, events):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    assert not actions.complete_if_done(enrolment=enrolment).is_complete
    finish(enrolment)
    for _ in range(2):
        assert actions.complete_if_done(enrolment=enrolment).is_complete
    enrolment.refresh_from_db()
    assert enrolment.state == S.COMPLETED
    assert [(event.enrolment_id, event.minutes) for event in events] == [(enrolment.pk, 90)]
    assert audited(enrolment).count("lms.complete_enrolment") == 1
    assert notices(cast.trainee).count("lms.enrolment_completed") == 1


def test_a_quiz_that_is_not_passed_completes_nothing(cohort, cast, events):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    finish(enrolment, quizzes=False)
    assert [each.item.kind for each in actions.complete_if_done(enrolment=enrolment).missing] == ["quiz"]
    assert not events


def test_who_is_not_enrolled_completes_nothing(cohort, cast, events):
    enrolment = make_enrolment(cohort, cast.trainee.person, "withdrawn")
    finish(enrolment)
    actions.complete_if_done(enrolment=enrolment)
    assert not events


def test_moving_to_a_newer_version_keeps_what_is_done(cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    done = make_enrolment(cohort, cast.other_trainee.person, "completed")
    finish(enrolment)
    old = cohort.version
    newest = make_version(lessons=1, quizzes=2, course=old.course)
    assert actions.move_to_version(cohort=cohort, version=newest, actor=cast.administrator) == 1
    enrolment.refresh_from_db()
    done.refresh_from_db()
    assert (enrolment.version_id, done.version_id) == (newest.pk, old.pk)
    assert enrolment.state == S.ENROLLED
    assert len(actions.complete_if_done(enrolment=enrolment).missing) == 1


def test_a_version_of_another_course_is_refused(cohort, cast):
    with pytest.raises(Refused):
        actions.move_to_version(cohort=cohort, version=make_version(), actor=cast.administrator)


def test_reconciling_mends_seats_places_and_completions(cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    waiting = make_enrolment(cohort, cast.other_trainee.person, "waiting")
    finish(enrolment)
    Cohort.objects.update(seats_taken=2)
    found = actions.reconcile()
    states = [Enrolment.objects.get(pk=row.pk).state for row in (enrolment, waiting)]
    assert states == [S.COMPLETED, S.OFFERED]
    assert Cohort.objects.get().seats_taken == 2
    assert len(found) == 3
    assert actions.reconcile() == []


steps = st.lists(
    st.tuples(
        st.sampled_from(["apply", "approve", "refuse", "withdraw", "accept", "decline", "wait"]),
        st.integers(0, 4),
    ),
    max_size=18,
)


@pytest.mark.django_db
@settings(max_examples=25)
@given(steps)
def test_whatever_people_do_seats_are_counted_right_and_never_too_many(taken):
    from django.db import transaction

    from tests.factories import make_organisation

    with transaction.atomic():
        cohort = make_cohort(make_organisation("示例机构"), capacity=2)
        officer, people = make_user("管理员"), applicants(5)
        for verb, number in taken:
            _try(verb, cohort, people[number], officer)
        cohort.refresh_from_db()
        standing = cohort.enrolments.values_list("state", flat=True)
        seated = sum(state in SEATED for state in standing)
        assert cohort.seats_taken == seated <= 2
        assert seated == 2 or S.WAITING not in standing
        transaction.set_rollback(True)


def _try(verb, cohort, user, officer):
    own = Enrolment.objects.active().filter(cohort=cohort, person=user.person).first()
    try:
        if verb == "apply":
            apply(cohort, user)
        elif own is not None and verb == "approve":
            actions.approve(enrolment=own, actor=officer)
        elif own is not None and verb == "accept":
            actions.accept_offer(enrolment=own, actor=user)
        elif own is not None and verb == "decline":
            actions.decline_offer(enrolment=own, actor=user)
        elif own is not None and verb == "wait":  # until the offer has run out
            past = timezone.now() - timedelta(seconds=1)
            Enrolment.objects.filter(pk=own.pk).offered().update(offer_expires_at=past)
            actions.expire_offers()
        elif own is not None and verb == "refuse":
            actions.refuse(enrolment=own, actor=officer, reason="x")
        elif own is not None:
            actions.withdraw(enrolment=own, actor=user)
    except (Refused, IllegalMove):
        pass


def test_the_notice_leads_to_what_waits_and_nobody_is_told_of_what_cannot_be_decided(cohort, cast):
    for user in applicants(2):
        apply(cohort, user)
    assert Notice.objects.get(kind="lms.applications").url == reverse("approvals:index")
    Notice.objects.all().delete()
    apply(cohort, make_user("候补"))
    assert not Notice.objects.filter(kind="lms.applications").exists()
