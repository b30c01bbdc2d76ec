"""All pairs that are allowed between two crowds, without a row for any of them: scores stand in a table of groups (region
× field on both sides), and what is personal is small or rare. 13,400 × 200,000 people have 2.7 billion pairs; a table of
3,000 × 3,000 groups says them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from supervision.matching.policy.market import (
    NOBODY,
    Ints,
    Market,
    MarketFault,
    canonical,
    inverse,
    is_too_wide,
    market_of,
)

BARRED = np.int64(-1) << 61  # in the table of groups: not allowed; below every score, and safe to add to
CELLS = 1 << 20  # looked at in one go: some tens of MB

NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class AllPairs:
    """People by their index, in the order of a hash of their ids. The score of a pair is

        worth[group of the mentee, group of the supervisor] + points of the supervisor + points for what they share,

    unless it is among the `own` pairs, which have a score of their own (a wish, a supervisor kept) and are allowed even
    where the groups are not; or among those `apart`, which are never allowed. `places` are without those that pinned
    pairs take; a pair of somebody pinned, or of a supervisor without a place, is not to be decided any more.
    """

    supervisors: Sequence[str]
    mentees: Sequence[str]
    places: Ints
    mentee_group: Ints
    supervisor_group: Ints
    worth: Ints  # BARRED where not allowed
    mentee_traits: Ints  # a bit for each: a language, a form, what else both may have
    supervisor_traits: Ints
    shared: Ints  # the points for each set of traits that the two share
    supervisor_points: Ints
    own_mentee: Ints  # in the order of mentee and supervisor
    own_supervisor: Ints
    own_score: Ints
    apart: Ints  # keys of pairs, in order
    pinned: Ints  # of each mentee: the supervisor, or NOBODY
    pinned_score: int

    @property
    def width(self) -> int:
        return max(len(self.supervisors), 1)

    @property
    def all_places(self) -> dict[str, int]:
        """Of each supervisor, those of pinned pairs included."""
        held = np.bincount(self.pinned[self.pinned != NOBODY], minlength=len(self.supervisors))
        return dict(zip(self.supervisors, (self.places + held).tolist(), strict=True))

    @property
    def chain(self) -> int:
        """More than any change of scores can be when one mentee more is paired (compare Market.person_weight)."""
        low, high = self.scores_between
        return (min(len(self.supervisors), len(self.mentees)) + 1) * (high - low + 1) + max(
            abs(low), abs(high)
        )

    @property
    def person_weight(self) -> int:
        """What it is worth, in points, that one mentee more is paired. Twice the chain, so that a gap of less than one
        chain proves that no more can be paired."""
        return 2 * self.chain

    @cached_property
    def scores_between(self) -> tuple[int, int]:
        """No score is lower than the one or higher than the other."""
        allowed = self.worth[self.worth > BARRED // 2]
        ends = (
            [int(end) for end in (self.own_score.min(), self.own_score.max())] if len(self.own_score) else []
        )
        if len(allowed) and len(self.supervisors):
            beside = (self.shared, self.supervisor_points)
            ends.append(int(allowed.min()) + sum(int(each.min()) for each in beside))
            ends.append(int(allowed.max()) + sum(int(each.max()) for each in beside))
        return (min(ends), max(ends)) if ends else (0, 0)

    def rows(self, group: int, traits: Ints) -> Ints:
        """The scores of mentees of this group, one row for each set of traits, with all supervisors; own pairs and those
        apart are not looked at. BARRED // 2 and less is not allowed."""
        row = self.worth[group][self.supervisor_group] + self.supervisor_points
        row[self.places < 1] = BARRED
        if len(self.shared) == 1:
            return np.broadcast_to(row, (len(traits), len(row)))
        return np.asarray(row + self.shared[traits[:, None] & self.supervisor_traits[None, :]])

    def scores(self, mentee: Ints, supervisor: Ints) -> Ints:
        """The scores of these pairs; BARRED where a pair is not allowed. Places are not looked at."""
        found = self.by_groups(mentee, supervisor)
        found = np.where(found > BARRED // 2, found, BARRED)
        key = mentee.astype(np.int64) * self.width + supervisor
        if len(self.own_score):
            keys = self.own_mentee * self.width + self.own_supervisor
            at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
            found = np.where(keys[at] == key, self.own_score[at], found)
        return np.where(np.isin(key, self.apart), BARRED, found) if len(self.apart) else found

    def by_groups(self, mentee: Ints, supervisor: Ints) -> Ints:
        """What the groups say of these pairs, own ones and those apart too; BARRED // 2 and less: not allowed."""
        worth = self.worth[self.mentee_group[mentee], self.supervisor_group[supervisor]]
        traits = self.mentee_traits[mentee] & self.supervisor_traits[supervisor]
        return np.asarray(worth + self.supervisor_points[supervisor] + self.shared[traits])

    def kinds(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Mentees whose rows are the same are of one kind: the group and the traits of each kind, the kind of each
        mentee, and where the kinds of each group begin. Kinds stand in the order of groups."""
        sets = len(self.shared)
        key, kind = np.unique(self.mentee_group * sets + self.mentee_traits, return_inverse=True)
        group = key // sets
        starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else NONE
        return group, key % sets, kind.reshape(-1), starts

    def blocks(self) -> Iterator[tuple[int, Ints]]:
        """The rows of all kinds, some at a time: the number of the first, and the rows."""
        group, traits, _kind, starts = self.kinds()
        most = max(1, CELLS // self.width)
        stops = [*starts[1:].tolist(), len(group)][: len(starts)]  # nobody: no group begins, and none ends
        for start, stop in zip(starts.tolist(), stops, strict=True):
            for first in range(start, stop, most):
                yield first, self.rows(int(group[start]), traits[first : min(stop, first + most)])

    def market(self) -> Market:
        """The same as a market with a row for every pair: for few people, and for the stable engine."""
        shape = (len(self.mentees), len(self.supervisors))
        mentee, supervisor = (each.ravel() for each in np.indices(shape))
        score = self.scores(mentee, supervisor)
        allowed = score > BARRED // 2
        held = np.flatnonzero(self.pinned != NOBODY)
        return market_of(
            supervisors=list(self.all_places.items()),
            mentees=self.mentees,
            pairs=(mentee[allowed], supervisor[allowed], score[allowed], None, None),  # type: ignore[arg-type]
            pinned=zip(held.tolist(), self.pinned[held].tolist(), strict=True),
        )


def all_pairs_of(
    *,
    supervisors: Sequence[tuple[str, int]],
    mentees: Sequence[str],
    supervisor_group: Sequence[int],
    mentee_group: Sequence[int],
    worth: Any,
    supervisor_traits: Sequence[int] | None = None,
    mentee_traits: Sequence[int] | None = None,
    trait_points: Sequence[int] = (),
    supervisor_points: Sequence[int] | None = None,
    own: tuple[Sequence[int], Sequence[int], Sequence[int]] = ((), (), ()),
    apart: Iterable[tuple[int, int]] = (),
    pinned: Iterable[tuple[int, int]] = (),
) -> AllPairs:
    """All pairs between these people. `supervisors` are (id, places); everything else names people by their place in
    these sequences. `worth` is a table, mentee groups × supervisor groups, of whole points, BARRED where a pair is not
    allowed; `trait_points` are the points for each trait that both have (the first is bit 1, the second bit 2, …, at
    most 12). `own` are pairs with a score of their own, as columns; `apart` are never allowed.

    Raises MarketFault as market_of does, with the table "own" for a pair that is there twice, and the row 0 for scores
    that lie too far apart.
    """
    names, people = canonical([one for one, _places in supervisors]), canonical(mentees)
    to_supervisor, to_mentee = inverse(names[1]), inverse(people[1])
    width, sets = max(len(supervisors), 1), 1 << len(trait_points)
    own_mentee, own_supervisor, own_score = _own(own, to_mentee, to_supervisor, width)
    banned = {int(to_mentee[one]) * width + int(to_supervisor[other]) for one, other in apart}
    found = AllPairs(
        supervisors=names[0],
        mentees=people[0],
        places=_of(names[1], [count for _one, count in supervisors]),
        mentee_group=_of(people[1], mentee_group),
        supervisor_group=_of(names[1], supervisor_group),
        worth=np.asarray(worth, dtype=np.int64),
        mentee_traits=_of(people[1], mentee_traits) & (sets - 1),
        supervisor_traits=_of(names[1], supervisor_traits) & (sets - 1),
        shared=_points_of_sets(trait_points),
        supervisor_points=_of(names[1], supervisor_points),
        own_mentee=own_mentee,
        own_supervisor=own_supervisor,
        own_score=own_score,
        apart=np.array(sorted(banned), dtype=np.int64),
        pinned=np.full(len(mentees), NOBODY, dtype=np.int64),
        pinned_score=0,
    )
    if is_too_wide(found.person_weight, len(mentees), len(supervisors)):
        raise MarketFault("too_wide", "pairs", 0)
    return _pinned(found, [(int(to_mentee[one]), int(to_supervisor[other])) for one, other in pinned])


def _pinned(pairs: AllPairs, settled: Sequence[tuple[int, int]]) -> AllPairs:
    """The same with these pairs settled. Raises MarketFault for the first that cannot be kept."""
    pins, places = pairs.pinned.copy(), pairs.places.copy()
    columns = np.array(settled, dtype=np.int64).reshape(-1, 2)
    scores = pairs.scores(columns[:, 0], columns[:, 1])
    banned = set(pairs.apart.tolist())
    for row, (mentee, supervisor) in enumerate(settled):
        if pins[mentee] != NOBODY:
            raise MarketFault("pinned_twice", "pinned", row)
        if mentee * pairs.width + supervisor in banned:
            raise MarketFault("pinned_forbidden", "pinned", row)
        if scores[row] <= BARRED // 2:
            raise MarketFault("pinned_not_allowed", "pinned", row)
        if places[supervisor] < 1:
            raise MarketFault("pinned_over", "pinned", row)
        pins[mentee] = supervisor
        places[supervisor] -= 1
    return replace(pairs, pinned=pins, places=places, pinned_score=sum(scores.tolist()))


def _own(
    own: tuple[Sequence[int], Sequence[int], Sequence[int]], to_mentee: Ints, to_supervisor: Ints, width: int
) -> tuple[Ints, Ints, Ints]:
    mentee, supervisor, score = (np.asarray(column, dtype=np.int64) for column in own)
    key = to_mentee[mentee] * width + to_supervisor[supervisor]
    order = np.argsort(key, kind="stable")
    twice = np.flatnonzero(key[order][1:] == key[order][:-1])
    if len(twice):
        raise MarketFault("twice", "own", int(order[twice + 1].min()))
    return key[order] // width, key[order] % width, score[order]


def _points_of_sets(points: Sequence[int]) -> Ints:
    sets = np.arange(1 << len(points), dtype=np.int64)
    found = np.zeros(len(sets), dtype=np.int64)
    for bit, each in enumerate(points):
        found += (sets >> bit & 1) * each
    return found


def _of(order: Ints, column: Sequence[int] | None) -> Ints:
    if column is None:
        return np.zeros(len(order), dtype=np.int64)
    return np.asarray(column, dtype=np.int64)[order]
