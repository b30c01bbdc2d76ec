"""Why somebody got this supervisor and not the one they would rather have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from supervision.matching.policy.market import NOBODY, Ints, Market, Matching


@dataclass(frozen=True)
class Why:
    """A pair of a matching. `choice` is its place among the `of` supervisors in the mentee's reach, by what the mentee
    likes (0 and 0: pinned before the round). If it is not the first: `rather` is the first, with whom the pair would be worth
    `gain` points more (less than 0: fewer, the wish alone put them first). A place there costs the others at least `cost`
    points, `persons` left without anybody counted apart; both are 0 without prices."""

    mentee: str
    supervisor: str
    choice: int
    of: int
    rather: str = ""
    gain: int = 0
    cost: int = 0
    persons: int = 0


def why(market: Market, matching: Matching, prices: Ints | None = None, person_weight: int = 0) -> list[Why]:
    """Of everybody who has a supervisor why it is this one, by id. Prices are those that prove the matching optimal; without
    them (the stable engine) the places of the one that they would rather have are taken by those liked no less there."""
    found = _pinned(market)
    if market.pairs:
        order = np.lexsort((market.supervisor, -market.score, -market.mentee_likes, market.mentee))
        mentee = market.mentee[order]
        starts = np.searchsorted(mentee, mentee)
        of = np.bincount(mentee, minlength=len(market.mentees))
        likes = market.mentee_likes[order]
        picked = np.flatnonzero(matching.supervisor[mentee] == market.supervisor[order])
        for place in picked.tolist():
            start, one = int(starts[place]), int(mentee[place])
            choice = 1 + int(np.count_nonzero(likes[start:place] > likes[place]))
            pair, first = int(order[place]), int(order[start])
            more: dict[str, Any] = _rather(market, pair, first, prices, person_weight) if choice > 1 else {}
            by = int(market.supervisor[pair])
            found.append(Why(market.mentees[one], market.supervisors[by], choice, int(of[one]), **more))
    return sorted(found, key=lambda one: one.mentee)


def _pinned(market: Market) -> list[Why]:
    held = np.flatnonzero(market.pinned != NOBODY).tolist()
    return [Why(market.mentees[one], market.supervisors[int(market.pinned[one])], 0, 0) for one in held]


def _rather(market: Market, pair: int, first: int, prices: Ints | None, weight: int) -> dict[str, Any]:
    by, rather = int(market.supervisor[pair]), int(market.supervisor[first])
    cost = int(prices[rather] - prices[by]) if prices is not None else 0
    persons = int(2 * cost > weight > 0)
    return {
        "rather": market.supervisors[rather],
        "gain": int(market.score[first] - market.score[pair]),
        "cost": cost - persons * weight,
        "persons": persons,
    }
