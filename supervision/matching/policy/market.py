"""The market of a round: who may be paired with whom, how good each pair would be, and what is settled beforehand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[Any]]
NOBODY = -1
RANKED = 1 << 60  # above every score: whom somebody ranked comes before whom they did not
WIDEST = 1 << 61  # of all that the solver adds up: beyond, its 64 bits overflow


class MarketFault(ValueError):
    """The market contradicts itself; `row` is the place in the sequence that was given, counted from 0."""

    def __init__(self, kind: str, table: str, row: int, **values: Any) -> None:
        super().__init__(kind)
        self.kind, self.table, self.row, self.values = kind, table, row, values


@dataclass(frozen=True)
class Market:
    """People by their index, pairs as columns in the order of mentees. Whoever is pinned is neither among the pairs nor
    among the places: what is left is what there is to decide.

    People stand in the order of a hash of their ids and pairs in the order of people, so that neither the order of a
    table nor the alphabet decides between pairs that are equally good.
    """

    supervisors: Sequence[str]
    mentees: Sequence[str]
    places: Ints  # of each supervisor, without those that pinned pairs take
    mentee: Ints  # of each pair
    supervisor: Ints
    score: Ints  # higher is better
    mentee_likes: Ints  # of each pair: what the mentee thinks of it, higher is better
    supervisor_likes: Ints
    pinned: Ints  # of each mentee: the supervisor, or NOBODY
    pinned_score: int  # of all pinned pairs together
    listed: Ints  # of each mentee: in how many pairs they were before some were forbidden

    @property
    def pairs(self) -> int:
        return len(self.score)

    @property
    def all_places(self) -> dict[str, int]:
        """Of each supervisor, those of pinned pairs included."""
        held = np.bincount(self.pinned[self.pinned != NOBODY], minlength=len(self.supervisors))
        return dict(zip(self.supervisors, (self.places + held).tolist(), strict=True))

    @property
    def person_weight(self) -> int:
        """What it is worth, in points, that one mentee more is paired: more than twice what any change of scores can be, so
        that a price of more than half of it means a person, and one of less means points alone.

        Whoever gets a place moves others on; such a chain passes nobody twice, so it cannot cost more than the widest
        difference of two scores, times the supervisors or mentees, whoever are fewer.
        """
        if not self.pairs:
            return 2
        low, high = int(self.score.min()), int(self.score.max())
        fewer = min(len(self.supervisors), len(self.mentees))
        return 2 * ((fewer + 1) * (high - low + 1) + max(abs(low), abs(high)) + 1)


@dataclass(frozen=True)
class Matching:
    """Of each mentee the supervisor or NOBODY, pinned ones included."""

    supervisor: Ints
    seconds: float = 0.0

    @property
    def matched(self) -> int:
        return int((self.supervisor != NOBODY).sum())


def canonical(ids: Sequence[str]) -> tuple[list[str], Ints]:
    """The ids in the order of their hash, and the place that each had."""
    digest = hashlib.blake2b
    order = sorted(
        range(len(ids)), key=lambda at: (digest(ids[at].encode(), digest_size=8).digest(), ids[at])
    )
    return [ids[at] for at in order], np.array(order, dtype=np.int64)


def market_of(
    *,
    supervisors: Sequence[tuple[str, int]],
    mentees: Sequence[str],
    pairs: tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[int] | None, Sequence[int] | None],
    pinned: Iterable[tuple[int, int]] = (),
    forbidden: Iterable[tuple[int, int]] = (),
) -> Market:
    """The market of these people. `supervisors` are (id, places); a pair, a pinned and a forbidden one name people by
    their place in these sequences. `pairs` are columns: mentee, supervisor, score, and the rank that each gave to the
    other (from 1; 0 or no column: not ranked, then the score decides).

    Raises MarketFault for a pair that is listed twice, pinned ones that contradict one another or the allowed pairs,
    more pinned at a supervisor than there are places, and scores that lie too far apart for so many people.
    """
    names, order_of_names = canonical([one for one, _places in supervisors])
    people, order_of_people = canonical(mentees)
    to_supervisor, to_mentee = inverse(order_of_names), inverse(order_of_people)
    width = max(len(names), 1)

    given_mentee, given_supervisor = _column(pairs[0]), _column(pairs[1])
    mentee, supervisor = to_mentee[given_mentee], to_supervisor[given_supervisor]
    key = mentee.astype(np.int64) * width + supervisor
    order = np.argsort(key, kind="stable")
    key = key[order]
    twice = np.flatnonzero(key[1:] == key[:-1])
    if len(twice):
        raise MarketFault("twice", "pairs", int(order[twice + 1].min()))
    mentee, supervisor = mentee[order].astype(np.int32), supervisor[order].astype(np.int32)
    score = np.asarray(pairs[2], dtype=np.int64)[order]
    wish = _ranks(pairs[3], order)
    choice = _ranks(pairs[4], order)
    listed = np.bincount(mentee, minlength=len(people))

    allowed = np.ones(len(key), dtype=bool)
    banned = np.array(
        sorted({int(to_mentee[one]) * width + int(to_supervisor[other]) for one, other in forbidden}),
        dtype=np.int64,
    )
    if len(banned):
        allowed &= ~np.isin(key, banned)
    places = np.zeros(len(names), dtype=np.int64)
    places[to_supervisor] = [count for _one, count in supervisors]
    settled = [(int(to_mentee[one]), int(to_supervisor[other])) for one, other in pinned]
    rows = _pinned_rows(settled, key, allowed, places, width)
    pins = np.full(len(people), NOBODY, dtype=np.int32)
    for held, by in settled:
        pins[held] = by
    keep = allowed & (pins[mentee] == NOBODY)
    likes = np.where(wish > 0, RANKED - wish, score)[keep]
    liked = np.where(choice > 0, RANKED - choice, score)[keep]
    market = Market(
        supervisors=names,
        mentees=people,
        places=places,
        mentee=mentee[keep],
        supervisor=supervisor[keep],
        score=score[keep],
        mentee_likes=likes,
        supervisor_likes=liked,
        pinned=pins,
        pinned_score=sum(score[rows].tolist()),
        listed=listed,
    )
    if is_too_wide(market.person_weight, len(people), len(names)):
        raise MarketFault("too_wide", "pairs", int(order[np.abs(score).argmax()]))
    return market


def is_too_wide(weight: int, mentees: int, supervisors: int) -> bool:
    """Whether the solver cannot add up so much for so many people."""
    return weight * (mentees + supervisors + 3) > WIDEST


def _pinned_rows(
    settled: Sequence[tuple[int, int]], key: Ints, allowed: Ints, places: Ints, width: int
) -> list[int]:
    """The rows of the pinned pairs; each takes its place. Raises MarketFault for the first that cannot be kept."""
    rows: list[int] = []
    seen: set[int] = set()
    for row, (held, by) in enumerate(settled):
        found = int(np.searchsorted(key, held * width + by))
        if held in seen:
            raise MarketFault("pinned_twice", "pinned", row)
        if found == len(key) or key[found] != held * width + by:
            raise MarketFault("pinned_not_allowed", "pinned", row)
        if not allowed[found]:
            raise MarketFault("pinned_forbidden", "pinned", row)
        if places[by] < 1:
            raise MarketFault("pinned_over", "pinned", row)
        seen.add(held)
        places[by] -= 1
        rows.append(found)
    return rows


def _column(numbers: Sequence[int]) -> Ints:
    return np.asarray(numbers, dtype=np.int64)


def _ranks(numbers: Sequence[int] | None, order: Ints) -> Ints:
    return np.zeros(len(order), dtype=np.int64) if numbers is None else _column(numbers)[order]


def inverse(order: Ints) -> Ints:
    """Where each went whom `order` put elsewhere."""
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.arange(len(order))
    return found
