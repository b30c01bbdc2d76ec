"""What the readings of one answer come to, and who is still needed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import combinations

from lms.marking.policy.schemes import Scheme, Third


class Reason(StrEnum):
    """Why an answer has its points, or has none yet."""

    ONE = "one"  # one reads, and has read
    MEAN = "mean"  # two read, and are near enough
    THIRD = "third"  # two differed; the third decides
    NEARER = "nearer"  # two differed; the two nearest of three count
    WAITS = "waits"  # not all have read who are to
    DIFFER = "differ"  # two differ, so that a third is to read


@dataclass(frozen=True)
class Given:
    """What one reader gave, in which round."""

    round: int
    points: Decimal


@dataclass(frozen=True)
class Outcome:
    """`points` is None as long as somebody has to read. `apart`: by how much the first two differ; `allowed`: by how much
    they may; `counted`: the rounds that the points were made of."""

    points: Decimal | None
    reason: Reason
    apart: Decimal = Decimal(0)
    allowed: Decimal = Decimal(0)
    counted: tuple[int, ...] = ()


def outcome_of(scheme: Scheme, given: Sequence[Given], *, most: Decimal) -> Outcome:
    """What has been given for a question of `most` points comes to this."""
    by_round = {each.round: each.points for each in given}
    if 1 not in by_round or (scheme.readers == 2 and 2 not in by_round):
        return Outcome(None, Reason.WAITS)
    if scheme.readers == 1:
        return Outcome(by_round[1], Reason.ONE, counted=(1,))
    apart, allowed = abs(by_round[1] - by_round[2]), scheme.allowed(most)
    if apart <= allowed:
        return Outcome(_mean(by_round, (1, 2), scheme, most), Reason.MEAN, apart, allowed, (1, 2))
    if 3 not in by_round:
        return Outcome(None, Reason.DIFFER, apart, allowed)
    if scheme.third == Third.DECIDES:
        return Outcome(by_round[3], Reason.THIRD, apart, allowed, (3,))
    pair = _nearest(by_round)
    return Outcome(_mean(by_round, pair, scheme, most), Reason.NEARER, apart, allowed, pair)


def _nearest(points: Mapping[int, Decimal]) -> tuple[int, int]:
    """The two rounds that are nearest to each other; where the third lies in the middle, the higher two."""
    pairs = combinations((1, 2, 3), 2)
    return min(
        pairs, key=lambda pair: (abs(points[pair[0]] - points[pair[1]]), -points[pair[0]] - points[pair[1]])
    )


def _mean(points: Mapping[int, Decimal], pair: tuple[int, int], scheme: Scheme, most: Decimal) -> Decimal:
    """The mean in steps, half a step upwards, never above what the question has."""
    mean = (points[pair[0]] + points[pair[1]]) / 2
    steps = (mean / scheme.step).quantize(Decimal(1), ROUND_HALF_UP)
    return min(steps * scheme.step, most)


def next_round(
    scheme: Scheme, given: Sequence[Given], taken: Collection[int], *, most: Decimal
) -> int | None:
    """The round that somebody may take who has not read this answer; None while all are taken or none is needed. `taken`:
    those that somebody is reading now."""
    outcome = outcome_of(scheme, given, most=most)
    if outcome.points is not None:
        return None
    needed = (3,) if outcome.reason == Reason.DIFFER else tuple(range(1, scheme.readers + 1))
    done = {each.round for each in given} | set(taken)
    return next((number for number in needed if number not in done), None)
