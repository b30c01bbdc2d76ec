"""What other apps may ask credentials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Count
from django.urls import reverse

from core.access.scope import Asker
from core.people.models import Person
from credentials.certificates import actions as certificates
from credentials.certificates.models import Certificate
from credentials.hours import actions as hours
from credentials.hours.models import HoursEntry
from credentials.hours.queries import HoursTotals, grouped, recent_of, totals_from, totals_of
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.queries import to_decide
from credentials.posts.models import TalentRoute
from credentials.posts.queries import holdings_of
from credentials.qualifications.models import RegistrationPeriod
from credentials.qualifications.queries import current_period, level_choices, levels_of, to_verify
from credentials.statements.models import HoursStatement
from credentials.talent import actions as talent
from credentials.talent.models import TalentProfile
from credentials.talent.queries import awarded_by


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


def hours_of(person: Person) -> HoursTotals:
    """The hours a person holds, by kind, and the latest entries. Two statements."""
    return replace(totals_of(person), recent=recent_of(person))


def desk_certificates_of(person: Person, user: Asker) -> list[CertificateFact]:
    """The certificates of a person that this officer may read, newest first, with their pages at the desk. One query."""
    return [
        _fact(row, reverse("certificates:inspect", args=[row.pk]))
        for row in Certificate.objects.visible_to(user).filter(person=person)
    ]


@dataclass(frozen=True)
class HoursAtDesk:
    """What a person holds at a glance: by kind and in all. Where a registration period runs, only what counts towards
    it, with its target and its last day."""

    rows: tuple[tuple[str, Decimal], ...] = ()
    total: Decimal = Decimal(0)
    target: int | None = None
    ends_on: date | None = None


def hours_at_desk(person: Person) -> HoursAtDesk:
    """The hours of a person for their dashboard. Two queries."""
    entries = HoursEntry.objects.filter(person=person)
    period = current_period(person)
    if period is None:
        totals = totals_from(grouped(entries))
        return HoursAtDesk(tuple(totals.rows), sum((each.hours for each in totals.kinds), Decimal(0)))
    totals = totals_from(grouped(entries.in_period(period.starts_on, period.ends_on)))
    return HoursAtDesk(
        rows=tuple((each.label, each.counted) for each in totals.kinds if each.counted),
        total=sum((each.counted for each in totals.kinds), Decimal(0)),
        target=period.level.target_hours,
        ends_on=period.ends_on,
    )


@dataclass(frozen=True)
class PeriodFact:
    """One registration period, as other apps may show it to its holder."""

    level: str
    starts_on: date
    ends_on: date
    number: str
    state: str


@dataclass(frozen=True)
class ManualFact:
    """One manual entry, as other apps may show it to the person it is about."""

    title: str
    organiser: str
    occurred_on: date
    minutes: int
    state: str
    why_another: str


@dataclass(frozen=True)
class StatementFact:
    """One hours statement, as other apps may show it to the person it is about."""

    serial: str
    first_on: date
    last_on: date
    issued_on: date


def periods_of(person: Person) -> list[PeriodFact]:
    """The registration periods that a person has declared, the latest first. One query."""
    return [
        PeriodFact(row.level.name, row.starts_on, row.ends_on, row.number, row.state)
        for row in RegistrationPeriod.objects.filter(person=person).select_related("level")
    ]


def manual_entries_of(person: Person) -> list[ManualFact]:
    """What was asked for or entered by hand for a person, the latest first. One query."""
    return [
        ManualFact(row.title, row.organiser, row.occurred_on, row.minutes, row.state, row.why_another)
        for row in ManualEntry.objects.filter(person=person)
    ]


def statements_of(person: Person) -> list[StatementFact]:
    """The hours statements of a person, the latest first. One query."""
    rows = HoursStatement.objects.filter(person=person)
    return [StatementFact(row.serial, row.first_on, row.last_on, row.issued_on) for row in rows]


def talent_data_of(person: Person) -> dict[str, object]:
    """What the talent pool holds of a person, as they may take it away: their row, posts and routes. Three queries."""
    row = TalentProfile.objects.filter(pk=person.pk).values(
        "minutes", "part", "awards", "post", "route", "is_listed"
    )
    routes = TalentRoute.objects.filter(person=person).values("route", "since", "note")
    posts = [
        {
            "post": held.post.title,
            "organisation": held.post.organisation.name,
            "from": held.starts_on,
            "until": held.ends_on,
        }
        for held in holdings_of(person)
    ]
    return {"row": row.first() or {}, "posts": posts, "routes": list(routes)}


def work_for(user: Asker) -> dict[str, int]:
    """How much waits for this administrator: manual entries "requested" and "proposed" (for a second officer), and
    registration periods "declared". Only what there is any of. One query."""
    entries = to_decide(user).order_by().values_list("state").annotate(number=Count("pk"))
    periods = to_verify(user).order_by().values_list("state").annotate(number=Count("pk"))
    return dict(entries.union(periods, all=True))


def reconcile() -> list[str]:
    """Repair what a crash left undone; a line for each repair."""
    return hours.reconcile() + certificates.reconcile() + talent.reconcile()


__all__ = [
    "CertificateFact",
    "HoursAtDesk",
    "HoursTotals",
    "ManualFact",
    "PeriodFact",
    "StatementFact",
    "awarded_by",
    "certificates_of",
    "desk_certificates_of",
    "hours_at_desk",
    "hours_of",
    "level_choices",
    "levels_of",
    "manual_entries_of",
    "periods_of",
    "reconcile",
    "statements_of",
    "talent_data_of",
    "work_for",
]
