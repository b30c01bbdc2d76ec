"""How many people a list may enter: no more than are free, and none that is waited for or kept for others. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.admissions.policy import Quota, fits


@dataclass(frozen=True)
class PlaceFacts:
    """What a cohort's places are like: how many there are, taken and waited for; the quotas in force, and the seats
    taken by the tree path of the employer (asked for only where there are quotas)."""

    capacity: int
    seats_taken: int
    waiting: int
    quotas: Sequence[Quota] = ()
    taken: Mapping[str, int] | None = None


class Places:
    """The places of a cohort that nobody holds and nobody waits for, given out one by one: a list jumps no waiting list
    and takes no place that is kept for others."""

    def __init__(self, facts: PlaceFacts) -> None:
        self.facts = facts
        self.free = facts.capacity - facts.seats_taken - facts.waiting
        self.taken = dict(facts.taken or {})

    @property
    def are_kept(self) -> bool:
        """Whether there are free places yet, so that whoever is given none finds them kept for others."""
        return self.free > 0

    def give(self, path: str) -> bool:
        """Give a place to somebody employed at this path; False when there is none for them."""
        quotas = self.facts.quotas
        if self.free <= 0 or (quotas and not fits(self.facts.capacity, quotas, self.taken, path)):
            return False
        self.free -= 1
        self.taken[path] = self.taken.get(path, 0) + 1
        return True
