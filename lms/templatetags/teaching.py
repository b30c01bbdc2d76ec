"""What the pages of a trainee say of being behind."""

from __future__ import annotations

from django import template

from lms.cohorts.queries import words
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState
from lms.teaching.queries import own_reasons

register = template.Library()


@register.simple_tag
def behind(enrolment: Enrolment) -> list[str]:
    """In which way the trainee is behind, said kindly; empty when all is well. For those who still learn."""
    if enrolment.state != EnrolmentState.ENROLLED:
        return []
    return [words(reason.kindly) for reason in own_reasons(enrolment)]
