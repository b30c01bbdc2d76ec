"""Why somebody got this supervisor: what is said of the one they would rather have is true."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import override
from hypothesis import given

from supervision.matching.files import why_words
from supervision.matching.policy import Why, match_optimal, match_stable, prove, why
from supervision.matching.policy.market import RANKED
from tests.supervision.matching.test_policy import Case, cases


@given(cases())
def test_everybody_with_a_supervisor_is_told_which_choice_it_is(case):
    market = case.market()
    matching = match_optimal(market)
    told = {int(one.mentee[1:]): one for one in why(market, matching)}
    chosen = case.named(market, matching)
    assert {one: int(each.supervisor[1:]) for one, each in told.items()} == chosen
    for one, by in chosen.items():
        if (one, by) in case.pinned:
            assert (told[one].choice, told[one].of, told[one].rather) == (0, 0, "")
            continue
        reach = [pair for pair in case.pairs if pair[0] == one and pair not in case.forbidden]
        before = [pair for pair in reach if likes(case, pair) > likes(case, (one, by))]
        assert (told[one].choice, told[one].of) == (1 + len(before), len(reach))
        assert (told[one].rather in {f"s{pair[1]}" for pair in before}) == bool(before)


def likes(case, pair):
    score, wish, _choice = case.pairs[pair]
    return RANKED - wish if wish else score


@given(cases())
def test_the_place_that_somebody_would_rather_have_costs_the_others_at_least_what_is_said(case):
    market = case.market()
    proof = prove(market, match_optimal(market))
    weight = proof.person_weight
    for one in why(market, match_optimal(market), proof.prices, weight):
        number = int(one.mentee[1:])
        if not one.rather or not case.places[int(one.rather[1:])]:
            continue
        moved = replace(case, pinned=(*case.pinned, (number, int(one.rather[1:]))))
        if [by for _, by in moved.pinned].count(int(one.rather[1:])) > case.places[int(one.rather[1:])]:
            continue  # pinned pairs alone fill it
        best = max(len(each) * weight + case.total(each) for each in moved.all_matchings())
        lost = proof.matched * weight + proof.total - best
        assert lost >= one.persons * weight + one.cost - one.gain >= 0


@given(cases())
def test_without_prices_whoever_has_the_place_is_liked_no_less_there(case):
    market = case.market()
    matching = match_stable(market)
    chosen = case.named(market, matching)
    for one in why(market, matching):
        if one.rather:
            by = int(one.rather[1:])
            others = [mentee for mentee, there in chosen.items() if there == by]
            assert len(others) == case.places[by]
            for other in others:
                if (other, by) not in case.pinned:
                    assert prefers(case, (other, by)) >= prefers(case, (int(one.mentee[1:]), by))


def prefers(case, pair):
    score, _wish, choice = case.pairs[pair]
    return RANKED - choice if choice else score


def test_the_sentences():
    one = Why("m", "SV1", 3, 6, "SV2", 12, 40)
    with override("en"):
        assert why_words(replace(one, choice=0, of=0, rather="")) == "Pinned before the round."
        assert why_words(replace(one, choice=1, of=1, rather="")) == "The only supervisor in reach."
        assert why_words(replace(one, choice=1, rather="")) == "The first of 6 choices."
        assert why_words(one) == (
            "Choice 3 of 6. SV2 would be worth 12 points more here, but a place there costs the others at least 40."
        )
        assert why_words(replace(one, persons=1)) == (
            "Choice 3 of 6. A place with SV2 would leave somebody else without a supervisor."
        )
        assert why_words(replace(one, gain=-5)) == (
            "Choice 3 of 6. SV2 is wished for more, but is not worth more points here."
        )
        assert why_words(replace(one, gain=0, cost=0), has_prices=False) == (
            "Choice 3 of 6. The places of SV2 are taken by mentees who are liked no less there."
        )
    with override("zh-hans"):
        assert (
            why_words(one)
            == "6 个选择中的第 3 个。与“SV2”结对会多 12 分，但占用其名额会使其他人至少少 40 分。"
        )


def test_what_somebody_would_rather_have_is_said_with_what_it_would_cost():
    case = Case(
        (1, 1),
        2,
        {(0, 0): (9, 0, 0), (0, 1): (4, 0, 0), (1, 0): (8, 0, 0), (1, 1): (1, 0, 0)},
        (),
        frozenset(),
    )
    market = case.market()
    proof = prove(market, match_optimal(market))
    told = {one.mentee: one for one in why(market, match_optimal(market), proof.prices, proof.person_weight)}
    assert (told["m0"].choice, told["m0"].rather, told["m0"].gain, told["m0"].cost) == (2, "s0", 5, 5)
    assert (told["m1"].choice, told["m1"].of) == (1, 2)
