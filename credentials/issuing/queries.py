"""The dry run: what issuing a cohort's certificates would do, person by person, without doing it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.pdf.faces import describe_character, missing_glyphs
from core.people.models import Person
from credentials.certificates.models import Certificate
from lms.public import completed_enrolments
from lms.signals import CourseCompleted


class Outlook(models.TextChoices):
    """What will happen to one person."""

    ISSUE = "issue", _("Will be issued")
    HAS = "has", _("Already has it")
    CANNOT = "cannot", _("Cannot be issued")


@dataclass(frozen=True)
class DryRow:
    """One person of the dry run."""

    event: CourseCompleted
    name: str
    outlook: Outlook
    note: str = ""


def dry_run(cohort: models.Model) -> list[DryRow]:
    """Every completed enrolment of the cohort and what would happen to it, in four statements whatever its size."""
    events = completed_enrolments(cohort.pk)
    names = dict(Person.objects.filter(pk__in=[event.person_id for event in events]).values_list("pk", "name"))
    issued = dict(
        Certificate.objects.filter(enrolment_id__in=[event.enrolment_id for event in events], replaces=None).values_list(
            "enrolment_id", "serial"
        )
    )
    return [_row(event, names[event.person_id], issued.get(event.enrolment_id)) for event in events]


def _row(event: CourseCompleted, name: str, serial: str | None) -> DryRow:
    if serial:
        return DryRow(event, name, Outlook.HAS, serial)
    if missing := missing_glyphs(name + event.course_title + event.cohort_title):
        return DryRow(event, name, Outlook.CANNOT, " ".join(describe_character(char) for char in missing))
    return DryRow(event, name, Outlook.ISSUE)
