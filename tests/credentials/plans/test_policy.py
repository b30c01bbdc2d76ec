"""Progress, shares and counting up the tree."""

from hypothesis import given
from hypothesis import strategies as st

from credentials.plans.policy import Division, Progress, below, misfits

NUMBERS = st.integers(0, 10_000)
PATHS = st.text("ab", min_size=1, max_size=3).map(lambda text: "".join(f"000{sign}" for sign in text))


@given(NUMBERS, NUMBERS)
def test_a_hundred_per_cent_is_said_of_what_is_reached_only(number, done):
    progress = Progress(number, done)
    assert (progress.percent == 100) == progress.reached == (progress.missing == 0)


@given(NUMBERS, st.lists(NUMBERS, max_size=5))
def test_shares_are_over_or_under_never_both(number, shares):
    division = Division(number, sum(shares), len(shares))
    assert not (division.over and division.under)
    if shares:
        assert division.shared == number + division.over - division.under


@given(st.lists(st.tuples(PATHS, st.integers(1, 9)), max_size=20))
def test_whoever_counts_below_counts_above_and_once(facts):
    counted = below(facts, 4)
    of = {person: path for path, person in facts}
    for above in {path[:end] for path in of.values() for end in range(4, len(path) + 1, 4)}:
        assert counted[above] == sum(path.startswith(above) for path in of.values())


def test_each_kind_is_narrowed_by_what_it_has():
    every = {"course": True, "level": True, "route": True, "sector": True}
    assert misfits("trained", **every) == {"sector"}
    assert misfits("qualified", **every) == {"course", "route", "sector"}
    assert misfits("posted", **every) == {"course", "level", "route"}
