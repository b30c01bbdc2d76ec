"""What applying the participant list of an online meeting would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lms.attendance.models import AbsenceRequest, Attendance, ParticipantList, Register
from lms.attendance.policy import (
    Match,
    Participant,
    Seat,
    Span,
    gather,
    least_minutes,
    match,
    union_minutes,
)
from lms.attendance.queries.registers import belonging
from lms.attendance.states import Method, Presence, RequestKind
from lms.timetable.models import ClassSession

MOST_OPTIONS = 20_000


@dataclass(frozen=True)
class Proposal:
    """What applying a list would do for one participant; `choices` are the people it can mean.

    `minutes` are those of all lists together, `alone` those of this one and `before` those of the lists that were applied
    already; `came_at` and `left_at` are the first and the last moment of them all.
    """

    participant: Participant
    enrolment_id: int | None
    minutes: int
    alone: int
    before: int
    came_at: datetime
    left_at: datetime
    kind: str  # matched | ambiguous | unmatched | unchanged | other
    choices: tuple[int, ...] = ()
    is_sure: bool = False


@dataclass(frozen=True)
class Preview:
    """A whole list as it would be applied, and the names of all whom it can mean.

    `others` are the files of the class that are applied already and counted with; `is_partial`: one of them can no longer
    be read.
    """

    proposals: tuple[Proposal, ...]
    names: dict[int, str]
    others: tuple[str, ...] = ()
    is_partial: bool = False

    @property
    def doubtful(self) -> list[tuple[int, Proposal]]:
        """The participants whom the officer must name, with their place in the list."""
        return [(number, one) for number, one in enumerate(self.proposals) if not one.is_sure]

    def options(self, one: Proposal) -> list[tuple[int, str, bool]]:
        """Whom a participant may be, the likely ones first; in a long list only those, or the page would be endless."""
        likely = dict.fromkeys(one.choices)
        if one.enrolment_id is not None:
            likely[one.enrolment_id] = None  # whom the officer has chosen already
        if len(self.names) * len(self.doubtful) > MOST_OPTIONS:
            return [(pk, self.names[pk], True) for pk in likely]
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


@dataclass
class _Others:
    """What the lists that are applied already say of each person; `is_partial`: of one of them only its minutes are left."""

    files: list[str] = field(default_factory=list)
    spans: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    is_partial: bool = False


def preview_of(
    register: Register, participants: ParticipantList, chosen: dict[str, int] | None = None
) -> Preview:
    """What applying a list would change, counted together with the other lists of the class that are applied already: a
    meeting that broke off comes in two of them.

    `chosen` are the officer's answers by participant (0: nobody); what they leave open stays as it was applied before.
    Three queries.
    """
    klass = register.class_session
    seats = seats_of(klass)
    known = {row.enrolment_id: row for row in Attendance.objects.filter(class_session=klass).order_by()}
    others = _others_of(participants, seats)
    answers, ids = {**participants.taken_for, **(chosen or {})}, {seat.enrolment_id for seat in seats}
    matches = match(_people(participants), seats)
    whose = [
        found.enrolment_ids[0] if found.is_sure else answers.get(found.participant.key) for found in matches
    ]
    spans: dict[int, list[Span]] = {}
    for found, pk in zip(matches, whose, strict=True):
        spans.setdefault(pk or 0, []).extend(found.participant.spans)
    proposals = []
    for found, pk in zip(matches, whose, strict=True):
        known_pk = pk if pk in ids else None  # with two devices under two names, the time of both counts once
        own = spans[known_pk] if known_pk else list(found.participant.spans)
        proposals.append(_proposal(found, known_pk, own, known.get(known_pk or 0), others, klass))
    names = {seat.enrolment_id: seat.name for seat in seats}
    return Preview(tuple(proposals), names, tuple(others.files), others.is_partial)


def _people(participants: ParticipantList) -> list[Participant]:
    return gather(
        (name, phone, datetime.fromisoformat(joined), datetime.fromisoformat(left))
        for name, phone, joined, left in participants.rows
    )


def _others_of(participants: ParticipantList, seats: Sequence[Seat]) -> _Others:
    """The other lists of the class as they were applied. Of one whose names were erased, or that is of the days before
    it was kept whom they were taken for, not everything is known. One query."""
    rows = ParticipantList.objects.filter(
        class_session=participants.class_session_id, applied_at__isnull=False
    )
    found = _Others()
    for other in rows.exclude(pk=participants.pk).order_by("applied_at", "pk"):
        found.files.append(other.filename)
        found.is_partial |= not other.taken_for
        for one in match(_people(other), seats):
            sure = one.enrolment_ids[0] if one.is_sure else 0
            pk = other.taken_for.get(one.participant.key, 0) if other.taken_for else sure
            found.spans[pk].extend(one.participant.spans)
    return found


def _proposal(
    found: Match,
    pk: int | None,
    own: list[Span],
    row: Attendance | None,
    others: _Others,
    klass: ClassSession,
) -> Proposal:
    """One participant with what is known already, as long as that rests on lists: what was written by hand since stands
    above them."""
    rests = row is not None and row.method == Method.ONLINE
    earlier = others.spans[pk] if rests and pk else []
    alone, before, minutes = (
        union_minutes(each, klass.starts_at, klass.ends_at) for each in (own, earlier, own + earlier)
    )
    every = own + earlier
    if (
        rests
        and others.is_partial
        and row
        and row.proven_minutes
        and row.checked_in_at
        and row.checked_out_at
    ):
        stay = (row.checked_in_at, row.checked_out_at)
        known = row.proven_minutes
        least = least_minutes(every, klass.starts_at, klass.ends_at, known=known, stay=stay)
        before, minutes, every = max(before, known), max(minutes, least), [*every, stay]
    return Proposal(
        participant=found.participant,
        enrolment_id=pk,
        minutes=minutes,
        alone=alone,
        before=before,
        came_at=min(begin for begin, _ in every),
        left_at=max(end for _, end in every),
        kind=_kind(found, pk, row, minutes),
        choices=found.enrolment_ids,
        is_sure=found.is_sure,
    )


def leave_asked(klass: ClassSession, found: Preview) -> list[str]:
    """The names of those whom a list says were there although they wait for an answer about leave. One query."""
    there = {one.enrolment_id for one in found.proposals if one.enrolment_id is not None and one.minutes}
    rows = AbsenceRequest.objects.open().filter(
        class_session=klass, kind=RequestKind.LEAVE, enrolment__in=there
    )
    return list(rows.order_by("asked_at", "pk").values_list("enrolment__person__name", flat=True))


def _kind(found: Match, pk: int | None, row: Attendance | None, minutes: int) -> str:
    if pk is None:
        return "ambiguous" if found.enrolment_ids else "unmatched"
    if row is not None and row.was_there and row.method != Method.ONLINE:
        return "other"
    if row is not None and row.presence == Presence.MADE_UP:
        return "other"
    if row is not None and row.method == Method.ONLINE and row.proven_minutes == minutes:
        return "unchanged"
    return "matched"
