"""An application that first fails a condition, then goes from the street to the district to the city."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Organisation, User
from lms.models import Cohort, Enrolment
from tests.factories import give_role, make_plan, make_user
from tests.journeys.conftest import DESKTOP
from tests.journeys.steps import hand_in, open_small_course, sign_in
from tests.journeys.test_learn import WAGTAIL

Check = Callable[..., None]
ASKED = (
    {"kind": "short", "label": "现任岗位"},
    {"kind": "several", "label": "最想提升的能力", "choices": "个案工作\n小组工作\n社区工作"},
    {"kind": "yes_no", "label": "能否全程参加"},
    {"kind": "document", "label": "单位推荐表", "help": "扫描件或照片。"},
)


@pytest.fixture
def street(live_server: Any, tree: dict[str, Organisation], cast: SimpleNamespace) -> User:
    user = make_user("仇乐山", tree["street"])
    give_role(user, "administrator", tree["street"])
    return user


@pytest.fixture
def cohort(street: User, tree: dict[str, Organisation]) -> Cohort:
    cohort = open_small_course(tree["city"])
    conditions = (("years", 2),)
    cohort.plan = make_plan(
        tree["city"], questions=ASKED, conditions=conditions, stages=("employer", "county", "city")
    )
    cohort.save()
    return cohort


def test_three_tiers_decide_one_after_the_other(
    device: Page,
    open_browser: Callable[..., Page],
    check_page: Check,
    live_server: Any,
    cohort: Cohort,
    street: User,
    cast: SimpleNamespace,
) -> None:
    sign_in(device, cast.trainee, live_server.url)
    be_told_why_not(device, check_page, cohort, cast)
    apply(device, check_page, cohort)
    enrolment = Enrolment.objects.get(cohort=cohort)
    for officer in (street, cast.administrator, cast.city_administrator):
        desktop = open_browser(**DESKTOP)
        sign_in(desktop, officer, live_server.url)
        approve(desktop, check_page, cast.trainee.person.name)
        device.goto(reverse("lms:enrolment-detail", args=[enrolment.pk]))
        check_page(device)
    enrolment.refresh_from_db()
    assert enrolment.state == "enrolled"
    expect(device.locator("main")).to_contain_text("同意推荐")


def be_told_why_not(page: Page, check_page: Check, cohort: Cohort, cast: SimpleNamespace) -> None:
    """The sentence names the day on which the condition will be met; with the right day in the profile it is."""
    person, today = cast.trainee.person, timezone.localdate()
    person.practice_started_on = today - datetime.timedelta(days=30)
    person.save()
    page.goto(reverse("lms:enrolment-apply", args=[cohort.pk]))
    expect(page.locator("main")).to_contain_text("需从业满 2 年")
    expect(page.locator("form#apply")).to_have_count(0)
    check_page(page)
    person.practice_started_on = today.replace(year=today.year - 5, day=1)
    person.save()


def apply(page: Page, check_page: Check, cohort: Cohort) -> None:
    """The first try forgets a field; the file that was chosen then need not be chosen again."""
    page.goto(reverse("lms:enrolment-apply", args=[cohort.pk]))
    check_page(page)
    form = page.locator("form#apply")
    form.get_by_label("小组工作").check()
    form.get_by_label("是", exact=True).check()
    file = {"name": "推荐表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 recommended"}
    form.locator("input[type=file]").set_input_files(file)
    form.locator("[name=confirmed]").check()
    hand_in(form)
    expect(page.locator(".form-errors")).to_contain_text("现任岗位")
    expect(form).to_contain_text("推荐表.pdf")
    check_page(page)
    form.get_by_label("现任岗位").fill("一线社工")
    hand_in(form)
    expect(page.locator("main")).to_contain_text("推荐表.pdf")
    check_page(page)


def approve(page: Page, check_page: Check, name: str) -> None:
    page.goto(reverse("approvals:index"))
    check_page(page, exclude=WAGTAIL)
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url("**/approvals/*/")
    check_page(page, exclude=WAGTAIL)
    page.fill("[name=comment]", "同意推荐。")
    with page.expect_navigation():
        page.locator("button[value=approve]").click()
    expect(page.locator("button[value=approve]")).to_have_count(0)
