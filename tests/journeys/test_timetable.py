"""A timetable from the desk to the phone: planned with a conflict, seen by a trainee, moved, and followed by a calendar."""

from __future__ import annotations

import datetime
import urllib.request
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Organisation
from lms.models import ClassSession, Cohort
from tests.factories import make_class, make_cohort, make_enrolment
from tests.ical import Component, read_calendar
from tests.journeys.conftest import DESKTOP
from tests.journeys.steps import hand_in, open_small_course, sign_in
from tests.journeys.test_learn import WAGTAIL

Check = Callable[..., None]
LINK = "https://meet.example.com/j/88"


@pytest.fixture
def cohort(live_server: Any, tree: dict[str, Organisation], cast: SimpleNamespace) -> Cohort:
    made = open_small_course(tree["district"])
    make_enrolment(made, cast.trainee.person)
    other = make_cohort(tree["district"], made.version, title="夜间班")
    make_class(other, days=5)
    return made


def test_an_officer_plans_a_series_a_trainee_sees_it_and_a_calendar_follows(
    device: Page,
    open_browser: Callable[..., Page],
    check_page: Check,
    live_server: Any,
    cohort: Cohort,
    cast: SimpleNamespace,
) -> None:
    officer = open_browser(**DESKTOP)
    sign_in(officer, cast.administrator, live_server.url)
    plan_with_a_conflict(officer, check_page, cohort)
    repeat_weekly(officer, check_page)
    sign_in(device, cast.trainee, live_server.url)
    look(device, check_page)
    address = subscribe(device, check_page)
    before = fetch(address)
    assert {event.number("SEQUENCE") for event in before.values()} == {0}
    move_one_online(officer, check_page)
    moved = ClassSession.objects.get(cohort=cohort, sequence=1)
    event = fetch(address)[f"{moved.uid}@xinhuo"]
    assert (event.number("SEQUENCE"), event["URL"]) == (1, LINK)
    assert event.moment("DTSTART") == moved.starts_at
    assert before.keys() == fetch(address).keys()
    device.goto(reverse("core:notices"))
    expect(device.locator("main")).to_contain_text("课次有变动")
    device.goto(reverse("lms:timetable-mine"))
    expect(device.get_by_role("link", name="进入线上课堂")).to_have_attribute("href", LINK)
    check_page(device)


def plan_with_a_conflict(page: Page, check_page: Check, cohort: Cohort) -> None:
    page.goto(reverse("timetable:cohort", args=[cohort.pk]))
    check_page(page, exclude=WAGTAIL)
    page.get_by_role("link", name="安排课次").click()
    day = timezone.localdate() + datetime.timedelta(days=5)
    for name, value in (
        ("title", "个案会谈"),
        ("day", day.isoformat()),
        ("start", "09:30"),
        ("end", "11:00"),
        ("place", "示例市民政局"),
        ("room", "301"),
    ):
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=instructor]").select_option(label="曾可 · 和平区指导中心")
    hand_in(page.locator("main form").last)
    expect(page.locator("main")).to_contain_text("教室已被占用")
    check_page(page, exclude=WAGTAIL)
    page.get_by_label("我已知道，仍然保存").check()
    hand_in(page.locator("main form").last)
    expect(page.locator("main")).to_contain_text("个案会谈")


def repeat_weekly(page: Page, check_page: Check) -> None:
    page.get_by_role("link", name="每周重复“个案会谈”").click()
    page.locator("[name=times]").fill("2")
    hand_in(page.locator("main form").last)
    check_page(page, exclude=WAGTAIL)
    with page.expect_navigation():
        page.get_by_role("button", name="安排这 2 次课").click()
    assert ClassSession.objects.filter(title="个案会谈").count() == 3


def look(page: Page, check_page: Check) -> None:
    page.goto(reverse("lms:timetable-mine"))
    expect(page.get_by_text("个案会谈")).to_have_count(3)
    expect(page.locator("main")).not_to_contain_text("夜间班")
    check_page(page)


def subscribe(page: Page, check_page: Check) -> str:
    page.get_by_role("link", name="加到手机日历").click()
    check_page(page)
    hand_in(page.locator("main form").last)
    check_page(page)
    href = page.get_by_role("link", name="在本机订阅").get_attribute("href") or ""
    assert href.startswith("webcal://")
    return href.replace("webcal", "http", 1)


def fetch(address: str) -> dict[str, Component]:
    """As a calendar program does: no cookies, no browser."""
    with urllib.request.urlopen(address) as answer:
        body = answer.read()
    return {event["UID"]: event for event in read_calendar(body).all("VEVENT")}


def move_one_online(page: Page, check_page: Check) -> None:
    page.get_by_role("link", name="修改“个案会谈”").first.click()
    page.get_by_label("线上", exact=True).check()
    page.locator("[name=link]").fill(LINK)
    page.locator("[name=start]").fill("14:00")
    page.locator("[name=end]").fill("15:30")
    hand_in(page.locator("main form").last)
    expect(page.locator("main")).to_contain_text("14:00–15:30")
    check_page(page, exclude=WAGTAIL)
