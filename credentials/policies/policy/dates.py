"""Calendar arithmetic of policies: years and months as the calendar has them, never as so many days."""

from __future__ import annotations

import calendar
import datetime

ONE_DAY = datetime.timedelta(days=1)


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day so many calendar months later (earlier, below zero); where that month is shorter, its last day.

    So counts the Civil Code (民法典 §§ 201–202): the day it begins is not counted, the last day is the corresponding one,
    and without such a day the last of the month. Raises OverflowError beyond the calendar.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise OverflowError(f"{months} months after {day} is outside the calendar")
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def full_from(day: datetime.date, months: int) -> datetime.date:
    """The day from which so many calendar months that begin on `day`, this one counted, are over: the corresponding day, or the
    first of the next month where the last one has none. Raises OverflowError beyond the calendar."""
    found = months_after(day, months)
    return found + ONE_DAY if found.day < day.day else found


def whole_months(year: int, first: datetime.date, last: datetime.date | None) -> range:
    """The months of a year that lie as a whole between two days, both included; without a last day it goes on for ever."""
    begins, ends = (1 if first.year < year else 13), (12 if last is None or last.year > year else 0)
    if first.year == year:
        begins = first.month if first.day == 1 else first.month + 1
    if last is not None and last.year == year:
        ends = last.month if (last + ONE_DAY).month != last.month else last.month - 1
    return range(begins, ends + 1)


def within_last_day(day: datetime.date, months: int, days: int, *, eve: bool = False) -> datetime.date:
    """The last day of a window of so many months and days after `day`; with `eve` it ends the day before that."""
    last = months_after(day, months) if months else day
    last += datetime.timedelta(days=days)
    return last - ONE_DAY if eve else last
