"""What a round weighs beside the scores is exact: nothing better exists among all matchings, by what was asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.matching.policy import (
    Burden,
    Knobs,
    MarketFault,
    curve,
    favoured,
    match_optimal,
    match_turned,
    prove,
    steps_for,
)
from supervision.matching.policy.knobs import ranks_of
from supervision.matching.policy.stable import match_stable
from tests.supervision.matching.test_policy import Case, cases

SETTINGS = st.tuples(st.integers(0, 5), st.integers(0, 40), st.integers(0, 9), st.booleans())


def worth(case, knobs, chosen):
    """What a matching is worth by the words of Knobs, pinned pairs by their score alone."""
    fixed = dict(case.pinned)
    total = 0
    for mentee, by in chosen.items():
        total += case.pairs[mentee, by][0]
        if mentee not in fixed:
            total -= knobs.wishes * (rank(case, mentee, by, knobs.given_only) ** 2 - 1)
            total += knobs.keep * ((f"m{mentee}", f"s{by}") in knobs.kept)
    for by, places in enumerate(case.places):
        pinned = list(fixed.values()).count(by)
        total -= sum(
            knobs.even * number // places for number in range(pinned, list(chosen.values()).count(by))
        )
    return total


def rank(case, mentee, by, given_only=False):
    given = case.pairs[mentee, by][1]
    if given:
        return given
    if given_only:
        mine = [
            ranks[1]
            for (one, _by), ranks in case.pairs.items()
            if one == mentee and (one, _by) not in case.forbidden
        ]
        return max(mine, default=0) + 1
    may = {one for one in case.pairs if one[0] == mentee and one not in case.forbidden}
    before = [pair for pair in may if case.pairs[pair][1] or case.pairs[pair][0] > case.pairs[mentee, by][0]]
    return len(before) + 1


def turned_by(case, wishes, even, keep, given_only=False):
    kept = frozenset((f"m{mentee}", f"s{by}") for mentee, by in list(case.pairs)[::2]) | {("gone", "s0")}
    return Knobs(wishes, even, keep, kept, given_only)


@given(cases(), SETTINGS)
def test_a_turned_round_is_the_best_of_all_by_what_was_asked_for(case, values):
    knobs = turned_by(case, *values)
    market = case.market()
    matching, proof = match_turned(market, knobs)
    chosen = case.named(market, matching)
    every = list(case.all_matchings())
    assert chosen in every
    assert (len(chosen), worth(case, knobs, chosen)) == max(
        (len(one), worth(case, knobs, one)) for one in every
    )
    assert (proof.total, proof.bound, proof.gap) == (worth(case, knobs, chosen), proof.total, 0)


@given(cases())
def test_with_no_knob_turned_nothing_changes(case):
    market = case.market()
    matching, proof = match_turned(market, Knobs())
    plain = match_optimal(market)
    assert matching.supervisor.tolist() == plain.supervisor.tolist()
    assert proof.bound == prove(market, plain).bound
    assert proof.prices.tolist() == prove(market, plain).prices.tolist()


@given(cases(), SETTINGS, st.data())
def test_of_all_that_are_best_the_one_that_moves_fewest_is_chosen(case, values, data):
    knobs = turned_by(case, *values)
    market = case.market()
    every = list(case.all_matchings())
    before = data.draw(st.sampled_from(every))
    now = {f"m{mentee}": f"s{by}" for mentee, by in before.items()}
    matching, proof = match_turned(market, knobs, now)
    chosen = case.named(market, matching)
    best = max((len(one), worth(case, knobs, one)) for one in every)
    assert (len(chosen), worth(case, knobs, chosen)) == best
    assert proof.gap == 0

    def stays(one):
        return sum(before.get(mentee) == by for mentee, by in one.items())

    equals = [one for one in every if (len(one), worth(case, knobs, one)) == best]
    assert stays(chosen) == max(stays(one) for one in equals)


@given(cases(), SETTINGS)
def test_a_burden_counts_in_parts_of_a_point_where_the_scores_do(case, values):
    market, knobs = case.market(), turned_by(case, *values)
    _asked, unit = favoured(market, {"m0": "s0"})
    places, whole = Burden(knobs.even).places(market)
    _places, parts = Burden(knobs.even, unit).places(market)
    assert parts.tolist() == [unit * cost for cost in whole.tolist()]
    assert len(places) == len(parts)


@given(cases(), st.integers(1, 40))
def test_the_bound_with_a_burden_holds_for_every_matching(case, even):
    market, knobs = case.market(), Knobs(even=even)
    weight = market.person_weight + 2 * even
    best = max(worth(case, knobs, one) + weight * len(one) for one in case.all_matchings())
    for matching in (match_stable(market), match_optimal(market)):
        proof = prove(market, matching, burden=Burden(even))
        assert proof.gap >= best - (proof.total + weight * proof.matched) >= 0


@given(cases(), SETTINGS)
def test_a_curve_tells_what_each_value_comes_to(case, values):
    beside = turned_by(case, *values)
    market = case.market()
    for knob in ("wishes", "even", "keep"):
        points = curve(market, knob, (0, 3), beside)
        for point in points:
            knobs = Knobs(**(vars(beside) | {knob: point.value}))
            chosen = case.named(market, match_turned(market, knobs)[0])
            free = [pair for pair in chosen.items() if pair not in case.pinned]
            load = [list(chosen.values()).count(by) for by, places in enumerate(case.places) if places]
            assert (point.matched, point.total, point.gap) == (len(chosen), case.total(chosen), 0)
            assert (point.placed, point.first, point.top_three) == (
                len(free),
                sum(rank(case, *pair) <= 1 for pair in free),
                sum(rank(case, *pair) <= 3 for pair in free),
            )
            assert (point.most_load, point.least_load) == ((max(load), min(load)) if load else (0, 0))
            assert point.kept == sum((f"m{one}", f"s{by}") in beside.kept for one, by in chosen.items())


def market_of_a_town(supervisors=12, mentees=80):
    """Everybody may go everywhere within reach; some supervisors are wanted by all."""
    chance = np.random.default_rng(3)
    pairs = {
        (mentee, by): (int(chance.integers(0, 100)) + 40 * (by < 3), 0, 0)
        for mentee in range(mentees)
        for by in range(supervisors)
        if chance.random() < 0.6
    }
    return Case((12,) * supervisors, mentees, pairs, (), frozenset()).market()


def test_what_is_turned_up_grows_and_the_total_pays_for_it():
    market = market_of_a_town()
    wishes = curve(market, "wishes", (0, 1, 5, 50))
    assert [point.total for point in wishes] == sorted((point.total for point in wishes), reverse=True)
    assert wishes[-1].top_three_share >= wishes[0].top_three_share
    even = curve(market, "even", (0, 20, 200, 2000))
    assert [point.total for point in even] == sorted((point.total for point in even), reverse=True)
    assert even[0].most_load - even[0].least_load > even[-1].most_load - even[-1].least_load
    earlier = match_stable(market).supervisor.tolist()
    kept = frozenset(
        (market.mentees[one], market.supervisors[by]) for one, by in enumerate(earlier) if by >= 0
    )
    keep = curve(market, "keep", (0, 10, 1000), Knobs(kept=kept))
    assert [point.kept for point in keep] == sorted(point.kept for point in keep)
    assert keep[-1].kept == len(kept) and keep[0].kept < len(kept)
    assert all(point.gap == 0 and point.matched == 80 for point in (*wishes, *even, *keep))


def test_ranks_that_were_not_given_follow_those_that_were():
    case = Case(
        (1,) * 4,
        1,
        {(0, 0): (5, 0, 0), (0, 1): (9, 0, 0), (0, 2): (1, 2, 0), (0, 3): (5, 0, 0)},
        (),
        frozenset(),
    )
    market = case.market()
    ranks = {
        market.supervisors[by]: int(one) for by, one in zip(market.supervisor, ranks_of(market), strict=True)
    }
    assert ranks == {"s2": 2, "s1": 2, "s0": 3, "s3": 3}


def test_a_knob_turned_beyond_what_can_be_added_up_is_refused():
    with pytest.raises(MarketFault) as found:
        match_turned(market_of_a_town(), Knobs(wishes=10**15))
    assert found.value.kind == "too_wide"


def test_values_to_look_at_follow_how_far_the_scores_lie_apart():
    market = market_of_a_town()
    assert steps_for(market, "even")[:3] == [0, 1, 2]
    assert steps_for(market, "even")[-1] == int(market.score.max() - market.score.min())


def test_who_wished_for_nobody_never_costs_those_who_did_a_wish():
    """m0 wishes for s1, whom m1 would get by score alone; turned up, the wish is granted although m1 then comes off worse."""
    case = Case(
        (1, 1),
        2,
        {(0, 0): (9, 0, 0), (0, 1): (5, 1, 0), (1, 0): (1, 0, 0), (1, 1): (9, 0, 0)},
        (),
        frozenset(),
    )
    market = case.market()
    assert case.named(market, match_turned(market, Knobs(given_only=True))[0]) == {0: 0, 1: 1}
    assert case.named(market, match_turned(market, Knobs(wishes=9, given_only=True))[0]) == {0: 1, 1: 0}


@given(cases(), st.integers(0, 5), st.integers(0, 5))
def test_turned_up_the_wishes_that_were_given_are_met_no_worse(case, low, more):
    def cost(wishes):
        market = case.market()
        knobs = Knobs(wishes, given_only=True)
        chosen = case.named(market, match_turned(market, knobs)[0])
        fixed = dict(case.pinned)
        return sum(rank(case, one, by, True) ** 2 - 1 for one, by in chosen.items() if one not in fixed)

    assert cost(low + more) <= cost(low)
