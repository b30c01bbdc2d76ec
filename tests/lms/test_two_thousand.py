"""A cohort of two thousand: its pages at the desk cost as many statements as those of a small one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Person, User
from lms.models import Attendance, Enrolment, LessonProgress
from tests.factories import make_class, make_cohort, make_register, make_version

PEOPLE = 2000
# Seven of each are the sign-in and Wagtail's own frame.
COSTS = {
    "attendance:cohort": 13,
    "attendance:register": 14,
    "teaching:index": 15,
    "teaching:risk": 15,
    "teaching:grades": 13,
}


@pytest.fixture
def hall(tree, cast):
    """A cohort in its middle: everybody was in the class of yesterday or not, a third have begun to read."""
    today, now = timezone.localdate(), timezone.now()
    version = make_version(lessons=3)
    cohort = make_cohort(
        tree["district"],
        version,
        capacity=PEOPLE,
        seats_taken=PEOPLE,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=30),
    )
    users = User.objects.bulk_create([User(email=f"many{number}@example.com") for number in range(PEOPLE)])
    people = Person.objects.bulk_create(
        [
            Person(user=user, name=f"学员{number}", pinyin=f"xueyuan {number:04}")
            for number, user in enumerate(users)
        ]
    )
    rows = Enrolment.objects.bulk_create(
        [
            Enrolment(
                cohort=cohort,
                person=person,
                version=version,
                state="enrolled",
                decided_at=now - timedelta(days=29),
            )
            for person in people
        ]
    )
    held = make_class(cohort, days=-1)
    make_register(held, closed_at=now)
    make_class(cohort, days=3)
    Attendance.objects.bulk_create(
        [
            Attendance(
                class_session=held,
                enrolment=row,
                presence="present" if number % 3 else "absent",
                minutes=90 if number % 3 else 0,
                method="officer",
                settled_at=now,
                revision=1,
            )
            for number, row in enumerate(rows)
        ]
    )
    lesson = version.lessons.first()
    LessonProgress.objects.bulk_create(
        [LessonProgress(enrolment=row, lesson=lesson, opened_at=now, completed_at=now) for row in rows[::3]]
    )
    return {"cohort": cohort, "klass": held}


def test_two_thousand_people_cost_no_more_statements_than_a_few(
    client, cast, hall, django_capture_on_commit_callbacks
):
    client.force_login(cast.instructor)
    found = {}
    for name in COSTS:
        place = hall["klass"] if name.endswith("register") else hall["cohort"]
        address = reverse(name, args=[] if name.endswith("index") else [place.pk])
        with django_capture_on_commit_callbacks(execute=True):  # the versions are kept in the process
            assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        found[name] = len(captured)
    assert found == COSTS
