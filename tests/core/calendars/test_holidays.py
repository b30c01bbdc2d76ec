"""The public holidays: one list for all, kept at the top of a tree."""

import datetime

from django.urls import reverse

from core.calendars.queries import holidays_on, years_without_holidays
from core.models import AuditEntry, Holiday
from tests.factories import give_role, make_user


def test_holidays_are_kept_at_the_top_of_a_tree(client, cast, tree):
    client.force_login(cast.administrator)
    url = reverse("holidays:add")
    assert client.get(url).status_code in (302, 403, 404)
    top = make_user("省级管理员", tree["district"].get_root())
    give_role(top, "administrator", tree["district"].get_root())
    client.force_login(top)
    data = {"name": "示例节", "starts_on": "2028-01-01", "ends_on": "2027-12-31", "is_active": "on"}
    assert client.get(url).status_code == 200
    assert client.post(url, data).status_code == 200
    client.post(url, data | {"ends_on": "2028-01-03"})
    assert Holiday.objects.filter(name="示例节").count() == 1
    assert AuditEntry.objects.filter(action="core.save_holiday").exists()


def test_a_day_is_named_and_years_without_any_are_known(db):
    Holiday.objects.all().delete()
    day = datetime.date(2028, 1, 1)
    Holiday.objects.create(name="示例节", starts_on=day, ends_on=day)
    assert holidays_on([day, day + datetime.timedelta(days=1)]) == {day: "示例节"}
    assert years_without_holidays([day, datetime.date(2029, 1, 1)]) == [2029]
