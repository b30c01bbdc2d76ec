"""The engines against every matching there is, and against what must never happen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.matching.policy import (
    MarketFault,
    blocking_pairs,
    market_of,
    match_optimal,
    match_stable,
    prove,
    stranded,
)
from supervision.matching.policy.market import NOBODY
from supervision.matching.policy.proof import NotAllowed

EVENNESS = 1000


@dataclass(frozen=True)
class Case:
    """A small market: places by supervisor, mentees, and {(mentee, supervisor): (score, wish, choice)}."""

    places: tuple[int, ...]
    mentees: int
    pairs: dict[tuple[int, int], tuple[int, int, int]]
    pinned: tuple[tuple[int, int], ...]
    forbidden: frozenset[tuple[int, int]]

    def market(self, order=None):
        rows = list(self.pairs.items())
        if order is not None:
            rows = [rows[place] for place in order]
        return market_of(
            supervisors=[(f"s{number}", places) for number, places in enumerate(self.places)],
            mentees=[f"m{number}" for number in range(self.mentees)],
            pairs=(
                [mentee for (mentee, _), _ in rows],
                [supervisor for (_, supervisor), _ in rows],
                [score for _, (score, _, _) in rows],
                [wish for _, (_, wish, _) in rows],
                [choice for _, (_, _, choice) in rows],
            ),
            pinned=self.pinned,
            forbidden=self.forbidden,
        )

    def named(self, market, matching):
        """The matching by the numbers of this case: {mentee: supervisor}."""
        return {
            int(market.mentees[mentee][1:]): int(market.supervisors[by][1:])
            for mentee, by in enumerate(matching.supervisor.tolist())
            if by != NOBODY
        }

    def all_matchings(self):
        """Every matching that breaks no rule."""
        fixed = dict(self.pinned)
        choices = [
            [fixed[mentee]]
            if mentee in fixed
            else [None, *(by for one, by in self.pairs if one == mentee and (one, by) not in self.forbidden)]
            for mentee in range(self.mentees)
        ]
        for picked in product(*choices):
            load = [picked.count(by) for by in range(len(self.places))]
            if all(many <= room for many, room in zip(load, self.places, strict=True)):
                yield {mentee: by for mentee, by in enumerate(picked) if by is not None}

    def total(self, chosen):
        return sum(self.pairs[pair][0] for pair in chosen.items())

    def unevenness(self, chosen):
        load = [list(chosen.values()).count(by) for by in range(len(self.places))]
        return sum(
            (2 * number + 1) * EVENNESS // room
            for many, room in zip(load, self.places, strict=True)
            for number in range(many)
        )


@st.composite
def cases(draw):
    places = tuple(draw(st.lists(st.integers(0, 3), min_size=1, max_size=4)))
    mentees = draw(st.integers(1, 5))
    every = [(mentee, by) for mentee in range(mentees) for by in range(len(places))]
    listed = draw(st.lists(st.sampled_from(every), unique=True))
    ranks = st.integers(0, 3)
    pairs = {pair: (draw(st.integers(-3, 6)), draw(ranks), draw(ranks)) for pair in listed}
    forbidden = frozenset(draw(st.lists(st.sampled_from(listed), max_size=2))) if listed else frozenset()
    room, pinned = list(places), []
    for mentee, by in listed:
        held = {one for one, _ in pinned}
        if (mentee, by) not in forbidden and room[by] and mentee not in held and draw(st.booleans()):
            pinned.append((mentee, by))
            room[by] -= 1
            if len(pinned) == 2:
                break
    return Case(places, mentees, pairs, tuple(pinned), forbidden)


@given(cases())
def test_the_optimal_engine_is_as_good_as_the_best_of_all_matchings(case):
    market = case.market()
    matching = match_optimal(market)
    chosen = case.named(market, matching)
    every = list(case.all_matchings())
    assert chosen in every  # no capacity exceeded, nothing forbidden, every pin kept
    most, total = max((len(one), case.total(one)) for one in every)
    assert (len(chosen), case.total(chosen)) == (most, total)
    best = [one for one in every if (len(one), case.total(one)) == (most, total)]
    assert case.unevenness(chosen) == min(case.unevenness(one) for one in best)
    proof = prove(market, matching)
    assert (proof.total, proof.bound, proof.gap) == (total, total, 0)


@given(cases())
def test_nobody_would_both_rather_leave_what_the_stable_engine_gives(case):
    market = case.market()
    matching = match_stable(market)
    assert case.named(market, matching) in list(case.all_matchings())
    assert blocking_pairs(market, matching) == 0


@given(cases())
def test_the_bound_holds_for_every_matching(case):
    """The verifier knows no engine: whatever it is shown, no matching of as many people passes the bound."""
    market = case.market()
    weight = market.person_weight
    worth = max(case.total(one) + weight * len(one) for one in case.all_matchings())
    for matching in (match_stable(market), match_optimal(market, even=False)):
        proof = prove(market, matching)
        assert proof.gap >= worth - (proof.total + weight * proof.matched) >= 0
        assert (proof.prices >= 0).all()


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(case, random):
    order = list(range(len(case.pairs)))
    random.shuffle(order)
    one, other = case.market(), case.market(order)
    for engine in (match_optimal, match_stable):
        assert engine(one).supervisor.tolist() == engine(other).supervisor.tolist()


@given(cases())
def test_a_price_is_what_one_place_fewer_costs(case):
    market = case.market()
    proof = prove(market, match_optimal(market))
    before = proof.total + market.person_weight * proof.matched
    pins = [by for _, by in case.pinned]
    for place, name in enumerate(market.supervisors):
        number = int(name[1:])
        if case.places[number] <= pins.count(number):
            continue
        fewer = tuple(room - (by == number) for by, room in enumerate(case.places))
        less = Case(fewer, case.mentees, case.pairs, case.pinned, case.forbidden)
        best = max(case.total(one) + market.person_weight * len(one) for one in less.all_matchings())
        assert proof.prices[place] == before - best


def small(pairs, places=(1, 1), mentees=2, **more):
    return Case(tuple(places), mentees, pairs, **({"pinned": (), "forbidden": frozenset()} | more))


def test_stability_leaves_somebody_out_whom_the_optimum_pairs():
    """Both want s0, and s0 wants m0, who could go elsewhere: m1 cannot."""
    case = small({(0, 0): (9, 0, 0), (0, 1): (1, 0, 0), (1, 0): (5, 0, 0)})
    market = case.market()
    assert case.named(market, match_optimal(market)) == {0: 1, 1: 0}
    assert case.named(market, match_stable(market)) == {0: 0}
    assert blocking_pairs(market, match_optimal(market)) == 1
    left = stranded(market, match_stable(market))
    assert [(one.mentee, one.reason, one.number) for one in left] == [("m1", "full", 1)]


def test_why_somebody_has_nobody():
    case = small({(0, 0): (1, 0, 0)}, mentees=2, forbidden=frozenset({(0, 0)}))
    market = case.market()
    left = stranded(market, match_optimal(market))
    assert [(one.mentee, one.reason, one.number) for one in left] == [
        ("m0", "forbidden", 1),
        ("m1", "none", 0),
    ]


def test_whom_somebody_ranked_comes_before_a_higher_score():
    case = small({(0, 0): (9, 2, 0), (0, 1): (1, 1, 0)}, mentees=1)
    market = case.market()
    assert case.named(market, match_stable(market)) == {0: 1}
    assert case.named(market, match_optimal(market)) == {0: 0}


@pytest.mark.parametrize(
    ("kind", "row", "more"),
    [
        ("pinned_twice", 1, {"pinned": ((0, 0), (0, 1))}),
        ("pinned_not_allowed", 0, {"pinned": ((1, 1),)}),
        ("pinned_forbidden", 0, {"pinned": ((0, 0),), "forbidden": frozenset({(0, 0)})}),
        ("pinned_over", 1, {"pinned": ((0, 0), (1, 0))}),
    ],
)
def test_pins_that_contradict_are_named(kind, row, more):
    case = small({(0, 0): (1, 0, 0), (0, 1): (1, 0, 0), (1, 0): (1, 0, 0)}, **more)
    with pytest.raises(MarketFault) as found:
        case.market()
    assert (found.value.kind, found.value.row) == (kind, row)


def test_a_matching_that_breaks_a_rule_is_never_proved():
    case = small({(0, 0): (1, 0, 0), (1, 0): (1, 0, 0), (0, 1): (3, 0, 0)}, pinned=((1, 0),))
    market = case.market()
    good = match_optimal(market)
    first, second = (market.mentees.index(name) for name in ("m0", "m1"))
    for place, by in ((second, NOBODY), (first, market.supervisors.index("s0"))):
        wrong = good.supervisor.copy()
        wrong[place] = by
        with pytest.raises(NotAllowed):
            prove(market, type(good)(wrong))


def test_a_market_without_anybody_is_matched_at_once():
    empty = np.array([], dtype=np.int64)
    market = market_of(supervisors=[], mentees=[], pairs=(empty, empty, empty, None, None))
    for engine in (match_optimal, match_stable):
        proof = prove(market, engine(market))
        assert (proof.matched, proof.total, proof.gap) == (0, 0, 0)


@pytest.mark.parametrize("even", [True, False])
def test_a_long_chain_of_moves_is_proved_to_its_end(even):
    """Each mentee could move on by one for a point; a place lost at the first moves all of them."""
    many = 900
    pairs = {(one, by): (5 - (by - one), 0, 0) for one in range(many) for by in (one, one + 1)}
    market = small(pairs, (1,) * (many + 1), many).market()
    proof = prove(market, match_optimal(market, even=even))
    assert (proof.matched, proof.total, proof.gap) == (many, 5 * many, 0)
    prices = dict(zip(market.supervisors, proof.prices.tolist(), strict=True))
    assert prices == {f"s{number}": many - number for number in range(many + 1)}
