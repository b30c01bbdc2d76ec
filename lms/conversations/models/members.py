"""Who takes part in a cohort's conversations."""

from __future__ import annotations

from django.db import models

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from lms.cohorts.models import Cohort
from lms.enrolments.states import LEARNING


def at_desk(user: Asker, at: str = "cohort") -> models.Q:
    """The rows of the cohorts that the user's desk reaches: teachers, administrators, auditors."""
    return scope_of(user).q(f"{at}__organisation", *COURSE_READERS)


def as_member(user: Asker, at: str = "cohort") -> models.Q:
    """The rows of the cohorts in which the user learns, or has completed. Whoever left is no member."""
    learned = Cohort.objects.filter(enrolments__person__user=user.pk, enrolments__state__in=LEARNING)
    return models.Q(**{f"{at}__in": learned.values("pk")})
