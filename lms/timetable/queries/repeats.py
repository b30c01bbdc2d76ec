"""The classes that a class would be repeated by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils import timezone

from core.calendars.queries import holidays_on
from lms.timetable.models import ClassSession
from lms.timetable.policy import MOST_IN_SERIES, Draft, series


def copies_of(klass: ClassSession, times: int, skipped: Iterable[date] = ()) -> list[Draft]:
    """The class so many weeks on (see `series`), by the days and hours of the server's zone. No query."""
    starts_at, ends_at = timezone.localtime(klass.starts_at), timezone.localtime(klass.ends_at)
    return series(replace(klass.draft, starts_at=starts_at, ends_at=ends_at), times, skipped)


def holidays_ahead(klass: ClassSession) -> str:
    """The public holidays among the days of the longest series of this class, as the form takes them. One query."""
    days = [draft.starts_at.date() for draft in copies_of(klass, MOST_IN_SERIES)]
    return " ".join(f"{day:%Y-%m-%d}" for day in sorted(holidays_on(days)))
