"""What the tests of the desk share: a cohort that runs, what is learned there, and its pages."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from lms.models import Attempt, LessonProgress
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_version,
)


def make_running(tree, lessons=4, assignments=0, **fields):
    """A cohort in its middle: begun thirty days ago, seventy to go."""
    today = timezone.localdate()
    dates = {"starts_on": today - timedelta(days=30), "ends_on": today + timedelta(days=70)}
    version = make_version(lessons=lessons, assignments=assignments)
    return make_cohort(tree["district"], version, **{"capacity": 200} | dates | fields)


def enrol(cohort, user, days_ago=30, **fields):
    return make_enrolment(cohort, user.person, decided_at=timezone.now() - timedelta(days=days_ago), **fields)


def read(enrolment, lessons, days_ago=0):
    when = timezone.now() - timedelta(days=days_ago)
    for lesson in enrolment.version.lessons.all()[:lessons]:
        LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, opened_at=when, completed_at=when)


def fail(enrolment, times):
    paper = enrolment.version.papers.get()
    for number in range(1, times + 1):
        fields = {"state": "submitted", "passed": False, "percent": 30, "finished_at": timezone.now()}
        fields["marked_at"] = fields["finished_at"]
        Attempt.objects.create(enrolment=enrolment, paper=paper, number=number, **fields)


def at(name, *args, **query):
    return reverse(f"teaching:{name}", args=args, query=query)


def page(client, *args, **query):
    return client.get(at(*args, **query)).content.decode()
