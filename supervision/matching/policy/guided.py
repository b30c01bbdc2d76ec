"""The optimal engine over all pairs: it begins with a few candidates for each kind of mentee and adds only pairs which beat
the prices, until none does. Then the prices prove that no pair of all those allowed could make the round any better.

Mentees whose rows are the same are of one kind, and what joins the matching is a kind and a supervisor: one candidate
serves everybody of the kind. Whoever has pairs of their own (a wish) hangs beside the kind; whose own pairs are worse
than the groups say, or who must be kept apart from somebody, is a kind alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from supervision.matching.policy.allpairs import BARRED, CELLS, NONE, AllPairs
from supervision.matching.policy.bound import Bound, prove_all
from supervision.matching.policy.market import NOBODY, Ints, Matching
from supervision.matching.policy.proof import FAR

BEGIN = 12  # candidates of each kind before there are prices, and what each pass adds at least
MOST_ROUNDS = 60


@dataclass(frozen=True)
class Guided:
    """A matching over all pairs with its prices and the proof from them. `rounds` were used; `candidates` pairs of a
    kind and a supervisor were ever looked at by the solver."""

    matching: Matching
    prices: Ints
    proof: Bound
    rounds: int
    candidates: int

    @property
    def gap(self) -> int:
        return self.proof.gap


@dataclass(frozen=True)
class _Kinds:
    """The mentees that are to be matched, by kind; see the module."""

    group: Ints  # of each kind
    traits: Ints
    starts: Ints  # where the kinds of each group begin, and the end
    kind: Ints  # of each mentee; NOBODY for those pinned
    number: Ints  # of each kind: how many mentees
    own_mentee: Ints  # the own pairs that can be
    own_supervisor: Ints
    own_score: Ints
    without: dict[int, Ints]  # of kinds alone: the supervisors whom their row does not show


def match_guided(pairs: AllPairs, *, most_rounds: int = MOST_ROUNDS, within: float = 0.0) -> Guided:
    """As many as possible, then the highest total, over all pairs. Ends when nothing beats the prices (a gap of 0), or
    after `most_rounds`, or as soon as nobody is left out who need not be and the gap is at most `within` of the total.
    """
    began = time.perf_counter()
    kinds = _kinds_of(pairs)
    at_kind, at_supervisor, score = _candidates(
        pairs, kinds, np.zeros(len(pairs.supervisors), np.int64), None
    )
    for number in range(1, most_rounds + 1):
        arcs = at_kind, at_supervisor, score
        chosen, by_kind = _solve(pairs, kinds, arcs)
        prices = _prices(pairs, kinds, arcs, chosen, by_kind)
        gains = _gains(pairs, kinds, arcs, prices)
        more = _candidates(pairs, kinds, prices, gains)
        proof = prove_all(pairs, Matching(chosen), prices) if not len(more[0]) or within else None
        if proof and (not len(more[0]) or (proof.is_most and proof.gap <= within * abs(proof.total))):
            break
        if number < most_rounds:
            at_kind, at_supervisor, score = (np.concatenate(both) for both in zip(arcs, more, strict=True))
    proof = proof or prove_all(pairs, Matching(chosen), prices)
    return Guided(Matching(chosen, time.perf_counter() - began), prices, proof, number, len(at_kind))


def _kinds_of(pairs: AllPairs) -> _Kinds:
    free = pairs.pinned == NOBODY
    own_key = pairs.own_mentee * pairs.width + pairs.own_supervisor
    usable = free[pairs.own_mentee] & (pairs.places[pairs.own_supervisor] > 0) if len(own_key) else NONE > 0
    usable &= ~np.isin(own_key, pairs.apart)
    mentee, supervisor, score = (
        column[usable] for column in (pairs.own_mentee, pairs.own_supervisor, pairs.own_score)
    )
    plain = pairs.by_groups(mentee, supervisor)
    worse = np.unique(np.r_[mentee[score < plain], pairs.apart // pairs.width])
    alone = np.zeros(len(pairs.mentees), dtype=bool)
    alone[worse] = True
    sets = len(pairs.shared)
    key = (pairs.mentee_group * sets + pairs.mentee_traits) * (len(pairs.mentees) + 1)
    key += np.where(alone, np.arange(len(pairs.mentees)) + 1, 0)
    found, back, number = np.unique(key[free], return_inverse=True, return_counts=True)
    kind = np.full(len(pairs.mentees), NOBODY, dtype=np.int64)
    kind[free] = back.reshape(-1)
    both = found // (len(pairs.mentees) + 1)
    group = both // sets
    starts = np.r_[np.flatnonzero(np.r_[True, group[1:] != group[:-1]]), len(group)] if len(group) else NONE
    return _Kinds(
        group,
        both % sets,
        starts,
        kind,
        number,
        mentee,
        supervisor,
        score,
        _without(pairs, kind, alone & free),
    )


def _without(pairs: AllPairs, kind: Ints, alone: Ints) -> dict[int, Ints]:
    """Of each kind alone the supervisors with whom there is an own pair, or none at all."""
    key = np.r_[pairs.apart, pairs.own_mentee * pairs.width + pairs.own_supervisor]
    key = np.unique(key[alone[key // pairs.width]])
    mentee, supervisor = key // pairs.width, key % pairs.width
    ends = np.flatnonzero(mentee[1:] != mentee[:-1]) + 1
    return {
        int(kind[who[0]]): whom
        for who, whom in zip(np.split(mentee, ends), np.split(supervisor, ends), strict=True)
        if len(who)
    }


def _blocks(pairs: AllPairs, kinds: _Kinds) -> Iterator[tuple[int, Ints]]:
    """The rows of the kinds, some at a time: the number of the first, and the rows."""
    most = max(1, CELLS // pairs.width)
    for start, stop in zip(kinds.starts[:-1].tolist(), kinds.starts[1:].tolist(), strict=True):
        for first in range(start, stop, most):
            last = min(stop, first + most)
            rows = pairs.rows(int(kinds.group[start]), kinds.traits[first:last])
            alone = [kind for kind in range(first, last) if kind in kinds.without] if kinds.without else []
            if alone:
                rows = rows.copy()
                for kind in alone:
                    rows[kind - first, kinds.without[kind]] = BARRED
            yield first, rows


Arcs = tuple[Ints, Ints, Ints]  # kind, supervisor, score


def _candidates(pairs: AllPairs, kinds: _Kinds, prices: Ints, gains: Ints | None) -> Arcs:
    """The pairs to add: of each kind the best by what they leave above their price, as many as its number may need. With
    `gains`, only pairs which leave more than that: they beat the prices."""
    if not len(pairs.supervisors):
        return NONE, NONE, NONE
    weight = pairs.person_weight
    places = pairs.places[pairs.places > 0]
    wanted = (
        BEGIN + np.ceil(2 * kinds.number / max(1.0, float(places.mean()))) if len(places) else kinds.number
    )
    turns = np.arange(len(kinds.number)) * 7919  # equals are taken from another place on by every kind
    found: list[Arcs] = []
    for first, rows in _blocks(pairs, kinds):
        left = rows + (weight - prices)
        floor = np.zeros(len(rows), np.int64) if gains is None else gains[first : first + len(rows)]
        best = left.max(axis=1)
        hopeful = best > (BARRED // 2 if gains is None else floor)
        for place in np.flatnonzero(hopeful).tolist():
            line, kind = left[place], first + place
            least = BARRED // 2 if gains is None else floor[place]
            able = np.flatnonzero(line > least)
            number = int(wanted[kind])
            if len(able) > number:
                able = _some(able, line, number, int(turns[kind]), spread=gains is not None)
            found.append((np.full(len(able), kind), able, rows[place, able]))
    if not found:
        return NONE, NONE, NONE
    columns = [np.concatenate(each) for each in zip(*found, strict=True)]
    return columns[0], columns[1], columns[2]


def _some(able: Ints, left: Ints, number: int, turn: int, *, spread: bool) -> Ints:
    """The best of these by what they leave, and with `spread` as many again from all over the rest: where everybody wants
    the same, the best alone would only move the crowd on by one step."""
    able = np.roll(able, -(turn % len(able)))
    best = able[np.argpartition(-left[able], number - 1)[:number]]
    if not spread:
        return best
    return np.union1d(best, able[:: max(1, len(able) // number)])


def _solve(pairs: AllPairs, kinds: _Kinds, arcs: Arcs) -> tuple[Ints, Ints]:
    """Who goes where when only these pairs (and own ones) are there, and whether each goes as one of the kind."""
    kind, supervisor, score = arcs
    wishers = np.unique(kinds.own_mentee)
    of_kinds, first = len(kinds.number), len(kinds.number) + len(wishers)
    end = first + len(pairs.supervisors)
    solver = SimpleMinCostFlow()
    ones = np.ones(len(wishers), np.int64)
    joins = solver.add_arcs_with_capacity_and_unit_cost(
        of_kinds + np.arange(len(wishers)), kinds.kind[wishers], ones, ones * 0
    )
    ones = np.ones(len(kinds.own_mentee), np.int64)
    owns = solver.add_arcs_with_capacity_and_unit_cost(
        of_kinds + np.searchsorted(wishers, kinds.own_mentee),
        first + kinds.own_supervisor,
        ones,
        -kinds.own_score,
    )
    room = np.minimum(kinds.number[kind], pairs.places[supervisor])
    plain = solver.add_arcs_with_capacity_and_unit_cost(kind, first + supervisor, room, -score)
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(of_kinds), np.full(of_kinds, end), kinds.number, np.full(of_kinds, pairs.person_weight)
    )
    everybody = np.arange(len(pairs.supervisors))
    room = np.minimum(pairs.places, len(pairs.mentees))
    solver.add_arcs_with_capacity_and_unit_cost(
        first + everybody, np.full(len(everybody), end), room, everybody * 0
    )
    supply = np.zeros(end + 1, dtype=np.int64)
    supply[:of_kinds] = kinds.number - np.bincount(kinds.kind[wishers], minlength=of_kinds)
    supply[of_kinds:first] = 1
    supply[end] = -int(kinds.number.sum())
    solver.set_nodes_supplies(np.arange(end + 1), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow was not solved: {status}")
    chosen = pairs.pinned.copy()
    taken = solver.flows(owns) > 0
    chosen[kinds.own_mentee[taken]] = kinds.own_supervisor[taken]
    by_kind = kinds.kind != NOBODY
    by_kind[wishers] = solver.flows(joins) > 0
    _hand_out(kinds, by_kind, kind, supervisor, np.asarray(solver.flows(plain)), chosen)
    return chosen, by_kind


def _hand_out(kinds: _Kinds, by_kind: Ints, kind: Ints, supervisor: Ints, flow: Ints, chosen: Ints) -> None:
    """The places that each kind got, to its mentees in their order."""
    order = np.lexsort((supervisor, kind))
    kind, supervisor, flow = kind[order], supervisor[order], flow[order]
    of_kind, whom = np.repeat(kind, flow), np.repeat(supervisor, flow)
    members = np.flatnonzero(by_kind)
    members = members[np.argsort(kinds.kind[members], kind="stable")]
    starts = np.searchsorted(kinds.kind[members], of_kind)
    chosen[members[starts + _within(of_kind)]] = whom


def _within(sorted_keys: Ints) -> Ints:
    """How many of the same key stand before each."""
    heads = np.r_[True, sorted_keys[1:] != sorted_keys[:-1]] if len(sorted_keys) else NONE > 0
    starts = np.flatnonzero(heads)
    return np.arange(len(sorted_keys)) - np.repeat(starts, np.diff(np.r_[starts, len(sorted_keys)]))


def _prices(pairs: AllPairs, kinds: _Kinds, arcs: Arcs, chosen: Ints, by_kind: Ints) -> Ints:
    """What one place fewer would cost at each supervisor: the way from there to a free place, or to somebody left out,
    over the kinds and the own pairs."""
    kind, supervisor, score = arcs
    weight, count = pairs.person_weight, len(pairs.supervisors)
    held = pairs.pinned == NOBODY
    seated = np.flatnonzero(held & (chosen != NOBODY))
    at, now = chosen[seated], pairs.scores(seated, chosen[seated])
    load = np.bincount(at, minlength=count)
    away = np.full(count + len(kinds.number), FAR, dtype=np.int64)
    away[:count][load < pairs.places] = 0
    away[count:] = weight
    # From a supervisor into the kind of each mentee there, from a kind to its candidates, over own pairs, and from a kind
    # to the own supervisors of those who went as one of it.
    own_at = chosen[kinds.own_mentee]
    moves = (own_at != NOBODY) & (own_at != kinds.own_supervisor)
    is_now = np.zeros(len(pairs.mentees), dtype=np.int64)
    is_now[seated] = now
    mover = kinds.own_mentee[moves]
    joined = by_kind[kinds.own_mentee]
    start = np.concatenate((at, count + kind, own_at[moves], count + kinds.kind[kinds.own_mentee[joined]]))
    stop = np.concatenate(
        (count + kinds.kind[seated], supervisor, kinds.own_supervisor[moves], kinds.own_supervisor[joined])
    )
    loss = np.concatenate((now, -score, is_now[mover] - kinds.own_score[moves], -kinds.own_score[joined]))
    away = _farthest(away, start, stop, loss)
    return np.maximum(np.where(pairs.places > 0, away[:count], 0), 0)


def _farthest(away: Ints, start: Ints, stop: Ints, loss: Ints) -> Ints:
    """Bellman and Ford over these ways."""
    if not len(start):
        return away
    key = start * len(away) + stop
    order = np.lexsort((loss, key))
    order = order[np.r_[True, key[order][1:] != key[order][:-1]]]
    start, stop, loss = start[order], stop[order], loss[order]
    heads = np.flatnonzero(np.r_[True, start[1:] != start[:-1]])
    who = start[heads]
    for _round in range(len(away)):
        better = np.minimum(away[who], np.minimum.reduceat(loss + away[stop], heads))
        if (better == away[who]).all():
            break
        away[who] = better
    return away


def _gains(pairs: AllPairs, kinds: _Kinds, arcs: Arcs, prices: Ints) -> Ints:
    """What the prices leave at least for a mentee of each kind, with the candidates there are."""
    kind, supervisor, score = arcs
    weight = pairs.person_weight
    gains = np.zeros(len(kinds.number), dtype=np.int64)
    np.maximum.at(gains, kind, score + weight - prices[supervisor])
    own = np.zeros(len(pairs.mentees), dtype=np.int64)
    np.maximum.at(own, kinds.own_mentee, kinds.own_score + weight - prices[kinds.own_supervisor])
    least = np.full(len(kinds.number), FAR, dtype=np.int64)
    free = kinds.kind != NOBODY
    np.minimum.at(least, kinds.kind[free], own[free])
    return np.maximum(gains, least)
