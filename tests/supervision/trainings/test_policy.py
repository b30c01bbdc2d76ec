from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from supervision.trainings.policy import Attended, standing_of

DAYS = st.dates(date(2020, 1, 1), date(2027, 1, 1))
ROWS = st.lists(st.builds(Attended, DAYS, st.integers(1, 6000), st.booleans()), max_size=8)


def test_checked_training_since_the_designation_began_counts_and_the_rest_waits_or_is_over():
    rows = [
        Attended(date(2024, 1, 1), 600, True),
        Attended(date(2025, 1, 1), 480, True),
        Attended(date(2025, 6, 1), 120, False),
    ]
    found = standing_of(rows, date(2025, 1, 1), 540, "通知")
    assert (found.checked, found.waiting, found.missing, found.is_met) == (480, 120, 60, False)
    assert standing_of(rows, None).checked == 1080
    assert standing_of(rows, date(2025, 1, 1)).is_met


@given(ROWS, st.none() | DAYS, st.none() | st.integers(0, 9999))
def test_nothing_counts_twice_and_a_later_beginning_never_counts_more(rows, since, required):
    found = standing_of(rows, since, required)
    assert found.checked + found.waiting <= sum(row.minutes for row in rows)
    assert found.checked <= standing_of(rows, None, required).checked
    assert found.is_met == (found.missing == 0) == (found.checked >= (required or 0))
