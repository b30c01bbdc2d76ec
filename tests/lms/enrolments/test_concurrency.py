from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep

import pytest
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from core.models import Notice, Person, User
from core.states import IllegalMove, Refused
from lms.cohorts.actions import cancel_cohort, change_cohort
from lms.enrolments import actions
from lms.enrolments.states import SEATED
from lms.models import Attempt, Cohort, Enrolment, LessonProgress
from lms.signals import course_completed
from lms.transfers.actions import transfer_enrolment
from tests.factories import make_cohort, make_enrolment, make_learned, make_organisation, make_user

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
THREADS = 24


def at_once(act, things):
    def one(thing):
        close_old_connections()
        try:
            return act(thing)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, things))


def test_two_hundred_applicants_for_twenty_places_give_exactly_twenty():
    organisation = make_organisation("示例机构")
    cohort = make_cohort(organisation, capacity=20)
    users = User.objects.bulk_create([User(email=f"a{number}@example.com") for number in range(200)])
    Person.objects.bulk_create([Person(user=user, name="林一") for user in users])
    people = list(Person.objects.select_related("user"))

    def apply(person):
        return actions.apply(cohort=cohort, person=person, actor=person.user).place

    places = at_once(apply, people)
    cohort.refresh_from_db()
    assert cohort.seats_taken == 20
    assert places.count(None) == Enrolment.objects.filter(state="applied").count() == 20
    assert sorted(place for place in places if place) == list(range(1, 181))
    waiting = [row.place for row in Enrolment.objects.waiting().with_place()]
    assert waiting == list(range(1, 181))


def test_one_person_clicking_twenty_times_applies_once():
    cohort = make_cohort(make_organisation("示例机构"))
    user = make_user()

    def apply(_):
        try:
            return actions.apply(cohort=cohort, person=user.person, actor=user).enrolment.pk
        except Refused:
            return None

    assert len([pk for pk in at_once(apply, range(20)) if pk]) == 1
    assert Cohort.objects.get().seats_taken == Enrolment.objects.count() == 1


def test_ten_who_leave_at_once_free_ten_places_for_those_who_wait():
    cohort = make_cohort(make_organisation("示例机构"), capacity=10)
    seated = [make_enrolment(cohort, make_user().person) for _ in range(10)]
    for _ in range(12):
        make_enrolment(cohort, make_user().person, "waiting")

    def leave(enrolment):
        actions.withdraw(enrolment=enrolment, actor=enrolment.person.user)

    at_once(leave, seated)
    assert Cohort.objects.get().seats_taken == 10
    assert Enrolment.objects.filter(state="offered").count() == 10
    assert Enrolment.objects.filter(state="waiting").count() == 2


def test_two_last_steps_at_the_same_time_complete_once():
    heard = []
    course_completed.connect(hear := lambda sender, event, **_: heard.append(event))
    cohort = make_cohort(make_organisation("示例机构"))
    enrolment = make_enrolment(cohort, make_user().person)
    lesson, paper = cohort.version.lessons.get(), cohort.version.papers.get()

    def step(number):
        row = Enrolment.objects.get(pk=enrolment.pk)
        with transaction.atomic():
            if number == 0:
                LessonProgress.objects.create(enrolment=row, lesson=lesson, completed_at=timezone.now())
            elif number == 1:
                fields = {"state": "submitted", "percent": 100, "passed": True, "finished_at": timezone.now()}
                fields["marked_at"] = fields["finished_at"]
                Attempt.objects.create(enrolment=row, paper=paper, number=1, **fields)
            actions.complete_if_done(enrolment=row)

    at_once(step, range(8))
    course_completed.disconnect(hear)
    assert len(heard) == 1
    assert Enrolment.objects.get().state == "completed"
    assert Notice.objects.filter(kind="lms.enrolment_completed").count() == 1


def states(cohort):
    found = Counter(cohort.enrolments.values_list("state", flat=True))
    cohort.refresh_from_db()
    assert cohort.seats_taken == sum(found[state] for state in SEATED) <= cohort.capacity
    return found


def people(count, name="林一"):
    return [make_user(name) for _ in range(count)]


def test_fifty_at_once_get_no_place_that_was_freed_for_those_who_wait():
    """Ten leave while forty newcomers click: the ten places go to the first ten who wait, in their order."""
    cohort = make_cohort(make_organisation("示例机构"), capacity=10)
    seated = [make_enrolment(cohort, user.person) for user in people(10)]
    line = [make_enrolment(cohort, user.person, "waiting").pk for user in people(15)]

    def act(thing):
        if isinstance(thing, Enrolment):
            actions.withdraw(enrolment=thing, actor=thing.person.user)
            return None
        return actions.apply(cohort=cohort, person=thing.person, actor=thing).place

    newcomers = people(40)
    mixed = [each for group in zip(seated, newcomers[:10], strict=True) for each in group] + newcomers[10:]
    places = at_once(act, mixed)
    assert None not in [place for thing, place in zip(mixed, places, strict=True) if thing in newcomers]
    assert states(cohort) == {"withdrawn": 10, "offered": 10, "waiting": 45}
    assert sorted(cohort.enrolments.offered().values_list("pk", flat=True)) == line[:10]


def test_an_offer_is_accepted_or_lapses_never_both():
    cohort = make_cohort(make_organisation("示例机构"), capacity=5)
    offered = [make_enrolment(cohort, user.person, "offered") for user in people(5)]
    for user in people(5):
        make_enrolment(cohort, user.person, "waiting")
    soon = timezone.now() + timedelta(milliseconds=150)
    Enrolment.objects.filter(pk__in=[row.pk for row in offered]).update(offer_expires_at=soon)

    def act(thing):
        if thing is None:
            return actions.expire_offers()
        try:
            actions.accept_offer(enrolment=thing, actor=thing.person.user)
        except (Refused, IllegalMove):
            return False
        return True

    accepted = sum(answer is True for answer in at_once(act, [None, *offered, None, *offered, None] * 2))
    sleep(0.2)
    actions.expire_offers()
    mine = Counter(
        Enrolment.objects.filter(pk__in=[row.pk for row in offered]).values_list("state", flat=True)
    )
    assert mine == Counter({"applied": accepted, "lapsed": 5 - accepted})
    assert states(cohort)["offered"] == 5 - accepted


def test_places_added_go_to_those_who_wait_and_not_to_who_applies_at_the_same_time():
    cohort = make_cohort(make_organisation("示例机构"), capacity=1)
    make_enrolment(cohort, make_user().person)
    line = [make_enrolment(cohort, user.person, "waiting").pk for user in people(6)]

    def act(thing):
        if isinstance(thing, int):
            return change_cohort(cohort=cohort, actor=None, capacity=thing)
        return actions.apply(cohort=cohort, person=thing.person, actor=thing).place

    at_once(act, [*people(10), 4, *people(10)])
    offered = list(cohort.enrolments.offered().order_by("pk").values_list("pk", flat=True))
    assert offered == line[:3]
    assert states(cohort)["applied"] == 0


def test_two_cohorts_exchange_people_without_waiting_for_each_other():
    organisation = make_organisation("示例机构")
    first = make_cohort(organisation, capacity=40)
    second = make_cohort(organisation, first.version, capacity=40)
    there = [make_enrolment(first, user.person) for user in people(12)]
    back = [make_enrolment(second, user.person) for user in people(12)]
    officer = make_user("管理员")

    def act(row):
        target = second if row.cohort_id == first.pk else first
        transfer_enrolment(enrolment=row, target=target, reason="对调", actor=officer)

    at_once(act, [row for pair in zip(there, back, strict=True) for row in pair])
    assert states(first) == states(second) == {"enrolled": 12}
    assert {row.pk for row in there} == set(second.enrolments.values_list("pk", flat=True))


def test_one_free_place_is_given_to_one_of_many_who_are_moved():
    organisation = make_organisation("示例机构")
    source = make_cohort(organisation, capacity=10)
    target = make_cohort(organisation, source.version, capacity=1)
    rows = [make_enrolment(source, user.person) for user in people(8)]
    officer = make_user("管理员")

    def act(row):
        try:
            transfer_enrolment(enrolment=row, target=target, reason="调班", actor=officer)
        except Refused:
            return False
        return True

    assert sum(at_once(act, rows)) == 1
    assert (states(source), states(target)) == ({"enrolled": 7}, {"enrolled": 1})


def test_who_completes_while_the_cohort_is_cancelled_stays_completed_and_everybody_else_ends():
    cohort = make_cohort(make_organisation("示例机构"), capacity=5)
    rows = [make_enrolment(cohort, user.person) for user in people(3)]
    done = make_learned(rows[1])
    officer, has_completed = make_user("管理员"), Event()

    def act(thing):
        if thing is None:
            has_completed.wait(10)
            return cancel_cohort(cohort=cohort, actor=officer, reason="场地维修")
        with transaction.atomic():
            actions.complete_if_done(enrolment=thing)
            has_completed.set()
            sleep(
                0.5
            )  # the cancellation looks at the people meanwhile, and this one is not yet completed for it
        return thing.state == "completed"

    assert at_once(act, [done, None]) == [True, True]
    assert states(cohort) == {"completed": 1, "cancelled": 2}
