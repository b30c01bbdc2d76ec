"""What other apps may ask credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.people.models import Person
from credentials.certificates.actions import reconcile as _reconcile
from credentials.certificates.models import Certificate
from credentials.hours.queries import HoursTotals, totals_of


@dataclass(frozen=True)
class CertificateFact:
    """One certificate, as other apps may show it to its holder."""

    serial: str
    title: str
    issued_on: date
    verdict: str
    verdict_label: str
    url: str


def certificates_of(person: Person) -> list[CertificateFact]:
    """The certificates of a person, newest first."""
    return [
        CertificateFact(
            serial=row.serial,
            title=row.title_here,
            issued_on=row.issued_on,
            verdict=row.verdict().value,
            verdict_label=str(row.verdict().label),
            url=row.get_absolute_url(),
        )
        for row in Certificate.objects.filter(person=person)
    ]


def hours_of(person: Person) -> HoursTotals:
    """The hours a person holds, by kind."""
    return totals_of(person)


def reconcile() -> list[str]:
    """Repair what a crash left undone; a line for each repair."""
    return _reconcile()
