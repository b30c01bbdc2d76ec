"""What somebody notes for themself that they have passed on the way to a level."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.people.models import Person
from credentials.qualifications.actions.refusals import QualificationRefused
from credentials.qualifications.models import ExamPass, QualificationLevel
from credentials.qualifications.policy import EARLIEST_YEAR
from credentials.qualifications.queries import terms_on


@transaction.atomic
def note_exam(
    *,
    person: Person,
    level: QualificationLevel,
    subject: int,
    year: int,
    slip_on: datetime.date | None = None,
) -> ExamPass:
    """Note for oneself that a subject was passed. A second time it changes only the day of the slip.

    Raises QualificationRefused when there was no such examination. Side effect: a row.
    """
    today = timezone.localdate()
    terms = terms_on(level, today, person.employer)
    if not 1 <= subject <= len(terms.subjects):
        raise QualificationRefused(_("This level has no such subject."), "subject")
    if not EARLIEST_YEAR <= year <= today.year:
        raise QualificationRefused(_("Choose a year from 2008 until today."), "year")
    if slip_on is not None and not year <= slip_on.year <= today.year + 1:
        raise QualificationRefused(_("The pass slip is not older than the examination."), "slip_on")
    return ExamPass.objects.update_or_create(
        person=person, level=level, subject=subject, year=year, defaults={"slip_on": slip_on}
    )[0]


def forget_exam(*, person: Person, level: QualificationLevel, subject: int, year: int) -> bool:
    """Take a note of one's own back; whether there was one. Side effect: the row is gone."""
    number, _rows = ExamPass.objects.filter(person=person, level=level, subject=subject, year=year).delete()
    return bool(number)
