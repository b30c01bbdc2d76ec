"""Which days are holidays, which weekends are worked, and for which years nobody has said so yet."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from core.calendars.models import Holiday


def holidays_on(days: Iterable[datetime.date]) -> dict[datetime.date, str]:
    """Which of these days are holidays, and their names. One query."""
    return {day: row.name for day, row in _entered(days) if not row.is_worked}


def off_and_worked(days: Iterable[datetime.date]) -> tuple[set[datetime.date], set[datetime.date]]:
    """Which of these days are holidays, and which Saturdays and Sundays people work on: the two sets that `is_working` of the
    policy goes by. One query."""
    entered = _entered(days)
    off = {day for day, row in entered if not row.is_worked}
    return off, {day for day, row in entered if row.is_worked}


def _entered(days: Iterable[datetime.date]) -> list[tuple[datetime.date, Holiday]]:
    """Each of these days with what is entered of it. One query."""
    wanted = sorted(set(days))
    if not wanted:
        return []
    rows = list(Holiday.objects.active().filter(starts_on__lte=wanted[-1], ends_on__gte=wanted[0]))
    return [(day, row) for day in wanted for row in rows if row.starts_on <= day <= row.ends_on]


def years_without_holidays(days: Iterable[datetime.date]) -> list[int]:
    """The years of these days for which nobody has entered holidays yet: there, nothing can warn. One query."""
    known = set(Holiday.objects.active().filter(is_worked=False).values_list("starts_on__year", flat=True))
    return sorted({day.year for day in days} - known)
