"""The verifier over all pairs: looks at every rule of a matching again and proves from prices how far it can be from the
best of all matchings. It knows no engine; it works out all rows by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supervision.matching.policy.allpairs import BARRED, AllPairs
from supervision.matching.policy.market import NOBODY, Ints, Matching
from supervision.matching.policy.proof import NotAllowed


@dataclass(frozen=True)
class Bound:
    """Of a matching over all pairs: its total, a bound that the total of no matching of as many people can pass, and the
    distance in points, where one mentee more counts `person_weight`. `is_most`: proved that no more can be paired."""

    matched: int
    total: int
    bound: int
    gap: int
    person_weight: int
    is_most: bool

    @property
    def is_proved(self) -> bool:
        return self.gap == 0


def prove_all(pairs: AllPairs, matching: Matching, prices: Ints) -> Bound:
    """The proof of a matching from any prices (of each supervisor, 0 or more). Raises NotAllowed for a matching that
    breaks a rule."""
    chosen, weight = matching.supervisor, pairs.person_weight
    free = pairs.pinned == NOBODY
    if (chosen[~free] != pairs.pinned[~free]).any():
        raise NotAllowed("a pinned pair is not kept")
    seated = np.flatnonzero(free & (chosen != NOBODY))
    scores = pairs.scores(seated, chosen[seated])
    if (scores <= BARRED // 2).any():
        raise NotAllowed("a pair is not allowed")
    if (np.bincount(chosen[seated], minlength=len(pairs.supervisors)) > pairs.places).any():
        raise NotAllowed("more mentees than places")
    prices = np.maximum(prices[: len(pairs.supervisors)], 0)
    total, matched = int(scores.sum()), len(seated)
    most = sum((np.minimum(pairs.places, len(free)) * prices).tolist()) + sum(
        _most_left(pairs, prices, weight)[free].tolist()
    )
    gap = most - total - weight * matched
    return Bound(
        matched=matching.matched,
        total=total + pairs.pinned_score,
        bound=most - weight * matched + pairs.pinned_score,
        gap=gap,
        person_weight=weight,
        is_most=gap < pairs.chain or not (free & (chosen == NOBODY)).any(),
    )


def _most_left(pairs: AllPairs, prices: Ints, weight: int) -> Ints:
    """Of each mentee: the most that any pair leaves above its price."""
    _group, _traits, kind, _starts = pairs.kinds()
    of_kind = np.zeros(int(kind.max(initial=-1)) + 1, dtype=np.int64)
    if len(pairs.supervisors):
        for first, rows in pairs.blocks():
            of_kind[first : first + len(rows)] = (rows + (weight - prices)).max(axis=1)
    found = np.maximum(of_kind, 0)[kind]
    for mentee in _with_rows_of_their_own(pairs).tolist():
        found[mentee] = max(0, _best_of(pairs, mentee, prices, weight))
    can = (pairs.places[pairs.own_supervisor] > 0) & ~np.isin(
        pairs.own_mentee * pairs.width + pairs.own_supervisor, pairs.apart
    )
    left = pairs.own_score + weight - prices[pairs.own_supervisor]
    np.maximum.at(found, pairs.own_mentee[can], left[can])
    return found


def _with_rows_of_their_own(pairs: AllPairs) -> Ints:
    """Whose best pair by the groups may be one that is worse for them, or not allowed."""
    plain = pairs.by_groups(pairs.own_mentee, pairs.own_supervisor)
    return np.unique(np.r_[pairs.own_mentee[plain > pairs.own_score], pairs.apart // pairs.width])


def _best_of(pairs: AllPairs, mentee: int, prices: Ints, weight: int) -> int:
    everybody = np.arange(len(pairs.supervisors))
    scores = pairs.scores(np.full(len(everybody), mentee), everybody)
    scores[pairs.places < 1] = BARRED
    return int((scores + weight - prices).max(initial=int(BARRED)))


def blocking_of_all(pairs: AllPairs, matching: Matching) -> int:
    """How many pairs of all that are allowed would both rather be together, by their scores (compare blocking_pairs)."""
    if not len(pairs.supervisors):
        return 0
    chosen, low, high = matching.supervisor, np.iinfo(np.int64).min, np.iinfo(np.int64).max
    free = pairs.pinned == NOBODY
    seated = np.flatnonzero(free & (chosen != NOBODY))
    here = np.where(free, low, high)
    here[seated] = pairs.scores(seated, chosen[seated])
    worst = np.full(len(pairs.supervisors), high)
    np.minimum.at(worst, chosen[seated], here[seated])
    load = np.bincount(chosen[seated], minlength=len(worst))
    worst[load < pairs.places] = BARRED // 2
    number = _number_above(pairs, here, worst)
    own = pairs.own_mentee * pairs.width + pairs.own_supervisor
    besides = np.union1d(own, pairs.apart)  # the groups were asked about these as well
    mentee, supervisor = besides // pairs.width, besides % pairs.width
    plain, real = pairs.by_groups(mentee, supervisor), pairs.scores(mentee, supervisor)
    for score, sign in ((plain, -1), (real, 1)):
        number += sign * int(
            ((score > here[mentee]) & (score > worst[supervisor]) & (score > BARRED // 2)).sum()
        )
    return number


def _number_above(pairs: AllPairs, here: Ints, worst: Ints) -> int:
    """How many pairs by groups alone are worth more to the mentee than `here` and to the supervisor than `worst`."""
    _group, _traits, kind, _starts = pairs.kinds()
    order = np.lexsort((here, kind))
    ends = np.searchsorted(kind[order], np.arange(int(kind.max(initial=-1)) + 2))
    number = 0
    for first, rows in pairs.blocks():
        for place, row in enumerate(rows):
            members = here[order[ends[first + place] : ends[first + place + 1]]]
            able = np.sort(row[row > np.maximum(worst, members[0])])
            number += len(able) * len(members) - int(np.searchsorted(able, members, side="right").sum())
    return number
