from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from core.models import Notice, Person, User
from lms.enrolments import actions
from lms.models import Attempt, Cohort, Enrolment, LessonProgress
from lms.signals import course_completed
from tests.factories import make_cohort, make_enrolment, make_organisation, make_user

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
        except actions.NotPossible:
            return None

    assert len([pk for pk in at_once(apply, range(20)) if pk]) == 1
    assert Cohort.objects.get().seats_taken == Enrolment.objects.count() == 1


def test_ten_who_leave_at_once_move_ten_up():
    cohort = make_cohort(make_organisation("示例机构"), capacity=10)
    seated = [make_enrolment(cohort, make_user().person) for _ in range(10)]
    for _ in range(12):
        make_enrolment(cohort, make_user().person, "waiting")

    def leave(enrolment):
        actions.withdraw(enrolment=enrolment, actor=enrolment.person.user)

    at_once(leave, seated)
    assert Cohort.objects.get().seats_taken == 10
    assert Enrolment.objects.filter(state="applied").count() == 10
    assert Enrolment.objects.filter(state="waiting").count() == 2


def test_two_last_steps_at_the_same_time_complete_once():
    heard = []
    course_completed.connect(hear := lambda sender, event, **_: heard.append(event))
    cohort = make_cohort(make_organisation("示例机构"))
    enrolment = make_enrolment(cohort, make_user().person)
    lesson, paper = cohort.version.lessons.get(), cohort.version.papers.get()

    def step(number):
        from django.db import transaction

        row = Enrolment.objects.get(pk=enrolment.pk)
        with transaction.atomic():
            if number == 0:
                LessonProgress.objects.create(enrolment=row, lesson=lesson, completed_at=timezone.now())
            elif number == 1:
                fields = {"state": "submitted", "percent": 100, "passed": True, "finished_at": timezone.now()}
                Attempt.objects.create(enrolment=row, paper=paper, number=1, **fields)
            actions.complete_if_done(enrolment=row)

    at_once(step, range(8))
    course_completed.disconnect(hear)
    assert len(heard) == 1
    assert Enrolment.objects.get().state == "completed"
    assert Notice.objects.filter(kind="lms.enrolment_completed").count() == 1
