"""Who may be nominated, and who is ahead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.awards.policy import (
    Bar,
    Facts,
    Given,
    Indicator,
    Nominee,
    Rule,
    bars,
    complete_sheets,
    months_before,
    rank,
)

WHEN = datetime(2026, 5, 1, tzinfo=UTC)
INDICATORS = [Indicator(1, 50), Indicator(2, 30), Indicator(3, 20)]
MEMBERS, PEOPLE = range(1, 5), range(1, 6)
PAIRS = st.sets(st.tuples(st.sampled_from(MEMBERS), st.sampled_from(PEOPLE)))
CELLS = [(member, person, one.key) for member in MEMBERS for person in PEOPLE for one in INDICATORS]
SCORES = st.dictionaries(st.sampled_from(CELLS), st.integers(0, 100)).map(
    lambda cells: [Given(*cell, value) for cell, value in sorted(cells.items())]
)
VOTES = st.lists(st.integers(0, 50), min_size=5, max_size=5)
SHARE = st.integers(0, 50)


def people(votes=(0,) * 5):
    return [Nominee(key, WHEN + timedelta(hours=key), votes[key - 1]) for key in PEOPLE]


@given(SCORES, PAIRS, VOTES, SHARE)
def test_a_score_where_a_conflict_lies_never_counts(scores, conflicts, votes, share):
    found = rank(people(votes), INDICATORS, scores, conflicts, share)
    honest = [one for one in scores if (one.member, one.nominee) not in conflicts]
    assert found == rank(people(votes), INDICATORS, honest, conflicts, share)
    bribed = honest + [Given(m, p, one.key, 100) for m, p in conflicts for one in INDICATORS]
    assert found == rank(people(votes), INDICATORS, bribed, conflicts, share)


@given(SCORES, PAIRS, VOTES, SHARE, st.randoms())
def test_the_order_in_which_things_are_read_decides_nothing(scores, conflicts, votes, share, shuffle):
    found = rank(people(votes), INDICATORS, scores, conflicts, share)
    everybody, indicators, again = people(votes), list(INDICATORS), list(scores)
    for things in (everybody, indicators, again):
        shuffle.shuffle(things)
    assert rank(everybody, indicators, again, conflicts, share) == found


@given(SCORES, PAIRS, VOTES, SHARE)
def test_everybody_has_a_place_and_more_is_never_behind_less(scores, conflicts, votes, share):
    found = rank(people(votes), INDICATORS, scores, conflicts, share)
    assert [one.rank for one in found] == list(range(1, 6))
    assert [one.total for one in found] == sorted((one.total for one in found), reverse=True)
    assert all(0 <= one.total <= 100 for one in found)
    for one in found:
        sheets = complete_sheets(one.nominee, INDICATORS, scores, conflicts)
        assert one.judged_by == len(sheets) and all(len(sheet) == 3 for sheet in sheets.values())


def sheet(member, nominee, *values):
    return [Given(member, nominee, one.key, value) for one, value in zip(INDICATORS, values, strict=False)]


def test_the_mean_of_weighted_sums_the_vote_in_proportion_and_ties():
    scores = (
        sheet(1, 1, 90, 80, 70) + sheet(2, 1, 80, 80, 80) + sheet(1, 2, 90, 90, 90) + sheet(2, 2, 100, 100)
    )
    first, second = rank(people()[:2], INDICATORS, scores, ())
    assert (first.nominee, first.total, first.judged_by) == (2, Decimal("90.00"), 1)  # half a sheet is none
    assert second.total == Decimal("81.50") and second.means[1] == Decimal("85.00")
    voted = [Nominee(1, WHEN, 40), Nominee(2, WHEN, 10)]
    assert [one.nominee for one in rank(voted, INDICATORS, scores, (), 20)] == [1, 2]
    assert rank(voted, INDICATORS, scores, (), 20)[0].total == Decimal("85.20")
    # the same sum: whoever is better under the heaviest indicator; the same in all: whoever accepted earlier
    tied = sheet(1, 1, 80, 80, 80) + sheet(1, 2, 86, 70, 80) + sheet(1, 3, 80, 80, 80)
    assert [one.nominee for one in rank(people()[:3], INDICATORS, tied, ())] == [2, 1, 3]
    assert [one.judged_by for one in rank(people()[:1], INDICATORS, (), ())] == [0]


def test_the_total_is_rounded_once():
    thirds = [Indicator(1, 33), Indicator(2, 33), Indicator(3, 34)]
    scores = [
        Given(member, 1, one.key, value)
        for member, values in ((1, (80, 80, 80)), (2, (79, 80, 81)))
        for one, value in zip(thirds, values, strict=True)
    ]
    (place,) = rank([Nominee(1, WHEN, 7)], thirds, scores, (), 50)

    assert place.panel == Decimal("80.01")  # 80.005, as it is shown
    assert place.total == Decimal("90.00")  # 90.0025, not 90.005


def test_months_are_calendar_months():
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2026, 3, 31), 13) == date(2025, 2, 28)
    assert months_before(date(2026, 1, 15), 24) == date(2024, 1, 15)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (Facts("00010002", date(2024, 5, 1)), []),
        (Facts("00010002", date(2024, 5, 2)), [Bar.UNQUALIFIED]),
        (Facts("0002", None, True), [Bar.OUTSIDE, Bar.UNQUALIFIED, Bar.CONDUCT]),
        (Facts(""), [Bar.OUTSIDE, Bar.UNQUALIFIED]),
    ],
)
def test_what_bars_somebody(facts, found):
    assert bars(Rule("0001", 24, 36), facts, date(2026, 5, 1)) == found
    assert Bar.UNQUALIFIED not in bars(Rule("0001", None, None), facts, date(2026, 5, 1))
