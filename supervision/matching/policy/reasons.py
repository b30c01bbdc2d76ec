"""Why somebody has no supervisor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supervision.matching.policy.market import NOBODY, Market, Matching


@dataclass(frozen=True)
class Stranded:
    """A mentee without a supervisor, and why: `none` (no pair is allowed), `forbidden` (all `number` pairs are
    forbidden), `full` (all `number` supervisors in reach are full)."""

    mentee: str
    reason: str
    number: int


def stranded(market: Market, matching: Matching) -> list[Stranded]:
    """Everybody without a supervisor, by id, each with the reason."""
    reach = np.bincount(market.mentee, minlength=len(market.mentees))
    found = []
    for place in np.flatnonzero(matching.supervisor == NOBODY).tolist():
        listed, number = int(market.listed[place]), int(reach[place])
        if number:
            reason = "full"
        else:
            reason, number = ("forbidden", listed) if listed else ("none", 0)
        found.append(Stranded(market.mentees[place], reason, number))
    return sorted(found, key=lambda one: one.mentee)
