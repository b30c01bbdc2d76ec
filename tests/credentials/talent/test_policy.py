"""Spans, full years and facets from counted groups."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from credentials.talent.policy import (
    IN_KIND,
    facets_of,
    few_words,
    first_days,
    fitting,
    kind_of,
    span_of,
    values_in,
    words_of,
)
from credentials.talent.states import HOURS, YEARS, Awarded, Part

VALUES = st.sampled_from([None, "a", "b"])
GROUPS = st.dictionaries(st.tuples(VALUES, VALUES, VALUES), st.integers(1, 50), max_size=12)
CHOSEN = st.dictionaries(st.sampled_from(["x", "y", "z"]), VALUES)
NAMES = ("x", "y", "z")


@given(GROUPS, CHOSEN)
def test_a_facet_counts_what_one_gets_by_choosing_it(groups, chosen):
    found = facets_of(NAMES, groups.items(), chosen)
    for name in NAMES:
        for value, number in found[name].items():
            assert number == fitting(NAMES, groups.items(), {**chosen, name: value})
        if name in chosen:
            assert found[name].get(chosen[name], 0) == fitting(NAMES, groups.items(), chosen)


@given(st.integers(0, 10_000))
def test_every_value_falls_into_one_span(value):
    number = span_of(value, HOURS)
    assert HOURS[number] <= value
    assert number + 1 == len(HOURS) or value < HOURS[number + 1]


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2090, 12, 31)))
def test_full_years_by_the_calendar_leap_days_too(today):
    days = first_days(today, YEARS)
    assert days[0] == today
    assert days == sorted(days, reverse=True)
    assert all(today.year - day.year == years for day, years in zip(days, YEARS, strict=True))


def test_words_and_small_numbers():
    assert words_of(" Zeng\0LI  曾 曾 ") == ("zengli", "曾")
    assert words_of("ＺｅｎｇＬＩ１\u3000中心（示例）") == ("zengli1", "中心（示例）")
    assert [few_words(number) for number in (0, 1, 4, 5)] == [0, None, None, 5]


NUMBER = st.none() | st.integers(1, 2**63 - 1)
ROUTE = st.sampled_from(["", "trained", "recruited", "promoted"])


PART, AWARDED = st.sampled_from(Part.values), st.sampled_from(Awarded.values)


@given(st.tuples(NUMBER, NUMBER, ROUTE, PART, st.integers(0, 5), AWARDED))
def test_a_kind_says_the_facets_it_was_made_of(values):
    kind = kind_of(**dict(zip(IN_KIND, values, strict=True)))
    assert values_in(kind) == values
    assert len(kind) <= 80
