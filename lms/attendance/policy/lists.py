"""Participant lists of online meetings: whom each row means, and how long they were in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


def union_minutes(spans: Iterable[Span], starts_at: datetime, ends_at: datetime) -> int:
    """The minutes covered by at least one span within the class: whoever is in with two devices counts once."""
    total, reached = timedelta(), starts_at
    for begin, end in sorted(spans):
        begin, end = max(begin, reached), min(end, ends_at)
        if end > begin:
            total += end - begin
            reached = end
    return int(total.total_seconds()) // 60


def least_minutes(
    spans: Iterable[Span], starts_at: datetime, ends_at: datetime, *, known: int, stay: Span
) -> int:
    """The minutes of these spans together with `known` ones of which only the first and last moment (`stay`) are left.

    Only what lies outside of that stay is surely not among the known minutes, so nothing counts twice.
    """
    around = union_minutes([*spans, stay], starts_at, ends_at)
    return known + around - union_minutes([stay], starts_at, ends_at)


@dataclass(frozen=True)
class Seat:
    """One person of the class whom a row of the list can mean."""

    enrolment_id: int
    name: str
    phone_hash: str = ""
    is_proved: bool = False  # the number is known to be theirs


@dataclass(frozen=True)
class Participant:
    """One person of the list: all rows with the same number or, without one, the same name."""

    key: str
    name: str
    phone_hash: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Match:
    """Whom a participant can be: nobody, or several; the only one is sure unless something speaks against it."""

    participant: Participant
    enrolment_ids: tuple[int, ...]
    is_sure: bool = False


def gather(rows: Iterable[tuple[str, str, datetime, datetime]]) -> list[Participant]:
    """The rows (name, phone hash, joined, left) of a list as people, in the order of the list."""
    found: dict[str, tuple[str, str, list[Span]]] = {}
    for name, phone_hash, joined, left in rows:
        key = phone_hash or f"name:{name}"
        found.setdefault(key, (name, phone_hash, []))[2].append((joined, left))
    return [Participant(key, name, phone, tuple(spans)) for key, (name, phone, spans) in found.items()]


def match(participants: Sequence[Participant], seats: Sequence[Seat]) -> list[Match]:
    """Find each participant among those who belong to the class: by number, else by exact name.

    A number that its owner has not proved, under another name, is no more than a hint: anybody may write a colleague's
    number into their profile. Two participants of one name, or two people of the cohort of one name, are never guessed at.
    """
    by_phone = {seat.phone_hash: seat for seat in seats if seat.phone_hash}
    by_name: dict[str, list[int]] = {}
    for seat in seats:
        by_name.setdefault(seat.name, []).append(seat.enrolment_id)
    known = {by_phone[one.phone_hash].enrolment_id for one in participants if one.phone_hash in by_phone}
    named = Counter(one.name for one in participants)
    found = []
    for one in participants:
        if one.phone_hash in by_phone:
            seat = by_phone[one.phone_hash]
            is_sure = seat.is_proved or seat.name == one.name
            found.append(Match(one, (seat.enrolment_id,), is_sure))
            continue
        ids = tuple(by_name.get(one.name, ()))
        # A name whose owner came with a known number is somebody else's, or theirs once more: the officer says which.
        found.append(Match(one, ids, len(ids) == 1 and ids[0] not in known and named[one.name] == 1))
    return found
