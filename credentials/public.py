"""What other apps may ask credentials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from core.people.models import Person
from credentials.certificates import actions as certificates
from credentials.certificates.models import Certificate
from credentials.hours import actions as hours
from credentials.hours.queries import HoursTotals, KindTotal, RecentHours, recent_of, totals_of


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
    """The hours a person holds, by kind, and the latest entries. Two statements."""
    return replace(totals_of(person), recent=recent_of(person))


def reconcile() -> list[str]:
    """Repair what a crash left undone; a line for each repair."""
    return hours.reconcile() + certificates.reconcile()


__all__ = [
    "CertificateFact",
    "HoursTotals",
    "KindTotal",
    "RecentHours",
    "certificates_of",
    "hours_of",
    "reconcile",
    "totals_of",
]
