import pytest

from tests.factories import make_cohort, make_enrolment, make_version


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], make_version(assignments=1, in_order=True, task={"hand_in": "both"}))


@pytest.fixture
def enrolment(cohort, cast):
    from django.utils import timezone

    from lms.models import LessonProgress

    enrolment = make_enrolment(cohort, cast.trainee.person)
    for lesson in cohort.version.lessons.all():
        LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, completed_at=timezone.now())
    return enrolment
