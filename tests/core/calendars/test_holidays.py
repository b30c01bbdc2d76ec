"""The public holidays: one list for all, kept at the top of a tree."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.calendars.actions import save_holiday
from core.calendars.policy import is_working
from core.calendars.queries import holidays_on, off_and_worked, years_without_holidays
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


SATURDAY = datetime.date(2028, 1, 29)  # before the spring festival of that year
DAY = datetime.timedelta(days=1)


def test_a_weekend_that_is_worked_is_entered_counts_as_a_working_day_and_is_no_holiday(client, tree):
    Holiday.objects.all().delete()
    top = make_user("省级管理员", tree["district"].get_root())
    give_role(top, "administrator", tree["district"].get_root())
    client.force_login(top)
    data = {
        "name": "春节调休",
        "starts_on": SATURDAY,
        "ends_on": SATURDAY,
        "is_worked": "on",
        "is_active": "on",
    }

    for wrong in ({"ends_on": SATURDAY + 2 * DAY}, {"starts_on": SATURDAY - DAY}):
        assert "周六" in client.post(reverse("holidays:add"), data | wrong).content.decode()
    assert client.post(reverse("holidays:add"), data).status_code == 302

    assert AuditEntry.objects.get(action="core.save_holiday").data["after"]["is_worked"] is True
    assert "调休" in client.get(reverse("holidays:index")).content.decode()
    days = [SATURDAY + number * DAY for number in range(-1, 3)]
    off, worked = off_and_worked(days)
    assert [is_working(day, off, worked) for day in days] == [True, True, False, True]
    assert holidays_on(days) == {} and years_without_holidays(days) == [2028]


def test_no_day_is_off_and_worked_at_once_whoever_saves_it(cast):
    Holiday.objects.create(name="示例节", starts_on=SATURDAY - DAY, ends_on=SATURDAY)
    both = Holiday(name="调休", starts_on=SATURDAY, ends_on=SATURDAY + DAY, is_worked=True)
    with pytest.raises(ValidationError):
        both.full_clean()
    with pytest.raises(ValidationError):
        save_holiday(holiday=both, actor=cast.administrator)
    assert not Holiday.objects.filter(is_worked=True).exists()
    both.starts_on = SATURDAY + DAY
    assert save_holiday(holiday=both, actor=cast.administrator).pk


def test_where_rows_of_before_say_both_of_a_day_it_is_off(db):
    for worked in (False, True):
        Holiday.objects.create(name="示例", starts_on=SATURDAY, ends_on=SATURDAY, is_worked=worked)
    off, worked = off_and_worked([SATURDAY])
    assert not is_working(SATURDAY, off, worked)


@pytest.mark.parametrize("role", ["auditor", "finance"])
def test_whoever_audits_or_pays_reads_the_holidays_and_writes_none(client, tree, role):
    row = Holiday.objects.create(name="示例节", starts_on=SATURDAY, ends_on=SATURDAY)
    reader = make_user("只读一员", tree["district"])
    give_role(reader, role, tree["district"])
    client.force_login(reader)

    page = client.get(reverse("holidays:index"))

    assert page.status_code == 200 and "示例节" in page.content.decode()
    assert reverse("holidays:add") not in page.content.decode()
    assert reverse("holidays:edit", args=[row.pk]) not in page.content.decode()
    assert reverse("holidays:index") in client.get(reverse("wagtailadmin_home")).content.decode()
    data = {"name": "改名", "starts_on": SATURDAY, "ends_on": SATURDAY, "is_active": "on"}
    for address in (reverse("holidays:add"), reverse("holidays:edit", args=[row.pk])):
        assert client.post(address, data).status_code in (302, 403, 404)
    assert Holiday.objects.filter(name="改名").count() == 0
