"""Folding figures up the tree loses and doubles nothing; allowances come to cents by the rate."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.reports.policy import (
    Fact,
    Rate,
    Rated,
    allowance,
    fold,
    hours,
    month_of,
    share,
    year_of,
)

PATHS = ["0001", "00010001", "00010002", "000100010001", "000100010002", "000100020001"]
facts = st.lists(
    st.builds(
        Fact, st.sampled_from([*PATHS, "0002"]), st.sampled_from(["sessions", "minutes"]), st.integers(0, 90)
    )
)


@given(facts)
def test_every_number_is_in_one_row_and_all_of_them_in_the_total(rows):
    children = [("00010001", "东区"), ("00010002", "西区")]
    found, total = fold(("0001", "全市"), children, rows, [])
    inside = [fact for fact in rows if fact.path.startswith("0001")]
    for what in ("sessions", "minutes"):
        expected = sum(fact.number for fact in inside if fact.what == what)
        assert total[what] == sum(row[what] for row in found) == expected


def test_the_chosen_place_has_a_row_only_for_what_is_its_own():
    children = [("00010001", "东区")]
    found, _total = fold(("0001", "全市"), children, [Fact("000100010001", "sessions", 2)], [])
    assert [row.name for row in found] == ["东区"]
    found, _total = fold(("0001", "全市"), children, [Fact("0001", "sessions", 2)], [])
    assert [row.name for row in found] == ["全市", "东区"]


def test_a_place_without_children_is_one_row():
    found, total = fold(
        ("0001", "站"), [], [Fact("0001", "sessions", 2), Fact("00010001", "sessions", 1)], []
    )
    assert [(row.name, row["sessions"]) for row in found] == [("站", 3)]
    assert total["sessions"] == 3


def test_quality_is_weighed_by_the_people_behind_it():
    rated = [Rated("00010001", 5, Decimal("3.0")), Rated("00010002", 15, Decimal("4.0"))]
    rows, total = fold(("0001", "全市"), [("00010001", "东"), ("00010002", "西")], [], rated)
    assert [row.quality for row in rows] == [Decimal("3.0"), Decimal("4.0")]
    assert total.quality == Decimal("3.8")
    assert fold(("0001", "站"), [], [], [])[1].quality is None


def test_shares_of_nothing_are_nothing():
    assert share(0, 0) is None
    assert (share(1, 3), hours(90), hours(0)) == (Decimal("33.3"), Decimal("1.5"), Decimal("0.0"))


def test_months_and_years_by_the_calendar():
    assert month_of(date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert month_of(date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
    assert year_of(date(2026, 5, 5)) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("per", "amount", "sessions", "minutes", "due"),
    [
        ("month", "500", 1, 30, "500.00"),
        ("month", "500", 0, 0, "0.00"),
        ("session", "120.50", 3, 200, "361.50"),
        ("hour", "100", 2, 90, "150.00"),
        ("hour", "100", 1, 50, "83.33"),
        ("hour", "0.01", 1, 30, "0.01"),
    ],
)
def test_an_allowance_by_month_session_or_hour(per, amount, sessions, minutes, due):
    assert allowance(Rate(per, Decimal(amount)), sessions, minutes) == Decimal(due)


def test_without_a_rate_nothing_is_due():
    assert allowance(None, 9, 900) == Decimal("0.00")
