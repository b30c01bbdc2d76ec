"""Why somebody has no supervisor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from supervision.matching.policy.allpairs import BARRED, AllPairs
from supervision.matching.policy.market import NOBODY, Ints, Market, Matching


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
    return _said(market.mentees, matching, market.listed, reach)


def stranded_of_all(pairs: AllPairs, matching: Matching) -> list[Stranded]:
    """The same over all pairs; those apart are the forbidden ones."""
    allowed = (pairs.worth > BARRED // 2).astype(np.int64)
    number = np.bincount(pairs.supervisor_group, minlength=pairs.worth.shape[1])
    listed = (allowed @ number)[pairs.mentee_group]
    besides = pairs.by_groups(pairs.own_mentee, pairs.own_supervisor) <= BARRED // 2
    np.add.at(listed, pairs.own_mentee[besides], 1)
    reach = listed.copy()
    mentee, supervisor = pairs.apart // pairs.width, pairs.apart % pairs.width
    own = np.isin(pairs.apart, pairs.own_mentee * pairs.width + pairs.own_supervisor)
    gone = own | (pairs.by_groups(mentee, supervisor) > BARRED // 2)
    np.subtract.at(reach, mentee[gone], 1)
    return _said(pairs.mentees, matching, listed, reach)


def _said(mentees: Sequence[str], matching: Matching, before: Ints, reach: Ints) -> list[Stranded]:
    found = []
    for place in np.flatnonzero(matching.supervisor == NOBODY).tolist():
        listed, number = int(before[place]), int(reach[place])
        if number:
            reason = "full"
        else:
            reason, number = ("forbidden", listed) if listed else ("none", 0)
        found.append(Stranded(mentees[place], reason, number))
    return sorted(found, key=lambda one: one.mentee)
