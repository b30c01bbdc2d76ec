import datetime

import pytest

from tests.factories import (
    make_cohort,
    make_enrolment,
)
from tests.lms.surveys.steps import TODAY


@pytest.fixture
def cohort(tree):
    """A cohort whose first day is today."""
    return make_cohort(
        tree["district"],
        starts_on=TODAY(),
        ends_on=TODAY() + datetime.timedelta(days=30),
        opens_at=None,
        closes_at=None,
    )


@pytest.fixture
def enrolment(cohort, cast):
    return make_enrolment(cohort, cast.trainee.person)
