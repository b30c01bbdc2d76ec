"""The sample weekends of 2026 that are worked in exchange for holidays, so that working days are counted as they are here. The
holidays themselves are there from the beginning."""

from __future__ import annotations

from datetime import date

from core.calendars.actions import save_holiday
from core.models import Holiday, User

DAYS = (
    ("元旦调休上班（示例）", date(2026, 1, 4)),
    ("国庆节调休上班（示例）", date(2026, 9, 20)),
    ("国庆节调休上班（示例）", date(2026, 10, 10)),
)


def keep_worked_weekends(officer: User) -> None:
    """Idempotent: where any is entered, or a day is a holiday, nothing is done."""
    if Holiday.objects.filter(is_worked=True).exists():
        return
    for name, day in DAYS:
        if not Holiday.objects.filter(starts_on__lte=day, ends_on__gte=day).exists():
            save_holiday(
                holiday=Holiday(name=name, starts_on=day, ends_on=day, is_worked=True), actor=officer
            )
