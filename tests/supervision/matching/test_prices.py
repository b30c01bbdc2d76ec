"""What prices say: who is short, in words, and where to recruit."""

from __future__ import annotations

import numpy as np
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from supervision.matching.files import price_words, reason_words, speak
from supervision.matching.policy import (
    Area,
    Demand,
    Short,
    Stranded,
    demanded,
    match_optimal,
    prove,
    short_ones,
    shortage,
)
from tests.supervision.matching.test_policy import Case, cases


@given(cases())
def test_a_short_supervisor_is_one_whose_lost_place_the_round_would_feel(case):
    market = case.market()
    proof = prove(market, match_optimal(market))
    shorts = short_ones(market.supervisors, market.places, proof.prices, proof.person_weight)
    assert [one.price for one in shorts] == sorted((one.price for one in shorts), reverse=True)
    for one in shorts:
        number = int(one.supervisor[1:])
        fewer = tuple(places - (by == number) for by, places in enumerate(case.places))
        most, total = max((len(each), case.total(each)) for each in case.all_matchings())
        less = Case(fewer, case.mentees, case.pairs, case.pinned, case.forbidden)
        other, other_total = max((len(each), case.total(each)) for each in less.all_matchings())
        assert (one.persons, one.points) == (most - other, total - other_total)


def test_the_sentences_say_persons_and_points():
    speak("zh_Hans")
    try:
        said = [price_words(Short("周督导", 0, persons, points)) for persons, points in PRICES]
    finally:
        speak("")
    assert said == [
        "督导“周督导”紧缺：少一个名额，本轮总分减少 189 分。",
        "督导“周督导”紧缺：少一个名额，就会多一人没有督导。",
        "督导“周督导”紧缺：少一个名额，就会多一人没有督导，其余各对的总分还会减少 7 分。",
        "督导“周督导”紧缺：少一个名额，就会多一人没有督导，不过其余各对的总分会增加 7 分。",
    ]


def test_within_the_site_they_are_in_the_language_of_whoever_asks():
    with override("en"):
        assert (
            price_words(Short("SV 1", 0, 0, 1))
            == "Supervisor SV 1 is short: one place fewer costs the round 1 point."
        )
        assert price_words(Short("SV 1", 0, 0, 189)).endswith("costs the round 189 points.")
        assert reason_words(Stranded("m", "full", 6)) == "None: all 6 supervisors in reach are full."
    with override("zh-hans"):
        assert price_words(Short("SV1", 0, 0, 189)) == "督导“SV1”紧缺：少一个名额，本轮总分减少 189 分。"


PRICES = ((0, 189), (1, 0), (1, 7), (1, -7))


def test_prices_are_summed_by_district_and_field_the_dearest_first():
    shorts = short_ones(
        ["a", "b", "c", "d", "e"], np.array([1, 2, 3, 4, 0]), np.array([90, 5, 0, 7, 80]), 100
    )
    assert [(one.supervisor, one.persons, one.points) for one in shorts] == [
        ("a", 1, -10),
        ("d", 0, 7),
        ("b", 0, 5),
    ]
    areas = [("b", "金水", "司法"), ("a", "中原", "医务"), ("b", "中原", "医务"), ("c", "二七", "司法")]
    assert shortage(shorts, areas, {"a": 1, "b": 2, "c": 3, "d": 4}) == [
        Area("中原", "医务", 2, 3, 2, 1, -5, 95),
        Area("", "", 1, 4, 1, 0, 7, 7),
        Area("金水", "司法", 1, 2, 1, 0, 5, 5),
        Area("二七", "司法", 1, 3, 0, 0, 0, 0),
    ]


@given(cases(), st.data())
def test_no_price_is_lost_in_the_sum(case, data):
    market = case.market()
    proof = prove(market, match_optimal(market))
    shorts = short_ones(market.supervisors, market.places, proof.prices, proof.person_weight)
    some = data.draw(st.lists(st.sampled_from(list(market.supervisors)), unique=True))
    found = shortage(shorts, [(one, "区", one) for one in some], market.all_places)
    assert sum(one.price for one in found) == sum(one.price for one in shorts)
    assert sum(one.places for one in found) == sum(case.places)


def test_prices_are_summed_by_where_the_mentees_come_from_the_worst_first():
    shorts = [Short("a", 90, 1, -10), Short("b", 7, 0, 7)]
    mentees = [
        ("金水", ["司法", "医务"], "a"),
        ("金水", ["司法"], ""),
        ("中原", [], "b"),
        ("中原", [], "c"),
        ("二七", ["医务"], ""),
    ]
    assert demanded(mentees, shorts) == [
        Demand("金水", "司法", 2, 1, 1, 1, 0),
        Demand("二七", "医务", 1, 1, 0, 0, 0),
        Demand("金水", "医务", 1, 0, 1, 1, 0),
        Demand("中原", "", 2, 0, 1, 0, 7),
    ]


@given(cases())
def test_every_dear_place_that_is_taken_counts_where_its_mentee_comes_from(case):
    market = case.market()
    matching = match_optimal(market)
    proof = prove(market, matching)
    shorts = short_ones(market.supervisors, market.places, proof.prices, proof.person_weight)
    chosen = case.named(market, matching)
    mentees = [
        (f"区{one % 2}", ["司法"], f"s{chosen[one]}" if one in chosen else "") for one in range(case.mentees)
    ]
    found = demanded(mentees, shorts)
    price_of = {one.supervisor: one for one in shorts}
    taken = [price_of[by] for _d, _f, by in mentees if by in price_of]
    assert sum(one.left for one in found) == case.mentees - len(chosen)
    assert sum(one.mentees for one in found) == case.mentees
    assert sum(one.persons for one in found) == sum(one.persons for one in taken)
    assert sum(one.points for one in found) == sum(max(one.points, 0) for one in taken)
