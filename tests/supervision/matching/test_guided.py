"""Price-guided rounds against the market that has a row for every pair: what they find is the optimum over all of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision.matching.policy import (
    BARRED,
    MarketFault,
    all_pairs_of,
    blocking_of_all,
    blocking_pairs,
    guided,
    match_guided,
    match_optimal,
    match_stable,
    prove,
    prove_all,
    stranded_of_all,
)
from supervision.matching.policy.market import NOBODY, Matching
from supervision.matching.policy.proof import NotAllowed, prices_of


@pytest.fixture(autouse=True)
def few_at_a_time(monkeypatch):
    """One candidate of each kind to begin with: everything else must come by the prices."""
    monkeypatch.setattr(guided, "BEGIN", 1)


@dataclass(frozen=True)
class Crowd:
    places: tuple[int, ...]
    supervisor_group: tuple[int, ...]
    mentee_group: tuple[int, ...]
    worth: tuple[tuple[int | None, ...], ...]
    supervisor_traits: tuple[int, ...] = ()
    mentee_traits: tuple[int, ...] = ()
    trait_points: tuple[int, ...] = ()
    supervisor_points: tuple[int, ...] = ()
    own: dict[tuple[int, int], int] = field(default_factory=dict)
    apart: tuple[tuple[int, int], ...] = ()
    pinned: tuple[tuple[int, int], ...] = ()

    def pairs(self, by=None, of=None):
        """As the engine takes it; with the people in another order."""
        by, of = by or range(len(self.places)), of or range(len(self.mentee_group))
        at_by = {one: place for place, one in enumerate(by)}
        at_of = {one: place for place, one in enumerate(of)}

        def turned(pairs):
            return [(at_of[one], at_by[other]) for one, other in pairs]

        own = turned(self.own)
        return all_pairs_of(
            supervisors=[(f"s{one}", self.places[one]) for one in by],
            mentees=[f"m{one}" for one in of],
            supervisor_group=[self.supervisor_group[one] for one in by],
            mentee_group=[self.mentee_group[one] for one in of],
            worth=[[BARRED if points is None else points for points in row] for row in self.worth],
            supervisor_traits=[self.supervisor_traits[one] for one in by] if self.supervisor_traits else None,
            mentee_traits=[self.mentee_traits[one] for one in of] if self.mentee_traits else None,
            trait_points=self.trait_points,
            supervisor_points=[self.supervisor_points[one] for one in by] if self.supervisor_points else None,
            own=([one for one, _ in own], [other for _, other in own], list(self.own.values())),
            apart=turned(self.apart),
            pinned=turned(self.pinned),
        )

    def score(self, mentee, supervisor):
        """What the words of AllPairs say, said again."""
        if (mentee, supervisor) in self.apart:
            return None
        if (mentee, supervisor) in self.own:
            return self.own[mentee, supervisor]
        worth = self.worth[self.mentee_group[mentee]][self.supervisor_group[supervisor]]
        if worth is None:
            return None
        both = self.mentee_traits[mentee] & self.supervisor_traits[supervisor]
        traits = sum(points for bit, points in enumerate(self.trait_points) if both >> bit & 1)
        return worth + self.supervisor_points[supervisor] + traits

    def best(self):
        """(matched, total) of the best of every matching there is."""
        fixed = dict(self.pinned)
        people, everybody = range(len(self.mentee_group)), range(len(self.places))
        choices = [
            [fixed[one]]
            if one in fixed
            else [None, *(by for by in everybody if self.score(one, by) is not None)]
            for one in people
        ]
        found = []
        for picked in product(*choices):
            if all(picked.count(by) <= room for by, room in enumerate(self.places)):
                scores = [self.score(one, by) for one, by in enumerate(picked) if by is not None]
                found.append((len(scores), sum(scores)))
        return max(found)


@st.composite
def crowds(draw, most_supervisors=4, most_mentees=5):
    supervisors, mentees = draw(st.integers(1, most_supervisors)), draw(st.integers(1, most_mentees))
    here, there = draw(st.integers(1, 3)), draw(st.integers(1, 3))

    def many(numbers, count):
        return tuple(draw(st.lists(numbers, min_size=count, max_size=count)))

    places = many(st.integers(0, 3), supervisors)
    every = [(one, by) for one in range(mentees) for by in range(supervisors)]
    some = st.lists(st.sampled_from(every), unique=True, max_size=4)
    own = {pair: draw(st.integers(-4, 15)) for pair in draw(some)}
    crowd = Crowd(
        places,
        many(st.integers(0, there - 1), supervisors),
        many(st.integers(0, here - 1), mentees),
        tuple(many(st.none() | st.integers(-3, 9), there) for _ in range(here)),
        many(st.integers(0, 3), supervisors),
        many(st.integers(0, 3), mentees),
        (draw(st.integers(-2, 4)), draw(st.integers(0, 4))),
        many(st.integers(-2, 2), supervisors),
        own,
        tuple(draw(some)),
    )
    room, pinned = list(places), []
    for one, by in draw(some):
        if crowd.score(one, by) is not None and room[by] and one not in dict(pinned):
            pinned.append((one, by))
            room[by] -= 1
    return Crowd(**(vars(crowd) | {"pinned": tuple(pinned)}))


@given(crowds())
def test_it_is_as_good_as_the_best_of_all_matchings(crowd):
    pairs = crowd.pairs()
    found = match_guided(pairs)
    assert (found.proof.matched, found.proof.total) == crowd.best()
    assert (found.gap, found.proof.bound, found.proof.is_most) == (0, found.proof.total, True)
    prove(pairs.market(), found.matching)  # no rule is broken, by the other verifier as well


@settings(deadline=None)
@given(crowds(12, 60))
def test_it_is_as_good_as_the_market_with_a_row_for_every_pair(crowd):
    pairs = crowd.pairs()
    found, market = match_guided(pairs), pairs.market()
    full = prove(market, match_optimal(market, even=False))
    assert (found.proof.matched, found.proof.total, found.gap) == (full.matched, full.total, 0)
    prices = prices_of(market, found.matching.supervisor, pairs.person_weight)
    open_ = pairs.places > 0
    assert found.prices[open_].tolist() == prices[open_].tolist()


@given(crowds(), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(crowd, random):
    by, of = list(range(len(crowd.places))), list(range(len(crowd.mentee_group)))
    random.shuffle(by)
    random.shuffle(of)
    one, other = match_guided(crowd.pairs()), match_guided(crowd.pairs(by, of))
    assert one.matching.supervisor.tolist() == other.matching.supervisor.tolist()
    assert one.prices.tolist() == other.prices.tolist()


@given(crowds(), st.lists(st.integers(0, 60), min_size=4, max_size=4), st.integers(1, 2))
def test_the_bound_holds_from_any_prices_and_after_any_number_of_rounds(crowd, prices, rounds):
    pairs = crowd.pairs()
    matched, total = crowd.best()
    worth = total + pairs.person_weight * matched
    found = match_guided(pairs, most_rounds=rounds)
    for proof in (
        found.proof,
        prove_all(pairs, found.matching, np.array(prices[: len(crowd.places)])),
        prove_all(pairs, Matching(pairs.pinned), found.prices),
    ):
        assert proof.gap >= worth - (proof.total + pairs.person_weight * proof.matched) >= 0
        assert not proof.is_most or proof.matched == matched


@given(crowds())
def test_reasons_and_pairs_that_would_rather_leave_are_those_of_the_market(crowd):
    pairs = crowd.pairs()
    market = pairs.market()
    for matching in (match_stable(market), match_guided(pairs).matching, Matching(pairs.pinned)):
        assert blocking_of_all(pairs, matching) == blocking_pairs(market, matching)
        for one in stranded_of_all(pairs, matching):
            people = range(len(crowd.places))
            number = int(one.mentee[1:])
            reach = sum(crowd.score(number, by) is not None for by in people)
            bare = replace(crowd, apart=())
            listed = sum(bare.score(number, by) is not None for by in people)
            assert (one.reason, one.number) == (
                ("full", reach) if reach else ("forbidden", listed) if listed else ("none", 0)
            )


def test_a_round_ends_early_when_the_gap_is_small_enough_and_nobody_is_left_out_needlessly():
    chance = np.random.default_rng(1)
    pairs = all_pairs_of(
        supervisors=[(f"s{number}", 5) for number in range(60)],
        mentees=[f"m{number}" for number in range(300)],
        supervisor_group=list(range(60)),
        mentee_group=chance.integers(0, 120, 300).tolist(),
        worth=chance.integers(0, 1000, (120, 60)),
    )
    whole, early = match_guided(pairs), match_guided(pairs, within=0.05)
    assert whole.gap == 0 and whole.rounds > early.rounds
    assert early.proof.is_most and early.proof.matched == 300
    assert early.gap <= 0.05 * early.proof.total
    assert early.proof.total <= whole.proof.total <= early.proof.bound


def test_short_lists_strand_people_whom_the_prices_find_a_place():
    """All want the same supervisors: one candidate each leaves most without anybody."""
    worth = tuple(tuple(10 * (8 - by) for by in range(8)) for _ in range(8))
    crowd = Crowd((1,) * 8, tuple(range(8)), tuple(range(8)), worth)
    pairs = crowd.pairs()
    assert match_guided(pairs, most_rounds=1).proof.matched < 8
    assert match_guided(pairs).proof.matched == 8


def test_where_everybody_wants_the_same_a_few_rounds_are_enough():
    """The best candidates alone would move the crowd on by one supervisor in each round."""
    pairs = all_pairs_of(
        supervisors=[(f"s{number}", 2) for number in range(100)],
        mentees=[f"m{number}" for number in range(200)],
        supervisor_group=list(range(100)),
        mentee_group=list(range(200)),
        worth=np.tile(np.arange(100), (200, 1)),
    )
    found = match_guided(pairs)
    assert (found.proof.matched, found.gap) == (200, 0) and found.rounds <= 10


def test_nobody_at_all_is_matched_at_once():
    none = {"supervisor_group": [], "worth": np.zeros((1, 0))}
    found = match_guided(all_pairs_of(supervisors=[], mentees=["m"], mentee_group=[0], **none))
    assert (found.proof.matched, found.gap, found.matching.supervisor.tolist()) == (0, 0, [NOBODY])
    found = match_guided(all_pairs_of(supervisors=[], mentees=[], mentee_group=[], **none))
    assert (found.proof.matched, found.gap) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "row", "more"),
    [
        ("pinned_twice", 1, {"pinned": ((0, 0), (0, 1))}),
        ("pinned_not_allowed", 0, {"pinned": ((1, 0),)}),
        ("pinned_forbidden", 0, {"pinned": ((0, 0),), "apart": ((0, 0),)}),
        ("pinned_over", 1, {"pinned": ((0, 1), (2, 1))}),
    ],
)
def test_pins_that_contradict_are_named(kind, row, more):
    crowd = Crowd((2, 1), (0, 1), (0, 1, 0), ((3, 4), (None, 2)), **more)
    with pytest.raises(MarketFault) as found:
        crowd.pairs()
    assert (found.value.kind, found.value.row) == (kind, row)


def test_an_own_pair_stands_once():
    with pytest.raises(MarketFault) as found:
        all_pairs_of(
            supervisors=[("s", 1)],
            mentees=["m"],
            supervisor_group=[0],
            mentee_group=[0],
            worth=[[1]],
            own=([0, 0], [0, 0], [3, 4]),
        )
    assert (found.value.kind, found.value.table, found.value.row) == ("twice", "own", 1)


def test_a_matching_that_breaks_a_rule_is_never_proved():
    crowd = Crowd((1, 1), (0, 1), (0, 0, 1), ((3, 4), (None, 2)), pinned=((0, 0),))
    pairs = crowd.pairs()
    first, other, third = (pairs.mentees.index(f"m{number}") for number in range(3))
    by = [pairs.supervisors.index(f"s{number}") for number in range(2)]
    for changes in ({first: by[1]}, {other: by[0]}, {other: by[1], third: by[1]}, {third: by[0]}):
        wrong = pairs.pinned.copy()
        for mentee, supervisor in changes.items():
            wrong[mentee] = supervisor
        with pytest.raises(NotAllowed):
            prove_all(pairs, Matching(wrong), np.zeros(2, np.int64))
