"""The sample holidays of a year, with the weekends that are worked for them, so that working days are counted as they are here."""

from __future__ import annotations

from datetime import date

from core.calendars.actions import save_holiday
from core.models import Holiday, User

# (name, first day, last day, whether it is a weekend that is worked) of 2026
DAYS = (
    ("元旦（示例）", date(2026, 1, 1), date(2026, 1, 3), False),
    ("元旦调休上班（示例）", date(2026, 1, 4), date(2026, 1, 4), True),
    ("国庆节（示例）", date(2026, 10, 1), date(2026, 10, 7), False),
    ("国庆节调休上班（示例）", date(2026, 9, 20), date(2026, 9, 20), True),
    ("国庆节调休上班（示例）", date(2026, 10, 10), date(2026, 10, 10), True),
)


def keep_holidays(officer: User) -> None:
    """Idempotent: where any holiday is entered, nothing is done."""
    if Holiday.objects.exists():
        return
    for name, first, last, is_worked in DAYS:
        holiday = Holiday(name=name, starts_on=first, ends_on=last, is_worked=is_worked)
        save_holiday(holiday=holiday, actor=officer)
