"""Which days are holidays, and for which years nobody has said so yet."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from core.calendars.models import Holiday


def holidays_on(days: Iterable[datetime.date]) -> dict[datetime.date, str]:
    """Which of these days are holidays, and their names. One query."""
    wanted = sorted(set(days))
    if not wanted:
        return {}
    rows = list(Holiday.objects.active().filter(starts_on__lte=wanted[-1], ends_on__gte=wanted[0]))
    return {day: row.name for day in wanted for row in rows if row.starts_on <= day <= row.ends_on}


def years_without_holidays(days: Iterable[datetime.date]) -> list[int]:
    """The years of these days for which nobody has entered holidays yet: there, nothing can warn. One query."""
    known = set(Holiday.objects.active().values_list("starts_on__year", flat=True))
    return sorted({day.year for day in days} - known)
