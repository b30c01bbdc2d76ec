"""One place in a course: no second one, and waiting places elsewhere are given up for it."""

import pytest
from django.urls import reverse

from core.models import AuditEntry, Notice
from core.states import Refused
from lms.cohorts.actions import cancel_cohort
from lms.enrolments import actions
from lms.enrolments.states import EnrolmentState as S
from lms.models import Cohort, Enrolment
from lms.public import offers_for, open_courses
from lms.transfers.actions import move_elsewhere, transfer_enrolment
from tests.factories import make_cohort, make_enrolment, make_organisation, make_user, make_version
from tests.lms.enrolments.test_concurrency import at_once


@pytest.fixture
def one(tree):
    return make_cohort(tree["district"], title="秋季班", capacity=2)


@pytest.fixture
def two(tree, one):
    return make_cohort(tree["district"], one.version, title="周末班", capacity=1)


def again(row):
    return type(row).objects.get(pk=row.pk)


def apply(cohort, user):
    return actions.apply(cohort=cohort, person=user.person, actor=user).enrolment


def offer(cohort, user):
    offers = offers_for([cohort.course_id], user)[cohort.course_id]
    return next(each for each in offers if each.cohort_id == cohort.pk)


@pytest.mark.parametrize("state", [S.APPLIED, S.ENROLLED])
def test_a_second_place_in_a_course_is_refused_while_the_first_is_held(client, cast, one, two, state):
    held = make_enrolment(one, cast.trainee.person, state)
    with pytest.raises(Refused) as refused:
        apply(two, cast.trainee)
    assert "秋季班" in str(refused.value)
    shown = offer(two, cast.trainee)
    assert (shown.kind, "秋季班" in shown.sentence) == ("move" if state == S.ENROLLED else "elsewhere", True)
    ask = reverse("lms:transfer-ask", args=[held.pk])
    assert shown.url == (ask if state == S.ENROLLED else "")
    client.force_login(cast.trainee)
    page = client.get(reverse("lms:enrolment-apply", args=[two.pk])).content.decode()
    assert "秋季班" in page and "id_confirmed" not in page
    assert (ask in page) == (state == S.ENROLLED)
    assert Enrolment.objects.count() == 1


def test_a_full_cohort_says_where_one_learns_and_offers_no_move(cast, one, two):
    make_enrolment(one, cast.trainee.person)
    make_enrolment(two, cast.other_trainee.person)
    shown = offer(two, cast.trainee)
    assert (shown.kind, shown.url) == ("elsewhere", "")


def test_whoever_has_completed_a_course_reads_that_and_may_learn_it_again(cast, one, two):
    make_enrolment(one, cast.trainee.person, "completed")
    shown = offer(two, cast.trainee)
    assert (shown.kind, "已在“秋季班”结业" in shown.sentence) == ("apply", True)
    assert apply(two, cast.trainee).state == S.APPLIED


@pytest.mark.parametrize("state", [S.APPLIED, S.ENROLLED, S.COMPLETED])
def test_courses_one_is_in_or_has_completed_are_not_recommended(cast, one, two, state):
    make_enrolment(one, cast.trainee.person, state)
    assert open_courses(cast.trainee) == []
    assert len(open_courses(cast.other_trainee)) == 1


@pytest.mark.parametrize("state", [S.WAITING, S.OFFERED])
def test_taking_a_place_gives_up_the_waiting_places_in_other_cohorts(client, cast, one, two, state):
    waits = make_enrolment(two, cast.trainee.person, state)
    next_one = make_enrolment(two, cast.other_trainee.person, "waiting")
    if state == S.WAITING:
        make_enrolment(two, make_user("王坐").person)
    client.force_login(cast.trainee)
    assert "周末班" in client.get(reverse("lms:enrolment-apply", args=[one.pk])).content.decode()
    apply(one, cast.trainee)
    assert (again(waits).state, "秋季班" in again(waits).reason) == (S.WITHDRAWN, True)
    assert again(next_one).state == (S.OFFERED if state == S.OFFERED else S.WAITING)
    assert AuditEntry.objects.filter(action="lms.give_up_waiting", target_id=str(waits.pk)).count() == 1
    assert Notice.objects.filter(user=cast.trainee, kind="lms.enrolment_given_up").count() == 1
    assert again(two).seats_taken == 1


def test_waiting_in_two_cohorts_gives_nothing_up(cast, one, two):
    for cohort in (one, two):
        Cohort.objects.filter(pk=cohort.pk).update(capacity=1)
        make_enrolment(cohort, make_user().person)
    rows = [apply(again(cohort), cast.trainee) for cohort in (one, two)]
    assert [again(row).state for row in rows] == [S.WAITING, S.WAITING]


def test_accepting_an_offer_gives_up_the_others_and_is_no_second_place(cast, one, two):
    offered = make_enrolment(two, cast.trainee.person, "offered")
    other = make_enrolment(one, cast.trainee.person, "offered")
    actions.accept_offer(enrolment=again(offered), actor=cast.trainee)
    assert (again(offered).state, again(other).state) == (S.APPLIED, S.WITHDRAWN)
    third = make_enrolment(one, cast.trainee.person, "offered")
    with pytest.raises(Refused):
        actions.accept_offer(enrolment=again(third), actor=cast.trainee)
    assert again(third).state == S.OFFERED


def test_a_move_gives_up_waiting_places_and_makes_no_second_place(cast, tree, one, two):
    moved = make_enrolment(one, cast.trainee.person)
    three = make_cohort(tree["district"], one.version, title="夜间班", capacity=1)
    make_enrolment(three, make_user("王坐").person)
    waits = make_enrolment(three, cast.trainee.person, "waiting")
    transfer_enrolment(enrolment=moved, target=two, reason="调班", actor=cast.administrator)
    assert (again(moved).cohort, again(waits).state) == (two, S.WITHDRAWN)


def test_after_a_cancellation_nobody_gets_a_second_place(cast, tree, one, two):
    cancelled = make_enrolment(one, cast.trainee.person)
    cancel_cohort(cohort=one, actor=cast.administrator, reason="场地维修")
    apply(two, cast.trainee)
    three = make_cohort(tree["district"], one.version, title="夜间班")
    with pytest.raises(Refused):
        move_elsewhere(enrolment=again(cancelled), target=three, actor=cast.trainee)
    assert again(cancelled).state == S.CANCELLED


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_in_two_cohorts_take_one_place():
    organisation, version, user = make_organisation("示例机构"), make_version(), make_user()
    cohorts = [make_cohort(organisation, version, title=title) for title in ("甲班", "乙班", "丙班")]

    def click(cohort):
        try:
            return apply(cohort, user).state
        except Refused:
            return "refused"

    assert sorted(at_once(click, cohorts)) == ["applied", "refused", "refused"]
    assert sum(Cohort.objects.values_list("seats_taken", flat=True)) == 1
