"""The pairings of a person, and who supervises whom."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.people.models import Person
from supervision.pairings.models import Pairing
from supervision.pairings.states import PairingState
from supervision.sessions.queries import with_sessions
from supervision.slots.queries import with_next
from supervision.supervisors.models import Supervisor


@dataclass(frozen=True)
class PairingFact:
    """One pairing from the side of the person it was asked for."""

    pairing_id: int
    is_supervisor: bool
    other_name: str
    supervisor_code: str
    state: str
    state_label: str
    starts_on: datetime.date
    minutes: int
    last_on: datetime.date | None
    waiting: int
    url: str
    disputed: int = 0  # sessions to which the mentee objected
    next_at: datetime.datetime | None = None  # when the two meet next, as they have planned it
    is_overdue: bool = False  # a planned session has passed that the supervisor has not recorded
    log_url: str = ""  # where the supervisor records; empty for the mentee and while nothing may be recorded


def pairings_of(person: Person) -> list[PairingFact]:
    """The open pairings of a person, first those as mentee, then those as supervisor. One query, of few columns."""
    mine = Pairing.objects.open().filter(Q(mentee=person) | Q(supervisor_id=person.pk))
    people = (
        with_next(with_sessions(mine)).select_related(None).select_related("supervisor__person", "mentee")
    )
    rows = people.only("state", "starts_on", "mentee__name", "supervisor__code", "supervisor__person__name")
    facts = [_pairing_fact(row, person) for row in rows]
    return sorted(facts, key=lambda fact: fact.is_supervisor)


def _pairing_fact(row: Pairing, person: Person) -> PairingFact:
    is_supervisor = row.supervisor_id == person.pk
    last_at: datetime.datetime | None = row.last_at  # type: ignore[attr-defined]
    return PairingFact(
        pairing_id=row.pk,
        is_supervisor=is_supervisor,
        other_name=row.mentee.name if is_supervisor else row.supervisor.person.name,
        supervisor_code=row.supervisor.code,
        state=row.state,
        state_label=row.get_state_display(),
        starts_on=row.starts_on,
        minutes=row.minutes,  # type: ignore[attr-defined]
        last_on=timezone.localtime(last_at).date() if last_at else None,
        waiting=row.waiting,  # type: ignore[attr-defined]
        url=row.get_absolute_url(),
        disputed=row.disputed,  # type: ignore[attr-defined]
        next_at=row.next_at,  # type: ignore[attr-defined]
        is_overdue=row.is_overdue,  # type: ignore[attr-defined]
        log_url=reverse("supervision:session-log", args=[row.pk]) if is_supervisor and row.is_active else "",
    )


def supervisor_accounts_of(person_ids: Collection[int]) -> dict[int, list[int]]:
    """The accounts of those who supervise these people at present: {person id: [user id]}. One query."""
    rows = Pairing.objects.filter(
        mentee__in=list(person_ids), state=PairingState.ACTIVE, supervisor__person__user__is_active=True
    )
    found: dict[int, list[int]] = {}
    for mentee, user in rows.order_by("starts_on", "pk").values_list("mentee", "supervisor__person__user"):
        found.setdefault(mentee, []).append(user)
    return found


@dataclass(frozen=True)
class Part:
    """Whether somebody supervises or is supervised at present."""

    supervises: bool = False
    supervised: bool = False


def parts_of(person_ids: Collection[int]) -> dict[int, Part]:
    """Who of these people is active as a supervisor, and who has an open pairing as mentee; whoever is
    neither has no entry. Two queries."""
    ids = list(person_ids)
    supervisors = set(Supervisor.objects.active().filter(pk__in=ids).values_list("pk", flat=True))
    mentees = set(Pairing.objects.open().filter(mentee__in=ids).order_by().values_list("mentee", flat=True))
    return {pk: Part(pk in supervisors, pk in mentees) for pk in supervisors | mentees}


def people_paired_with(supervisor_id: int) -> list[int]:
    """The supervisor and everybody who is or was their mentee. One query."""
    rows = Pairing.objects.filter(supervisor=supervisor_id).order_by()
    return [supervisor_id, *rows.values_list("mentee", flat=True).distinct()]
