"""Certificates and hours statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from core.access.scope import Asker
from core.people.models import Person
from credentials.certificates.models import Certificate
from credentials.statements.models import HoursStatement


@dataclass(frozen=True)
class CertificateFact:
    """One certificate, as other apps may show it to its holder."""

    serial: str
    title: str
    issued_on: date
    verdict: str
    verdict_label: str
    url: str


def _fact(row: Certificate, url: str) -> CertificateFact:
    return CertificateFact(
        serial=row.serial,
        title=row.title_here,
        issued_on=row.issued_on,
        verdict=row.verdict().value,
        verdict_label=str(row.verdict().label),
        url=url,
    )


def certificates_of(person: Person) -> list[CertificateFact]:
    """The certificates of a person, newest first."""
    return [_fact(row, row.get_absolute_url()) for row in Certificate.objects.filter(person=person)]


def desk_certificates_of(person: Person, user: Asker) -> list[CertificateFact]:
    """The certificates of a person that this officer may read, newest first, with their pages at the desk. One query."""
    return [
        _fact(row, reverse("certificates:inspect", args=[row.pk]))
        for row in Certificate.objects.visible_to(user).filter(person=person)
    ]


@dataclass(frozen=True)
class StatementFact:
    """One hours statement, as other apps may show it to the person it is about."""

    serial: str
    first_on: date
    last_on: date
    issued_on: date


def statements_of(person: Person) -> list[StatementFact]:
    """The hours statements of a person, the latest first. One query."""
    rows = HoursStatement.objects.filter(person=person)
    return [StatementFact(row.serial, row.first_on, row.last_on, row.issued_on) for row in rows]
