"""The sample holidays have weekends that are worked in exchange, and are entered once."""

from datetime import date

from config.demo.holidays import DAYS, keep_holidays
from core.calendars.policy import is_working
from core.calendars.queries import off_and_worked
from core.models import Holiday


def test_the_sample_holidays_show_a_weekend_that_is_worked(cast):
    Holiday.objects.all().delete()
    for _again in range(2):
        keep_holidays(cast.city_administrator)
    assert Holiday.objects.count() == len(DAYS)
    saturday, friday = date(2026, 10, 10), date(2026, 10, 2)
    off, worked = off_and_worked([saturday, friday])
    assert is_working(saturday, off, worked) and not is_working(friday, off, worked)
