"""The verifier: whether a matching keeps every rule, how far it can be from the best, and who would rather leave.

It knows no engine. Its prices are distances in the graph of supervisors alone: what it costs the total to give one place
at a supervisor back, by moving mentees on until a free place is reached or one of them is left out. Any prices prove a
bound (weak duality); these prove the matching optimal exactly when it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supervision.matching.policy.market import NOBODY, Ints, Market, Matching

FAR = np.int64(1) << 61
ROUNDS = 200  # of a matching that is not optimal, after which the prices are good enough for a bound
STEPS = 4_000_000_000  # some seconds: what a chain through all supervisors may take


@dataclass(frozen=True)
class Burden:
    """What mentees cost a supervisor in evenness: the nth of c places costs `points` × (n - 1) / c, rounded down, so that
    the first is free and a full supervisor is asked last. Whoever is pinned has the first places. Every point counts
    `unit` times: where the scores are in parts of a point (see favoured), so is the burden."""

    points: int
    unit: int = 1

    @property
    def most(self) -> int:
        """More than any place costs."""
        return self.points * self.unit

    def of(self, number: Ints, capacity: Ints) -> Ints:
        """Of the places with this number, from 0."""
        return np.asarray(self.points * number // np.maximum(capacity, 1) * self.unit)

    def places(self, market: Market) -> tuple[Ints, Ints]:
        """The places that anybody may come to: of each the supervisor, and what it costs."""
        held = held_of(market)
        reach = np.bincount(market.supervisor, minlength=len(market.supervisors))
        room = np.minimum(market.places, reach)
        who = np.repeat(np.arange(len(room)), room)
        number = np.arange(len(who)) - (np.cumsum(room) - room)[who] + held[who]
        return who, self.of(number, (market.places + held)[who])


NO_BURDEN = Burden(0)


def held_of(market: Market) -> Ints:
    """How many are pinned to each supervisor."""
    return np.bincount(market.pinned[market.pinned != NOBODY], minlength=len(market.supervisors))


class NotAllowed(ValueError):
    """The matching breaks a rule that is never broken."""


@dataclass(frozen=True)
class Proof:
    """Of a matching: its total, a bound that the total of no matching of as many people can pass, and the prices that
    prove it.

    `gap` is the distance to the best in points; a mentee who might have been paired besides counts `person_weight`.
    `prices` are what one place fewer would cost the round, by supervisor; more than half of `person_weight` means that
    it would leave somebody without a supervisor.
    """

    matched: int
    total: int
    bound: int
    gap: int
    prices: Ints
    person_weight: int

    @property
    def is_proved(self) -> bool:
        return self.gap == 0


def prove(
    market: Market, matching: Matching, best: Matching | None = None, *, burden: Burden = NO_BURDEN
) -> Proof:
    """The proof of a matching. Raises NotAllowed when a place is taken twice, a pair is not allowed, or a pinned pair is
    not kept. With `best`, a matching thought to be optimal, the prices are its: the bound is the better for it, and as
    valid as with any others. With a burden, total, bound and gap are without what the places that are taken cost."""
    chosen = matching.supervisor
    picked = _picked(market, chosen)
    weight = market.person_weight + 2 * burden.most
    against = chosen if best is None else best.supervisor
    prices = prices_of(market, against, weight, burden)
    total, free = int(market.score[picked].sum()), len(picked)
    left = market.score + weight - prices[market.supervisor]
    gains = np.zeros(len(market.mentees), dtype=np.int64)
    np.maximum.at(gains, market.mentee, left)
    who, cost = burden.places(market)
    most = int(np.maximum(prices[who] - cost, 0).sum()) + int(gains.sum())
    total -= int(burden.of(*_taken(market, picked)).sum())
    gap = most - (total + weight * free)
    could = free + (max(0, best.matched - matching.matched) if best is not None else 0)
    bound = most - weight * could + market.pinned_score
    if burden.points:  # one place fewer: the last, with what it cost
        held = held_of(market)
        full = np.bincount(against[against != NOBODY], minlength=len(prices)) >= market.places + held
        last = burden.of(market.places + held - 1, market.places + held)
        prices = np.where(market.places > 0, np.where(full, np.maximum(prices - last, 0), 0), prices)
    return Proof(matching.matched, total + market.pinned_score, bound, gap, prices, weight)


def _taken(market: Market, picked: Ints) -> tuple[Ints, Ints]:
    """The places that these pairs take: the number of each, and how many its supervisor has."""
    held = held_of(market)
    by = np.sort(market.supervisor[picked])
    first = np.searchsorted(by, by)
    return np.arange(len(by)) - first + held[by], (market.places + held)[by]


def _picked(market: Market, chosen: Ints) -> Ints:
    """The pairs that were chosen, pinned ones left out; every rule is looked at again."""
    held = market.pinned != NOBODY
    if (chosen[held] != market.pinned[held]).any():
        raise NotAllowed("a pinned pair is not kept")
    picked = np.flatnonzero(chosen[market.mentee] == market.supervisor)
    if len(picked) != int(((chosen != NOBODY) & ~held).sum()):
        raise NotAllowed("a pair is not allowed")
    load = np.bincount(market.supervisor[picked], minlength=len(market.supervisors))
    if (load > market.places).any():
        raise NotAllowed("more mentees than places")
    return picked


def prices_of(market: Market, chosen: Ints, weight: int, burden: Burden = NO_BURDEN) -> Ints:
    """What one place fewer would cost at each supervisor, in points; where a place is free, what that place costs, which
    is 0 without a burden. See the module."""
    count = len(market.supervisors)
    prices = np.zeros(count, dtype=np.int64)
    held = market.pinned != NOBODY
    at = np.where(held, NOBODY, chosen)[market.mentee]  # of each pair: where its mentee is now
    now = np.full(len(market.mentees), 0, dtype=np.int64)
    picked = np.flatnonzero(at == market.supervisor)
    now[market.mentee[picked]] = market.score[picked]
    load = np.bincount(market.supervisor[picked], minlength=count)
    full = load >= market.places
    away = np.full(count, FAR, dtype=np.int64)
    held_there = held_of(market)
    away[~full] = burden.of(load + held_there, market.places + held_there)[~full]
    np.minimum.at(away, market.supervisor[picked], weight + now[market.mentee[picked]])
    moves = np.flatnonzero((at != NOBODY) & (at != market.supervisor))
    if not burden.points:
        moves = moves[full[at[moves]]]
    if len(moves):
        start, stop = at[moves].astype(np.int64), market.supervisor[moves].astype(np.int64)
        loss = now[market.mentee[moves]] - market.score[moves]
        start, stop, loss = _shortest_edges(start, stop, loss, count)
        away = _relax(away, start, stop, loss)
    # A supervisor without a place at all is worth what the best mentee there would bring.
    none = market.places == 0
    if none.any():
        away = _closed_doors(market, now, chosen, away, none, weight)
    np.maximum(away, 0, out=prices)
    return prices


def _shortest_edges(start: Ints, stop: Ints, loss: Ints, count: int) -> tuple[Ints, Ints, Ints]:
    """Of all ways from one supervisor to another the cheapest, in the order of where they start."""
    key = start * count + stop
    order = np.lexsort((loss, key))
    key = key[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    chosen = order[first]
    return start[chosen], stop[chosen], loss[chosen]


def _relax(away: Ints, start: Ints, stop: Ints, loss: Ints) -> Ints:
    """Bellman and Ford: the cheapest way from each supervisor to a free place or to leaving somebody out. A way passes
    nobody twice, unless the matching is not optimal: then going round in a circle gains, and there is no end."""
    heads = np.flatnonzero(np.r_[True, start[1:] != start[:-1]])
    who = start[heads]
    for number in range(max(ROUNDS, min(len(away) + 1, STEPS // len(start)))):
        if number >= ROUNDS and (away < 0).any():
            break  # nobody gains by a place that is lost, so there is such a circle
        best = np.minimum.reduceat(loss + away[stop], heads)
        better = np.minimum(away[who], best)
        if (better == away[who]).all():
            break
        away[who] = better
    return away


def _closed_doors(market: Market, now: Ints, chosen: Ints, away: Ints, none: Ints, weight: int) -> Ints:
    """The prices where there is no place: at least what the mentee for whom it is best would gain there."""
    pairs = np.flatnonzero(none[market.supervisor])
    if not len(pairs):
        return away
    mentee = market.mentee[pairs]
    at = chosen[mentee]
    has = np.where(at == NOBODY, 0, now[mentee] + weight - np.maximum(away[np.maximum(at, 0)], 0))
    gain = market.score[pairs] + weight - has
    best = np.zeros(len(away), dtype=np.int64)
    np.maximum.at(best, market.supervisor[pairs], gain)
    away[none] = best[none]
    return away


def blocking_pairs(market: Market, matching: Matching) -> int:
    """How many allowed pairs would both rather be together than where they are: the mentee likes the supervisor better,
    and the supervisor has a free place or a mentee whom they like less. Who is pinned stays; whom one likes as much as
    another is no reason to leave."""
    chosen = matching.supervisor
    at = chosen[market.mentee]
    is_own = at == market.supervisor
    here = np.full(len(market.mentees), np.iinfo(np.int64).min, dtype=np.int64)
    here[market.mentee[is_own]] = market.mentee_likes[is_own]
    worst = np.full(len(market.supervisors), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(worst, market.supervisor[is_own], market.supervisor_likes[is_own])
    load = np.bincount(market.supervisor[is_own], minlength=len(market.supervisors))
    open_ = load < market.places
    likes = open_[market.supervisor] | (
        (load[market.supervisor] > 0) & (market.supervisor_likes > worst[market.supervisor])
    )
    return int((~is_own & likes & (market.mentee_likes > here[market.mentee])).sum())
