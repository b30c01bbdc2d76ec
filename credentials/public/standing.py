"""Qualifications, registrations, conduct and commendations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from core.access.scope import Asker
from core.people.models import Person
from core.templatetags.times import day
from credentials.commendations.models import Commendation
from credentials.commendations.queries import registered_for
from credentials.conduct.models import ConductRecord
from credentials.conduct.queries import conduct_of, standing_since
from credentials.internships.models import Internship
from credentials.qualifications.models import ExamPass, QualificationRecord, RegistrationPeriod
from credentials.qualifications.queries import (
    desk_records,
    qualified_as_verified,
    records_of,
)
from credentials.renewals.models import RenewalPack


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
class OwnConductFact(ConductFact):
    """The same with all that its person may read of it: what was established, and why it was lifted if it was."""

    details: str
    recorded_at: datetime
    lifted_at: datetime | None
    reason: str


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


def _own_conduct(row: ConductRecord) -> OwnConductFact:
    return OwnConductFact(
        **vars(_conduct(row)),
        details=row.details,
        recorded_at=row.created_at,
        lifted_at=row.lifted_at,
        reason=row.reason,
    )


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
        "conduct": [_own_conduct(row) for row in conduct_of(person)],
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


def desk_internships_of(person: Person, user: Asker) -> list[DeskFact]:
    """The internships of a person that this officer may read, with their pages at the desk. One query."""
    rows = Internship.objects.read_by(user).filter(person=person).select_related("station")
    return [
        DeskFact(
            row.station.name,
            f"{day(row.starts_on)} – {day(row.ends_on)} · {row.get_state_display()}",
            reverse("internships:inspect", args=[row.pk]),
        )
        for row in rows
    ]
