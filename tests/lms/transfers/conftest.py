"""Two cohorts of a course, and whoever may want to go from one to the other."""

import pytest
from django.utils import timezone

from lms.cohorts.actions import cancel_cohort
from lms.enrolments.actions import apply, approve
from lms.models import Enrolment
from tests.factories import make_cohort, make_enrolment, make_plan, make_version
from tests.lms.transfers.steps import again


@pytest.fixture
def old(tree):
    return make_cohort(tree["district"], title="白天班", capacity=1)


@pytest.fixture
def new(tree, old):
    newer = make_version(lessons=2, quizzes=1, course=old.version.course)
    return make_cohort(tree["district"], newer, title="夜间班", capacity=1)


@pytest.fixture
def enrolment(old, cast):
    return again(make_enrolment(old, cast.trainee.person))


@pytest.fixture
def planned(cast, tree):
    """An application that waits at the county, in a cohort of the city."""
    cohort = make_cohort(
        tree["city"], title="白天班", plan=make_plan(tree["city"], stages=("county", "city"))
    )
    return again(apply(cohort=cohort, person=cast.trainee.person, actor=cast.trainee).enrolment)


@pytest.fixture
def admitted(cast, planned):
    """Somebody whom the county and the city have admitted."""
    approve(enrolment=planned, actor=cast.administrator)
    approve(enrolment=planned, actor=cast.city_administrator)
    return again(planned)


@pytest.fixture
def cancelled(cast, enrolment, old):
    Enrolment.objects.filter(pk=enrolment.pk).update(decided_at=timezone.now())
    cancel_cohort(cohort=old, actor=cast.administrator, reason="场地维修")
    return again(enrolment)
