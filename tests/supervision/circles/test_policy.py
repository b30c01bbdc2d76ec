from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from supervision.circles.policy import (
    GatheringFacts,
    in_minutes,
    leader_counts,
    next_leader,
    problems_of_log,
    problems_of_plan,
)

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
MINUTES = st.integers(-600, 600)


@given(MINUTES, st.dictionaries(st.integers(1, 9), st.integers(-5, 600)))
def test_what_can_be_recorded_has_somebody_who_was_there_no_longer_than_it_lasted(length, came):
    starts_at = NOW - timedelta(days=1)
    facts = GatheringFacts(starts_at, starts_at + timedelta(minutes=length), functions=("educational",))
    possible = not problems_of_log(facts, came, now=NOW)
    assert possible == (
        1 <= length <= 480 and bool(came) and all(1 <= each <= length for each in came.values())
    )


@given(MINUTES, st.integers(-400 * 24, 400 * 24))
def test_a_plan_lies_ahead_within_a_year(length, hours):
    starts_at = NOW + timedelta(hours=hours)
    possible = not problems_of_plan(starts_at, starts_at + timedelta(minutes=length), now=NOW)
    assert possible == (1 <= length <= 480 and 0 <= hours <= 366 * 24)


@given(st.lists(st.integers(1, 20), unique=True), st.dictionaries(st.integers(1, 20), st.integers(0, 99)))
def test_who_led_longest_ago_is_next_and_who_never_did_before_all(members, days):
    led = {person: NOW - timedelta(days=ago) for person, ago in days.items()}
    found = next_leader(members, led)
    if not members:
        assert found is None
    elif any(person not in led for person in members):
        assert found == next(person for person in members if person not in led)
    else:
        assert led[found] == min(led[person] for person in members)


def test_one_confirmation_makes_the_leaders_minutes_count():
    assert [leader_counts(number) for number in (0, 1, 5)] == [False, True, True]


@given(
    parts=st.lists(st.integers(1, 97), min_size=1, max_size=4, unique=True),
    minutes=st.integers(0, 480),
)
def test_percent_become_whole_minutes_that_add_up(parts: list[int], minutes: int) -> None:
    rest = 100 - sum(parts)
    assume(rest > 0)
    percent = {f"f{place}": part for place, part in enumerate([*parts, rest])}
    found = in_minutes(percent, minutes)
    assert sum(found.values()) == minutes
    assert all(abs(found[name] - percent[name] * minutes / 100) < 1 for name in percent)
