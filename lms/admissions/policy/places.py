"""For whom places are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.cohorts.policy import Sentence, gettext_noop, say


@dataclass(frozen=True)
class Quota:
    """So many places for people employed at a tree path or below it."""

    path: str
    places: int


def kept_from(capacity: int, quotas: Sequence[Quota], taken: Mapping[str, int], employer: str) -> int:
    """How many free places are kept from people employed at this path ("" = nowhere): what is left for the others when
    all that is kept for these is used."""
    return kept_free(quotas, {**taken, employer: taken.get(employer, 0) + capacity})


PAST = gettext_noop("This moment is past. Choose a later one, or leave the field empty.")
KEEPS_NOTHING = gettext_noop("Applications have closed, so an end of its own is needed: until when?")


def past_end(until: datetime | None, closes_at: datetime | None, *, now: datetime) -> Sentence | None:
    """What is wrong with the end of a quota that is to be kept from now on: with an end that is past it keeps nothing.
    Without one of its own it ends when applications close. None when it is right."""
    end = until or closes_at
    if end is None or end > now:
        return None
    return say(PAST if until else KEEPS_NOTHING)


def kept_free(quotas: Sequence[Quota], taken: Mapping[str, int]) -> int:
    """How many places are still kept for the organisations of these quotas.

    `taken` counts the seats by the tree path of the employer. A person counts for the nearest quota above their
    employer; whom that has no more places for, for the next one above.
    """
    by_depth = sorted(quotas, key=lambda quota: len(quota.path), reverse=True)
    left = dict(taken)
    free = 0
    for quota in by_depth:
        inside = [path for path in left if path.startswith(quota.path)]
        people = sum(left[path] for path in inside)
        for path in inside:
            del left[path]
        free += max(0, quota.places - people)
        left[quota.path] = left.get(quota.path, 0) + max(0, people - quota.places)
    return free


def fits(capacity: int, quotas: Sequence[Quota], taken: Mapping[str, int], employer: str) -> bool:
    """Whether somebody employed at this path ("" = nowhere) can have a seat, with the seats taken by path.

    Who uses a place that is kept needs any free one; all others need one that is kept for nobody.
    """
    seats = sum(taken.values())
    if seats >= capacity:
        return False
    before = kept_free(quotas, taken)
    after = kept_free(quotas, {**taken, employer: taken.get(employer, 0) + 1})
    return after < before or seats + 1 + before <= capacity
