"""What may stand in a timetable: whether classes collide, where a class stands now, which days a series has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from lms.cohorts.policy import Sentence, gettext_noop, say

LONGEST = timedelta(hours=12)
FARTHEST_YEARS = 3
MOST_IN_SERIES = 30
URGENT_WITHIN = timedelta(hours=48)
SOON = timedelta(minutes=60)


@dataclass(frozen=True)
class Slot:
    """When, where and by whom one class is held; `id` is None as long as it is only planned. From start to end, the
    end not included: a class may begin at the moment when another one ends."""

    cohort_id: int
    starts_at: datetime
    ends_at: datetime
    is_on_site: bool = True
    place: str = ""
    room: str = ""
    instructor_id: int | None = None
    id: int | None = None


class Clash(StrEnum):
    """What can be in the way of a class: another one, or that its day is none of its cohort's."""

    COHORT = "cohort"
    TWO_PLACES = "two_places"
    INSTRUCTOR = "instructor"
    ROOM = "room"
    TRAINEES = "trainees"
    BEFORE_COHORT = "before_cohort"
    AFTER_COHORT = "after_cohort"


IMPOSSIBLE = frozenset({Clash.COHORT, Clash.TWO_PLACES})  # nobody can be in two rooms


def overlaps(one: Slot, other: Slot) -> bool:
    """Whether there is a moment at which both are held."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def same_text(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _same_place(one: Slot, other: Slot) -> bool:
    return same_text(one.place, other.place) and same_text(one.room, other.room)


def clashes(mine: Slot, other: Slot, shared: int = 0) -> tuple[Clash, ...]:
    """How `other` is in the way of `mine`; `shared` is how many trainees are enrolled for both.

    Within one cohort only that is said: everything else follows from it. A room without a number is no room.
    """
    if (mine.id is not None and mine.id == other.id) or not overlaps(mine, other):
        return ()
    if mine.cohort_id == other.cohort_id:
        return (Clash.COHORT,)
    both_on_site = mine.is_on_site and other.is_on_site
    found = []
    if mine.instructor_id is not None and mine.instructor_id == other.instructor_id:
        apart = both_on_site and not _same_place(mine, other)
        found.append(Clash.TWO_PLACES if apart else Clash.INSTRUCTOR)
    if both_on_site and mine.room.strip() and _same_place(mine, other):
        found.append(Clash.ROOM)
    if shared:
        found.append(Clash.TRAINEES)
    return tuple(found)


def out_of_run(day: date, first: date | None, last: date | None) -> Clash | None:
    """On which side of its cohort's days a class of that day is held; None within them, and where they are not known."""
    if first is not None and day < first:
        return Clash.BEFORE_COHORT
    return Clash.AFTER_COHORT if last is not None and day > last else None


def fingerprint(found: Iterable[tuple[Clash, datetime, int]]) -> str:
    """A short name for exactly these warnings (kind, beginning of the class, the other class or 0), in any order.

    Whoever ticks "save anyway" ticks this: a warning that came up in between is shown before anything is saved.
    """
    lines = sorted(f"{kind} {starts_at.timestamp():.0f} {other}" for kind, starts_at, other in found)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Draft:
    """A class as it is to be; times are aware."""

    title: str
    starts_at: datetime
    ends_at: datetime
    mode: str
    title_en: str = ""
    place: str = ""
    room: str = ""
    link: str = ""
    instructor_id: int | None = None
    is_required: bool = True

    @property
    def is_on_site(self) -> bool:
        return self.mode != "online"

    def slot(self, cohort_id: int, id: int | None = None) -> Slot:
        """When, where and by whom a class of this cohort would be held; `id` where it stands in a timetable already."""
        return Slot(
            cohort_id=cohort_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            is_on_site=self.is_on_site,
            place=self.place,
            room=self.room,
            instructor_id=self.instructor_id,
            id=id,
        )


@dataclass(frozen=True)
class Problem:
    """Why a draft cannot be kept, at the field that has to be changed."""

    field: str
    sentence: Sentence


def problems_of(draft: Draft, *, today: date) -> list[Problem]:
    """What is missing or wrong in a draft, whatever else is planned."""
    found = []
    if not draft.title.strip():
        found.append(Problem("title", say(gettext_noop("Write what the class is about."))))
    if draft.ends_at <= draft.starts_at:
        found.append(Problem("end", say(gettext_noop("A class must end after it begins."))))
    elif draft.ends_at - draft.starts_at > LONGEST:
        found.append(Problem("end", say(gettext_noop("A class lasts twelve hours at most."))))
    if abs(draft.starts_at.year - today.year) > FARTHEST_YEARS:
        found.append(Problem("day", say(gettext_noop("This day is years away. Is it mistyped?"))))
    if draft.is_on_site and not draft.place.strip():
        found.append(Problem("place", say(gettext_noop("Write where the class is held."))))
    if draft.mode != "on_site" and not draft.link.strip():
        found.append(Problem("link", say(gettext_noop("An online class needs its meeting link."))))
    if draft.link and not draft.link.startswith("https://"):
        found.append(Problem("link", say(gettext_noop("The link must begin with https://."))))
    return found


def weekly(first: date, times: int, skipped: Iterable[date] = ()) -> tuple[date, ...]:
    """So many days, a week apart from `first` on. A skipped day is made up for at the end."""
    found: list[date] = []
    left_out, day = frozenset(skipped), first
    while len(found) < min(times, MOST_IN_SERIES):
        if day not in left_out:
            found.append(day)
        day += timedelta(days=7)
    return tuple(found)


def series(model: Draft, times: int, skipped: Iterable[date] = ()) -> list[Draft]:
    """The same class so many times more, every week from the one after it on, at the same time of the day, which is local
    in `model`. A skipped day is made up for at the end."""
    first, found = model.starts_at.date(), []
    for day in weekly(first + timedelta(days=7), times, skipped):
        later = day - first
        found.append(replace(model, starts_at=model.starts_at + later, ends_at=model.ends_at + later))
    return found


def overlap_among(slots: Sequence[Slot]) -> bool:
    """Whether any two of these are held at the same time."""
    ordered = sorted(slots, key=lambda slot: slot.starts_at)
    return any(overlaps(one, other) for one, other in pairwise(ordered))


def cancelling_refusal(
    starts_at: datetime, ends_at: datetime, *, somebody_came: bool, now: datetime
) -> Sentence | None:
    """Why a class can no longer be cancelled, or said not to have been held; None when it can. What somebody is in counts:
    it is held to its end, which can be moved."""
    if now < starts_at or not somebody_came:
        return None
    if now >= ends_at:
        return say(
            gettext_noop("This class is over, and somebody was in it, so it can no longer be cancelled.")
        )
    return say(
        gettext_noop(
            "This class has begun, and somebody is in it, so it can no longer be cancelled. If it ends early, change "
            "its end."
        )
    )


class Phase(StrEnum):
    CANCELLED = "cancelled"
    OVER = "over"
    RUNNING = "running"
    SOON = "soon"
    TODAY = "today"
    LATER = "later"


def phase_of(starts_at: datetime, ends_at: datetime, *, is_cancelled: bool, now: datetime) -> Phase:
    """Where a class stands at `now`; all three are local times, whose dates people say."""
    if is_cancelled:
        return Phase.CANCELLED
    if now >= ends_at:
        return Phase.OVER
    if now >= starts_at:
        return Phase.RUNNING
    if starts_at - now <= SOON:
        return Phase.SOON
    return Phase.TODAY if starts_at.date() == now.date() else Phase.LATER


def minutes_until(moment: datetime, now: datetime) -> int:
    """Whole minutes, rounded up: nobody is told "in 0 minutes"."""
    return max(1, -int((now - moment).total_seconds() // 60))


def is_urgent(moments: Iterable[datetime], *, now: datetime) -> bool:
    """Whether people must be told at once: one of these moments, the old or the new one, is to come within two days."""
    return any(now <= moment <= now + URGENT_WITHIN for moment in moments)
