"""The stable engine: no mentee and supervisor would both rather be together than where they are."""

from __future__ import annotations

import time
from heapq import heappush, heapreplace

import numpy as np

from supervision.matching.policy.market import Ints, Market, Matching


def match_stable(market: Market) -> Matching:
    """Hospitals and residents with capacities (Gale and Shapley), the mentees asking: of all stable matchings the best
    for every mentee. Whom somebody likes as much as another is told apart by a hash of the pair."""
    began = time.perf_counter()
    chosen = market.pinned.copy()
    if market.pairs:
        _ask_around(market, chosen)
    return Matching(chosen, time.perf_counter() - began)


def _ask_around(market: Market, chosen: Ints) -> None:
    lot = _lots(market)
    asks = np.lexsort((lot, -market.mentee_likes, market.mentee))
    place = np.empty(
        market.pairs, dtype=np.int64
    )  # of each pair in the supervisor's own list; less is better
    place[np.lexsort((lot, -market.supervisor_likes, market.supervisor))] = np.arange(market.pairs)
    whom, ranked = market.supervisor[asks], place[asks]
    ends = np.cumsum(np.bincount(market.mentee, minlength=len(market.mentees)))
    starts = [0, *ends[:-1].tolist()]
    lists: dict[int, tuple[list[int], list[int]]] = {}
    asked = [0] * len(market.mentees)
    places = market.places.tolist()
    accepted: list[list[tuple[int, int]]] = [[] for _one in market.supervisors]
    stops = ends.tolist()
    for newcomer in range(len(market.mentees)):
        mentee = newcomer
        while True:
            if mentee not in lists:
                part = slice(starts[mentee], stops[mentee])
                lists[mentee] = (whom[part].tolist(), ranked[part].tolist())
            supervisors, ranks = lists[mentee]
            number = asked[mentee]
            if number == len(supervisors):
                break  # nobody is left to ask
            asked[mentee] = number + 1
            by, rank = supervisors[number], ranks[number]
            held = accepted[by]
            if len(held) < places[by]:
                heappush(held, (-rank, mentee))
                break
            if held and rank < -held[0][0]:
                mentee = heapreplace(held, (-rank, mentee))[1]
    for by, held in enumerate(accepted):
        for _rank, mentee in held:
            chosen[mentee] = by


def _lots(market: Market) -> Ints:
    """A number for each pair by which equals are told apart: the same whatever the order of the tables, and another for
    each pair, so that nobody is the last everywhere. People stand in the order of a hash of their ids already."""
    with np.errstate(over="ignore"):
        mixed = market.mentee.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= (market.supervisor.astype(np.uint64) + np.uint64(1)) * np.uint64(0xC2B2AE3D27D4EB4F)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        lots: Ints = mixed ^ (mixed >> np.uint64(31))
    return lots
