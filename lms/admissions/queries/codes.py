"""Invitation codes."""

from __future__ import annotations

from core.people.models import Person
from lms.admissions.models import InvitationCode
from lms.admissions.policy import (
    normalise_code,
)
from lms.cohorts.models import Cohort


def code_found(cohort: Cohort, typed: str, person: Person) -> InvitationCode | None:
    """The code that was typed, when it opens this cohort for this person: valid, and with a use left or used by them."""
    code = normalise_code(typed)
    row = cohort.invitation_codes.valid().filter(code=code).first() if code else None
    if row is None or (not row.left and not row.used_by.filter(person=person).exists()):
        return None
    return row
