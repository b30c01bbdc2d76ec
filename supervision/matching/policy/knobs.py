"""What a round weighs beside the scores: the mentees' wishes, an even load, and pairs of an earlier round that are kept.
Each is exact: the scores are changed, or the places cost something, and the verifier proves the optimum of that."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from supervision.matching.policy.market import (
    NOBODY,
    RANKED,
    WIDEST,
    Ints,
    Market,
    MarketFault,
    Matching,
    is_too_wide,
)
from supervision.matching.policy.optimal import match_optimal
from supervision.matching.policy.proof import Burden, Proof, prove

LAST_RANK = 1000  # whoever comes later is wished for no less
KNOBS = ("wishes", "even", "keep")
STEPS = {  # of the widest difference of two scores, in thousandths: where to look first
    "wishes": (0, 1, 2, 5, 10, 20, 50, 100),
    "even": (0, 10, 20, 50, 100, 200, 500, 1000),
    "keep": (0, 10, 20, 50, 100, 200, 500, 1000),
}


@dataclass(frozen=True)
class Knobs:
    """In points, each 0 when it is not turned. `wishes`: a pair costs that × (rank² - 1), by the mentee's rank. `even`: the
    last place of a supervisor costs almost that more than the first (see Burden). `keep`: a pair that is among `kept` is
    worth that more; ids of people who are not in the market are left alone.

    `given_only`: ranks that nobody gave are no wishes. Whoever ranked nobody costs nothing, whoever they get; whoever
    ranked some, for all others the rank after their last."""

    wishes: int = 0
    even: int = 0
    keep: int = 0
    kept: frozenset[tuple[str, str]] = frozenset()
    given_only: bool = False

    @property
    def is_turned(self) -> bool:
        return bool(self.wishes or self.even or self.keep)


@dataclass(frozen=True)
class Point:
    """What a round comes to with a knob at this value: how many are matched, the total of the unchanged scores, how many
    of those whom the round placed have their first choice and one of their first three, the largest and the least load
    among supervisors with places (pinned ones counted), how many earlier pairs are kept, the distance from the optimum
    (0: proved), and the seconds of solving."""

    value: int
    matched: int
    total: int
    placed: int
    first: int
    top_three: int
    most_load: int
    least_load: int
    kept: int
    gap: int
    seconds: float

    @property
    def first_share(self) -> float:
        return self.first / self.placed if self.placed else 0.0

    @property
    def top_three_share(self) -> float:
        return self.top_three / self.placed if self.placed else 0.0


def ranks_of(market: Market) -> Ints:
    """Of each pair the mentee's rank: what they gave, otherwise its place by what they like (the score, where they ranked
    nobody). Equals share a rank."""
    order = np.lexsort((-market.mentee_likes, market.mentee))
    mentee, likes = market.mentee[order], market.mentee_likes[order]
    same = np.r_[False, (mentee[1:] == mentee[:-1]) & (likes[1:] == likes[:-1])] if len(order) else order > 0
    place = np.arange(len(order)) - np.searchsorted(mentee, mentee) + 1
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
    found[order] = place[found[order]]
    return np.where(market.mentee_likes > RANKED // 2, RANKED - market.mentee_likes, found)


def given_ranks_of(market: Market) -> Ints:
    """Of each pair the rank that the mentee gave; the one after their last for those they did not rank, and the first for
    everybody where they ranked nobody."""
    ranks = np.where(market.mentee_likes > RANKED // 2, RANKED - market.mentee_likes, 0)
    last = np.zeros(len(market.mentees), dtype=np.int64)
    np.maximum.at(last, market.mentee, ranks)
    return np.where(ranks > 0, ranks, last[market.mentee] + 1)


def turned(market: Market, knobs: Knobs) -> Market:
    """The market with scores as these knobs change them. Raises MarketFault when they lie too far apart then."""
    score = market.score
    if max(knobs.wishes * LAST_RANK**2, knobs.even, knobs.keep) > WIDEST:
        raise MarketFault("too_wide", "pairs", 0)
    if knobs.wishes:
        ranks = given_ranks_of(market) if knobs.given_only else ranks_of(market)
        score = score - knobs.wishes * (np.minimum(ranks, LAST_RANK) ** 2 - 1)
    if knobs.keep:
        score = score + knobs.keep * _is_among(market, knobs.kept)
    changed = replace(market, score=score)
    if is_too_wide(changed.person_weight + 2 * knobs.even, len(market.mentees), len(market.supervisors)):
        raise MarketFault("too_wide", "pairs", 0)
    return changed


def match_turned(
    market: Market, knobs: Knobs, now: Mapping[str, str] | None = None
) -> tuple[Matching, Proof]:
    """The best matching with these knobs, and the proof of it on the changed scores. With `now`, who has whom: of
    matchings that are equally good one which moves fewest."""
    changed, burden = turned(market, knobs), Burden(knobs.even)
    if now:
        asked, unit = favoured(changed, now, spare=2 * knobs.even)
        matching = match_optimal(asked, burden=Burden(knobs.even, unit))
    else:
        matching = match_optimal(changed, burden=burden)
    return matching, prove(changed, matching, burden=burden)


def favoured(market: Market, now: Mapping[str, str], *, spare: int = 0) -> tuple[Market, int]:
    """The market in parts of a point, in which those who are together now count one part more, all of them together less
    than a point; and how many parts a point has. The verifier is never given it. Where so many parts cannot be added up,
    the market as it is."""
    unit = len(market.mentees) + 1
    wide = market.person_weight + spare
    if is_too_wide(2 * wide * unit, len(market.mentees), len(market.supervisors)):
        return market, 1
    is_now = _is_among(market, now.items())
    likes = np.where(
        market.mentee_likes > RANKED // 2, market.mentee_likes, market.mentee_likes * unit + is_now
    )
    liked = np.where(
        market.supervisor_likes > RANKED // 2,
        market.supervisor_likes,
        market.supervisor_likes * unit + is_now,
    )
    score = market.score * unit + is_now
    return replace(market, score=score, mentee_likes=likes, supervisor_likes=liked), unit


def curve(market: Market, knob: str, values: Iterable[int], knobs: Knobs | None = None) -> list[Point]:
    """What each value of a knob ("wishes", "even", "keep") comes to, the others as they are in `knobs`."""
    return [point for point, _matching in walk(market, knob, values, knobs or Knobs())]


def walk(market: Market, knob: str, values: Iterable[int], knobs: Knobs) -> Iterator[tuple[Point, Matching]]:
    """The points of a curve one after another, each with its matching."""
    ranks = ranks_of(market)
    for value in values:
        at = _at(knobs, knob, value)
        began = time.perf_counter()
        matching, proof = match_turned(market, at)
        seconds = time.perf_counter() - began
        yield point_of(market, matching, proof, at, value, seconds, ranks), matching


def _at(knobs: Knobs, knob: str, value: int) -> Knobs:
    if knob == "wishes":
        return replace(knobs, wishes=value)
    return replace(knobs, even=value) if knob == "even" else replace(knobs, keep=value)


def point_of(
    market: Market, matching: Matching, proof: Proof, knobs: Knobs, value: int, seconds: float, ranks: Ints
) -> Point:
    """One point of a curve."""
    chosen = matching.supervisor
    free = np.where(market.pinned == NOBODY, chosen, NOBODY)
    picked = free[market.mentee] == market.supervisor
    load = np.bincount(chosen[chosen != NOBODY], minlength=len(market.supervisors))
    held = np.bincount(market.pinned[market.pinned != NOBODY], minlength=len(market.supervisors))
    load = load[market.places + held > 0]
    return Point(
        value=value,
        matched=matching.matched,
        total=int(market.score[picked].sum()) + market.pinned_score,
        placed=int(picked.sum()),
        first=int((ranks[picked] <= 1).sum()),
        top_three=int((ranks[picked] <= 3).sum()),
        most_load=int(load.max(initial=0)),
        least_load=int(load.min()) if len(load) else 0,
        kept=kept_in(market, matching, knobs),
        gap=proof.gap,
        seconds=round(seconds, 3),
    )


def kept_in(market: Market, matching: Matching, knobs: Knobs) -> int:
    """How many pairs of the earlier round are in this matching."""
    return sum(
        1
        for mentee, by in enumerate(matching.supervisor.tolist())
        if by != NOBODY and (market.mentees[mentee], market.supervisors[by]) in knobs.kept
    )


def steps_for(market: Market, knob: str) -> Sequence[int]:
    """Values that are worth a look, by how far the scores lie apart."""
    wide = int(market.score.max()) - int(market.score.min()) if market.pairs else 0
    return sorted({wide * thousandths // 1000 for thousandths in STEPS[knob]} | {0, 1, 2, 5})


def _is_among(market: Market, named: Iterable[tuple[str, str]]) -> Ints:
    """Of each pair whether it is among these; who is not in the market is left alone."""
    mentees = {one: place for place, one in enumerate(market.mentees)}
    supervisors = {one: place for place, one in enumerate(market.supervisors)}
    width = max(len(supervisors), 1)
    keys = [
        mentees[one] * width + supervisors[by] for one, by in named if one in mentees and by in supervisors
    ]
    return np.isin(market.mentee.astype(np.int64) * width + market.supervisor, np.array(keys, dtype=np.int64))
