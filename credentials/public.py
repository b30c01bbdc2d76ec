"""What other apps may ask credentials."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Value
from django.urls import reverse

from core.access.scope import Asker
from core.people.models import Person
from credentials.certificates import actions as certificates
from credentials.certificates.models import Certificate
from credentials.commendations.models import Commendation
from credentials.commendations.queries import registered_for
from credentials.conduct.models import ConductRecord
from credentials.conduct.queries import conduct_of, standing_since
from credentials.hours import actions as hours
from credentials.hours.models import HoursEntry
from credentials.hours.queries import HoursTotals, grouped, recent_of, totals_from, totals_of
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.queries import to_decide
from credentials.posts.models import TalentRoute
from credentials.posts.queries import holdings_of
from credentials.qualifications.models import ExamPass, QualificationRecord, RegistrationPeriod
from credentials.qualifications.queries import (
    current_period,
    desk_records,
    levels_of,
    qualified_as_verified,
    records_of,
    records_to_verify,
    to_verify,
)
from credentials.renewals.models import RenewalPack
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


@dataclass(frozen=True)
class QualificationFact:
    """One certificate of the national examination, as policies ask about it: `level` is the code of its level."""

    person_id: int
    level: str
    level_label: str
    number: str
    issued_on: date
    exam_year: int | None
    state: str


@dataclass(frozen=True)
class RegistrationFact:
    """One registration that an officer has verified."""

    person_id: int
    level: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class ConductFact:
    """Something that an authority has established about a person: `head` is one of the four that policies ask about."""

    person_id: int
    head: str
    head_label: str
    occurred_on: date
    established_on: date
    source: str
    state: str


@dataclass(frozen=True)
class CommendationFact:
    """A title of a person: `rank` is national, provincial, city or county."""

    person_id: int
    rank: str
    title: str
    issuer: str
    year: int


@dataclass(frozen=True)
class ExamFact:
    """A subject that somebody has noted as passed."""

    level: str
    subject: int
    year: int


@dataclass(frozen=True)
class PackFact:
    """One renewal pack of a person."""

    serial: str
    issued_on: date


def _qualification(row: QualificationRecord) -> QualificationFact:
    level = row.level
    return QualificationFact(
        row.person_id, level.code, level.name_here, row.number, row.issued_on, row.exam_year, row.state
    )


def qualifications_held(person_ids: Collection[int], day: date) -> dict[int, list[QualificationFact]]:
    """The verified qualifications of these people whose certificate was issued by this day, the highest level first;
    every id has its list. One query. Numbers are whole: whoever shows them decides to whom."""
    found: dict[int, list[QualificationFact]] = {person_id: [] for person_id in person_ids}
    for row in qualified_as_verified(found, day):
        found[row.person_id].append(_qualification(row))
    return found


def registrations_on(person_ids: Collection[int], day: date) -> dict[int, RegistrationFact]:
    """Who of these people is verifiably registered on this day, and how. One query."""
    rows = RegistrationPeriod.objects.on(day).filter(person__in=list(person_ids), state="verified")
    return {
        row.person_id: RegistrationFact(row.person_id, row.level.code, row.starts_on, row.ends_on)
        for row in rows.select_related("level")
    }


def conduct_since(person_ids: Collection[int], day: date) -> dict[int, list[ConductFact]]:
    """What stands about these people and happened on this day or later; every id has its list. One query.

    Whoever asks is to have a reason that is kept: a policy that names the heads, and its decision.
    """
    found: dict[int, list[ConductFact]] = {person_id: [] for person_id in person_ids}
    for row in standing_since(found, day):
        found[row.person_id].append(_conduct(row))
    return found


def _conduct(row: ConductRecord) -> ConductFact:
    return ConductFact(
        row.person_id, row.head, str(row.get_head_display()), row.occurred_on, row.established_on, row.source, row.state
    )  # fmt: skip


def commendations_of(person_ids: Collection[int]) -> dict[int, list[CommendationFact]]:
    """What is registered for these people, the latest first; every id has its list. One query."""
    found: dict[int, list[CommendationFact]] = {person_id: [] for person_id in person_ids}
    for row in registered_for(found):
        found[row.person_id].append(_commendation(row))
    return found


def _commendation(row: Commendation) -> CommendationFact:
    return CommendationFact(row.person_id, row.rank, row.title, row.issuer, row.year)


def own_qualifications_of(person: Person) -> dict[str, list[Any]]:
    """All that is kept about somebody's qualifications, for the export of their own data. Five queries."""
    packs = RenewalPack.objects.filter(person=person).select_related("period")
    exams = ExamPass.objects.filter(person=person).select_related("level")
    return {
        "qualifications": [_qualification(row) for row in records_of(person)],
        "exams": [ExamFact(row.level.code, row.subject, row.year) for row in exams],
        "conduct": [_conduct(row) for row in conduct_of(person)],
        "commendations": [_commendation(row) for row in Commendation.objects.filter(person=person)],
        "renewal_packs": [PackFact(row.serial, row.issued_on) for row in packs],
    }


@dataclass(frozen=True)
class DeskFact:
    """One line of a person's page at the desk: what it is, what is to be said of it, and its page."""

    title: str
    note: str
    url: str


def desk_qualifications_of(person: Person, user: Asker) -> list[DeskFact]:
    """The qualifications of a person that this officer may read, with their pages at the desk. One query."""
    return [
        DeskFact(
            row.level.name_here,
            f"{row.number} · {row.get_state_display()}",
            reverse("qualifications:inspect", args=[row.pk]),
        )
        for row in desk_records(user).filter(person=person)
    ]


def desk_commendations_of(person: Person, user: Asker) -> list[DeskFact]:
    """The commendations of a person that this officer may read, with their pages at the desk. One query."""
    rows = Commendation.objects.visible_to(user).registered().filter(person=person)
    return [
        DeskFact(row.title, f"{row.issuer} · {row.year}", reverse("commendations:inspect", args=[row.pk]))
        for row in rows
    ]


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
    """How much waits for this administrator: manual entries "requested" and "proposed" (for a second officer),
    registration periods "declared" and "qualifications". Only what there is any of. One query."""
    entries = to_decide(user).order_by().values_list("state").annotate(number=Count("pk"))
    periods = to_verify(user).order_by().values_list("state").annotate(number=Count("pk"))
    records = records_to_verify(user).order_by().annotate(what=Value("qualifications"))
    qualifications = records.values_list("what").annotate(number=Count("pk"))
    return {what: number for what, number in entries.union(periods, qualifications, all=True) if number}


def reconcile() -> list[str]:
    """Repair what a crash left undone; a line for each repair."""
    return hours.reconcile() + certificates.reconcile() + talent.reconcile()


__all__ = [
    "CertificateFact",
    "CommendationFact",
    "ConductFact",
    "DeskFact",
    "ExamFact",
    "HoursAtDesk",
    "HoursTotals",
    "ManualFact",
    "PackFact",
    "PeriodFact",
    "QualificationFact",
    "RegistrationFact",
    "StatementFact",
    "awarded_by",
    "certificates_of",
    "commendations_of",
    "conduct_since",
    "desk_certificates_of",
    "desk_commendations_of",
    "desk_qualifications_of",
    "hours_at_desk",
    "hours_of",
    "levels_of",
    "manual_entries_of",
    "own_qualifications_of",
    "periods_of",
    "qualifications_held",
    "reconcile",
    "registrations_on",
    "statements_of",
    "talent_data_of",
    "work_for",
]
