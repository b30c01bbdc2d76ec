"""The optimal engine: as many mentees as possible, then the highest total score, then the most even load."""

from __future__ import annotations

import time

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from supervision.matching.policy.market import NOBODY, Ints, Market, Matching
from supervision.matching.policy.proof import NO_BURDEN, Burden, held_of, prices_of

SLICE = 1000  # what a whole capacity more at one supervisor weighs when load is evened out


def match_optimal(market: Market, *, even: bool = True, burden: Burden = NO_BURDEN) -> Matching:
    """As many as possible, then the highest total; with `even`, of all such matchings one with the most even load.

    A flow of least cost from mentees to places, with a way out for each mentee ("unmatched") that costs more than any
    change of scores: the solver fails on supply that has nowhere to go. The second flow knows only pairs that stand in
    some optimal matching (those on which the prices leave nothing), so it changes neither number nor total.

    With a burden what counts is the total without what the places that are taken cost; the load is as even as that makes it.
    """
    began = time.perf_counter()
    chosen = market.pinned.copy()
    if market.pairs:
        cost = -market.score
        unmatched = np.full(len(market.mentees), market.person_weight + 2 * burden.most, dtype=np.int64)
        _flow(market, np.arange(market.pairs), cost, unmatched, _places(market, burden), chosen)
        if even and not burden.points:
            _even_out(market, chosen)
    return Matching(chosen, time.perf_counter() - began)


Places = tuple[Ints, Ints, Ints]  # of each arc from a supervisor to the end: supervisor, places, cost of one


def _places(market: Market, burden: Burden) -> Places:
    if burden.points:
        who, cost = burden.places(market)
        return who, np.ones(len(who), dtype=np.int64), cost
    supervisors = np.arange(len(market.supervisors))
    return supervisors, market.places, np.zeros(len(supervisors), dtype=np.int64)


def _flow(market: Market, pairs: Ints, cost: Ints, unmatched: Ints, places: Places, chosen: Ints) -> None:
    """Solve, and write into `chosen` who goes where. `pairs` are those that take part, `cost` is of all pairs;
    `unmatched` is what it costs to leave a mentee out, by mentee (negative: they must not be left out)."""
    waiting = np.unique(market.mentee[pairs])
    node = np.full(len(market.mentees), NOBODY, dtype=np.int64)
    node[waiting] = np.arange(len(waiting))
    first, end = len(waiting), len(waiting) + len(market.supervisors)
    leaves = waiting[unmatched[waiting] >= 0]
    solver = SimpleMinCostFlow()
    tails, heads = node[market.mentee[pairs]], first + market.supervisor[pairs].astype(np.int64)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        tails, heads, np.ones(len(pairs), np.int64), cost[pairs]
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        first + places[0], np.full(len(places[0]), end), places[1], places[2]
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        node[leaves], np.full(len(leaves), end), np.ones(len(leaves), np.int64), unmatched[leaves]
    )
    supply = np.zeros(end + 1, dtype=np.int64)
    supply[: len(waiting)] = 1
    supply[end] = -len(waiting)
    solver.set_nodes_supplies(np.arange(end + 1), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow was not solved: {status}")
    taken = pairs[np.asarray(solver.flows(arcs)) > 0]
    chosen[market.mentee[taken]] = market.supervisor[taken]


def _even_out(market: Market, chosen: Ints) -> None:
    """Among the optimal matchings choose one with the most even load, measured as the squares of how full each
    supervisor is, weighted by their places."""
    weight = market.person_weight
    prices = prices_of(market, chosen, weight)
    left = market.score + weight - prices[market.supervisor]  # what a pair leaves for its mentee
    gains = np.zeros(len(market.mentees), dtype=np.int64)
    np.maximum.at(gains, market.mentee, left)
    tight = np.flatnonzero(left == gains[market.mentee])
    if len(tight) <= int(((chosen != NOBODY) & (market.pinned == NOBODY)).sum()):
        return  # no choice is left
    held = held_of(market)
    unmatched = np.where(gains > 0, -1, 0)
    # A supervisor whose place has a price is full in every optimal matching: there the flow must go.
    must = -(len(market.mentees) + 1) * 4 * SLICE
    room = np.minimum(market.places, np.bincount(market.supervisor[tight], minlength=len(market.supervisors)))
    who = np.repeat(np.arange(len(market.supervisors)), room)  # more than may come need no arc
    start = np.cumsum(room) - room
    number = np.arange(len(who)) - start[who] + held[who] + 1
    slices = (2 * number - 1) * SLICE // (market.places + held)[who]
    cost = np.where(prices[who] > 0, must, 0) + slices
    evened = market.pinned.copy()
    zeros = np.zeros(market.pairs, dtype=np.int64)
    _flow(market, tight, zeros, unmatched, (who, np.ones(len(who), np.int64), cost), evened)
    chosen[:] = evened
