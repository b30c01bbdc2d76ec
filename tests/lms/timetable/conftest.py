from datetime import timedelta

import pytest
from django.utils import timezone

from lms.timetable.policy import Draft
from tests.factories import make_cohort, make_version


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], title="秋季班", capacity=50, starts_on=timezone.localdate())


@pytest.fixture
def other(tree, cohort):
    """A second cohort of the same district."""
    version = make_version(course=cohort.course)
    return make_cohort(tree["district"], version, title="夜间班", starts_on=timezone.localdate())


@pytest.fixture
def draft():
    """A function that makes a draft of a class, at nine in the morning so many days from today."""

    def made(days=5, minutes=90, **fields):
        morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
        starts_at = morning + timedelta(days=days)
        defaults = {
            "title": "接案与预估",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=minutes),
            "mode": "on_site",
            "place": "示例市民政局",
            "room": "301",
        }
        return Draft(**defaults | fields)

    return made
