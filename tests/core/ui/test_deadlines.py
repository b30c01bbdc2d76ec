from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.ui.deadlines import distance_to

TODAY = date(2026, 3, 5)


@given(st.integers(-5000, 5000))
def test_the_distance_is_the_number_of_midnights_between(days: int) -> None:
    assert distance_to(TODAY + timedelta(days=days), today=TODAY).days == days


def test_the_tone_grows_louder_as_the_day_comes_near_and_falls_silent_after_it() -> None:
    tones = [distance_to(TODAY + timedelta(days=n), today=TODAY).tone for n in (8, 7, 3, 2, 0, -1)]
    assert tones == ["plain", "warn", "warn", "bad", "bad", "past"]
