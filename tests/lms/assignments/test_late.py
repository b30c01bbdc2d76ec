from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.policy import LateRule, days_late, deduct, is_accepted, late_words

OVER = datetime(2026, 11, 1)
RULES = st.builds(
    LateRule,
    days=st.none() | st.integers(0, 1000),
    percent=st.integers(0, 100),
    floor=st.integers(0, 100),
)
SCORES = st.integers(0, 1000).flatmap(lambda top: st.tuples(st.integers(0, top), st.just(max(top, 1))))


@pytest.mark.parametrize(
    ("after", "days"),
    [(timedelta(seconds=-1), 0), (timedelta(0), 1), (timedelta(hours=23), 1), (timedelta(days=1), 2)],
)
def test_every_day_begun_counts(after, days):
    assert days_late(OVER, OVER + after) == days
    assert days_late(None, OVER + after) == 0


@given(SCORES, st.integers(0, 4000), RULES)
def test_lateness_never_adds_and_never_leaves_less_than_nothing(score, late, rule):
    given_score, top = score
    found = deduct(given_score, top=top, late=late, rule=rule)
    assert 0 <= found.after <= found.before == given_score
    assert found.after + found.taken == found.before


@given(SCORES, st.integers(0, 100), RULES)
def test_a_day_more_never_takes_less(score, late, rule):
    given_score, top = score
    one, more = (deduct(given_score, top=top, late=days, rule=rule).taken for days in (late, late + 1))
    assert one <= more


@given(SCORES, st.integers(0, 100), RULES)
def test_no_work_falls_below_the_floor_by_being_late(score, late, rule):
    given_score, top = score
    after = deduct(given_score, top=top, late=late, rule=rule).after
    assert after * 100 >= min(given_score * 100, top * rule.floor)


@given(st.integers(0, 99), st.integers(0, 100), RULES)
def test_better_work_stays_at_least_as_good(score, late, rule):
    worse, better = (deduct(each, top=100, late=late, rule=rule).after for each in (score, score + 1))
    assert worse <= better


@given(SCORES, RULES)
def test_in_time_nothing_is_taken(score, rule):
    given_score, top = score
    assert deduct(given_score, top=top, late=0, rule=rule).taken == 0
    assert is_accepted(rule, 0)


@pytest.mark.parametrize(
    ("score", "late", "rule", "after"),
    [
        (80, 1, LateRule(percent=10), 70),
        (80, 3, LateRule(percent=10, floor=60), 60),
        (50, 3, LateRule(percent=10, floor=60), 50),
        (80, 20, LateRule(percent=10), 0),
        (80, 5, LateRule(), 80),
        (5, 1, LateRule(percent=1), 4),
    ],
)
def test_what_stays_of_a_score(score, late, rule, after):
    assert deduct(score, top=100, late=late, rule=rule).after == after


@pytest.mark.parametrize(
    ("days", "late", "accepted"), [(None, 999, True), (0, 1, False), (3, 3, True), (3, 4, False)]
)
def test_until_when_late_work_is_accepted(days, late, accepted):
    assert is_accepted(LateRule(days=days), late) is accepted


def test_the_rule_is_said_in_words_with_its_last_day_and_its_points():
    rule = LateRule(days=3, percent=5, floor=40)
    said = late_words(rule, top=50, due_on=date(2026, 11, 1))
    assert said[0].values == {"day": date(2026, 11, 4)}
    assert said[1].values == {"points": "2.5", "percent": 5}
    assert said[2].values == {"points": 20}
    assert late_words(rule, top=50, due_on=None) == ()
    assert len(late_words(LateRule(days=0, percent=5), top=50, due_on=date(2026, 11, 1))) == 1
