"""Everything that one page says about somebody's qualifications and their registration."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from core.people.models import Person
from credentials.commendations.models import Commendation
from credentials.commendations.queries import registered_for
from credentials.conduct.models import ConductRecord
from credentials.conduct.queries import conduct_of
from credentials.hours.actions import worth_now
from credentials.hours.models import HoursEntry
from credentials.hours.queries import PeriodProgress, progress_of
from credentials.internships.queries import is_intern
from credentials.qualifications.models import QualificationRecord, RegistrationPeriod
from credentials.qualifications.policy import renewal_opens
from credentials.qualifications.queries import (
    ExamProgress,
    exams_of,
    name_here,
    periods_of,
    records_of,
    terms_at,
    terms_of,
)
from credentials.qualifications.states import IN_FORCE, STANDING
from credentials.renewals.models import RenewalPack
from credentials.renewals.policy import Stop, filling, stops_of
from lms.public import OpenCourse

LONG_LINES = 300  # of the ledger: a pack with more is made in the background


@dataclass(frozen=True)
class Held:
    """A qualification and what its level was called when it was issued."""

    record: QualificationRecord
    name: str


@dataclass(frozen=True)
class Overview:
    """The page of one's own qualifications: each part as far as there is any."""

    held: list[Held]
    exams: list[ExamProgress]
    periods: list[RegistrationPeriod]
    current: RegistrationPeriod | None
    found: PeriodProgress | None
    stops: list[Stop]
    fills: list[tuple[OpenCourse, Decimal]]
    packs: list[RenewalPack]
    commendations: list[Commendation]
    conduct: list[ConductRecord]
    filled: Decimal = field(default=Decimal(0))
    is_intern: bool = False

    @property
    def renewal_opens(self) -> datetime.date | None:
        return renewal_opens(self.current.ends_on) if self.current else None

    @property
    def still_missing(self) -> Decimal:
        """What would be missing after all these courses."""
        missing = self.found.progress.missing if self.found else Decimal(0)
        return max(missing - self.filled, Decimal(0))

    @property
    def is_empty(self) -> bool:
        return not (self.held or self.exams or self.periods)


def overview_of(person: Person) -> Overview:
    """What there is of one person. About sixteen queries, whatever there is."""
    today, terms = timezone.localdate(), terms_at(person.employer)
    records = list(records_of(person))
    held = [Held(row, name_here(terms_of(row.level, terms, row.issued_on))) for row in records]
    periods = list(periods_of(person))
    in_force = [row for row in periods if row.state in IN_FORCE]
    current = next((row for row in in_force if row.starts_on <= today <= row.ends_on), None)
    found = progress_of(current) if current else None
    missing = found.progress.missing if found else Decimal(0)
    fills = filling(missing, worth_now(person)) if missing else []
    issued = [row.issued_on for row in records if row.state in STANDING]
    return Overview(
        held=held,
        exams=[each for each in exams_of(person) if not _has(records, each)],
        periods=periods,
        current=current,
        found=found,
        stops=stops_of(min(issued, default=None), [(row.starts_on, row.ends_on) for row in in_force], today),
        fills=fills,
        packs=list(RenewalPack.objects.filter(person=person).select_related("period")[:10]),
        commendations=list(registered_for([person.pk])),
        conduct=list(conduct_of(person)),
        is_intern=is_intern(person),
        filled=sum((hours for _course, hours in fills), Decimal(0)),
    )


def _has(records: list[QualificationRecord], exam: ExamProgress) -> bool:
    """Who has the certificate needs no picture of the way to it."""
    return any(row.is_verified and row.level_id == exam.level.pk for row in records)


def lines_in(period: RegistrationPeriod) -> int:
    """How many entries a pack of this period would list."""
    days = (period.starts_on, period.ends_on)
    return HoursEntry.objects.standing().filter(person=period.person_id, occurred_on__range=days).count()
