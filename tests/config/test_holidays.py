"""Among the sample holidays are weekends that are worked in exchange, entered once."""

from datetime import date

from config.demo.holidays import DAYS, keep_worked_weekends
from core.calendars.policy import is_working
from core.calendars.queries import off_and_worked
from core.models import Holiday


def test_the_sample_data_show_weekends_that_are_worked_beside_the_holidays(cast):
    holidays = Holiday.objects.count()
    assert holidays
    for _again in range(2):
        keep_worked_weekends(cast.city_administrator)
    assert Holiday.objects.count() == holidays + len(DAYS)
    saturday, friday = date(2026, 10, 10), date(2026, 10, 2)
    off, worked = off_and_worked([saturday, friday])
    assert is_working(saturday, off, worked) and not is_working(friday, off, worked)
