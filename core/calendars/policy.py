"""Whether a day is worked. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date


def is_working(day: date, off: Collection[date], worked: Collection[date] = ()) -> bool:
    """Whether people work on this day, by its weekday, the holidays, and the weekends that are worked in exchange. A holiday
    comes first: nobody is held to a day that is entered as off."""
    return day not in off and (day.weekday() < 5 or day in worked)
