"""What applying the participant list of an online meeting would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.attendance.models import AbsenceRequest, Attendance, Register
from lms.attendance.policy import (
    Match,
    Participant,
    Seat,
    Span,
    gather,
    match,
    union_minutes,
)
from lms.attendance.queries.registers import belonging
from lms.attendance.states import Method, Presence, RequestKind
from lms.timetable.models import ClassSession

MOST_OPTIONS = 20_000


@dataclass(frozen=True)
class Proposal:
    """What applying a list would do for one participant; `choices` are the people it can mean."""

    participant: Participant
    enrolment_id: int | None
    minutes: int
    kind: str  # matched | ambiguous | unmatched | unchanged | other
    choices: tuple[int, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A whole list as it would be applied, and the names of all whom it can mean."""

    proposals: tuple[Proposal, ...]
    names: dict[int, str]

    @property
    def doubtful(self) -> list[tuple[int, Proposal]]:
        """The participants whom the officer must name, with their place in the list."""
        return [
            (number, one)
            for number, one in enumerate(self.proposals)
            if one.kind in ("ambiguous", "unmatched")
        ]

    def options(self, one: Proposal) -> list[tuple[int, str, bool]]:
        """Whom a participant may be, the likely ones first; in a long list only those, or the page would be endless."""
        likely = set(one.choices)
        if len(self.names) * len(self.doubtful) > MOST_OPTIONS:
            return [(pk, self.names[pk], True) for pk in one.choices]
        named = [(pk, name, pk in likely) for pk, name in self.names.items()]
        return sorted(named, key=lambda option: not option[2])

    def of(self, kind: str) -> list[Proposal]:
        return [one for one in self.proposals if one.kind == kind]


def seats_of(klass: ClassSession) -> list[Seat]:
    """Those who belong to a class, as a list can name them. One query."""
    user = "person__user"
    rows = belonging(klass).values_list(
        "pk", "person__name", f"{user}__phone_hash", f"{user}__phone_verified"
    )
    return [Seat(pk, name, phone or "", is_proved) for pk, name, phone, is_proved in rows]


def preview_of(
    register: Register, rows: Sequence[Sequence[str]], chosen: dict[str, int] | None = None
) -> Preview:
    """What applying these rows would change. `chosen` are the officer's answers by participant. Two queries."""
    klass = register.class_session
    seats = seats_of(klass)
    known = {row.enrolment_id: row for row in Attendance.objects.filter(class_session=klass).order_by()}
    people = gather(
        (name, phone, datetime.fromisoformat(joined), datetime.fromisoformat(left))
        for name, phone, joined, left in rows
    )
    answers, ids = chosen or {}, {seat.enrolment_id for seat in seats}
    matches = match(people, seats)
    whose = [
        found.enrolment_ids[0] if found.is_sure else answers.get(found.participant.key) for found in matches
    ]
    spans: dict[int, list[Span]] = {}
    for found, pk in zip(matches, whose, strict=True):
        spans.setdefault(pk or 0, []).extend(found.participant.spans)
    proposals = []
    for found, pk in zip(matches, whose, strict=True):
        known_pk = pk if pk in ids else None  # with two devices under two names, the time of both counts once
        own = spans[known_pk] if known_pk else found.participant.spans
        minutes = union_minutes(own, klass.starts_at, klass.ends_at)
        kind = _kind(found, known_pk, known, minutes)
        proposals.append(Proposal(found.participant, known_pk, minutes, kind, found.enrolment_ids))
    return Preview(tuple(proposals), {seat.enrolment_id: seat.name for seat in seats})


def leave_asked(klass: ClassSession, found: Preview) -> list[str]:
    """The names of those whom a list says were there although they wait for an answer about leave. One query."""
    there = {one.enrolment_id for one in found.proposals if one.enrolment_id is not None and one.minutes}
    rows = AbsenceRequest.objects.open().filter(
        class_session=klass, kind=RequestKind.LEAVE, enrolment__in=there
    )
    return list(rows.order_by("asked_at", "pk").values_list("enrolment__person__name", flat=True))


def _kind(found: Match, pk: int | None, known: dict[int, Attendance], minutes: int) -> str:
    if pk is None:
        return "ambiguous" if found.enrolment_ids else "unmatched"
    row = known.get(pk)
    if row is not None and row.was_there and row.method != Method.ONLINE:
        return "other"
    if row is not None and row.presence == Presence.MADE_UP:
        return "other"
    if row is not None and row.method == Method.ONLINE and row.proven_minutes == minutes:
        return "unchanged"
    return "matched"
