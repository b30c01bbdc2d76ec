"""The checklist of a trainee from missing to complete, on a phone and on a desktop; and a day at the instructor's desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Organisation
from lms.models import Attempt, Cohort, Contact, Enrolment
from tests.factories import make_cohort, make_enrolment, make_version
from tests.journeys.steps import sign_in
from tests.journeys.test_learn import WAGTAIL

Check = Callable[..., None]
RULE = {"lessons": True, "quizzes": True, "quiz_average": 60, "minutes": 30}


@pytest.fixture
def cohort(live_server: Any, tree: dict[str, Organisation]) -> Cohort:
    today = timezone.localdate()
    dates = {"starts_on": today - timedelta(days=20), "ends_on": today + timedelta(days=60)}
    return make_cohort(tree["district"], make_version(rule=RULE), **dates)


def enrol(cohort: Cohort, user: Any, percent: int | None = None) -> Enrolment:
    """In the cohort since its first day; with a score in its quiz, if any."""
    enrolment = make_enrolment(cohort, user.person, decided_at=timezone.now() - timedelta(days=20))
    if percent is not None:
        fields = {"state": "submitted", "percent": percent, "passed": percent >= 60, "number": 1}
        paper = cohort.version.papers.get()
        Attempt.objects.create(
            enrolment=enrolment, paper=paper, finished_at=timezone.now(), marked_at=timezone.now(), **fields
        )
    return enrolment


def test_the_checklist_of_a_trainee_goes_from_missing_to_complete(
    device: Page, check_page: Check, live_server: Any, cohort: Cohort, cast: SimpleNamespace
) -> None:
    enrolment = enrol(cohort, cast.trainee, percent=80)
    sign_in(device, cast.trainee, live_server.url)
    device.goto(reverse("lms:enrolment-progress", args=[enrolment.pk]))
    rows = device.locator("#main .rows li")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("1 项中已完成 0 项")
    expect(rows.nth(2)).to_contain_text("80%")
    expect(rows.nth(3)).to_contain_text("还差 30 分钟")
    check_page(device)
    rows.nth(0).get_by_role("link").click()
    device.locator(".lesson-bar button[type=submit]").click()
    device.wait_for_url("**/outline/")
    device.goto(reverse("lms:enrolment-progress", args=[enrolment.pk]))
    expect(device.locator("#main")).to_contain_text("你已经结业")
    expect(device.locator("#main .rows .is-good")).to_have_count(4)
    check_page(device)


def test_an_instructor_sees_who_is_at_risk_gets_in_touch_and_takes_the_gradebook_out(
    desktop: Page, check_page: Check, live_server: Any, cohort: Cohort, cast: SimpleNamespace, tmp_path: Path
) -> None:
    idle = enrol(cohort, cast.trainee)
    enrol(cohort, cast.other_trainee, percent=90)
    sign_in(desktop, cast.instructor, live_server.url)
    desktop.goto(reverse("teaching:index"))
    check_page(desktop, exclude=WAGTAIL)
    desktop.get_by_role("link", name="1 人需要关注").click()
    expect(desktop.locator("main")).to_contain_text("开班 20 天还没有开始学习")
    check_page(desktop, exclude=WAGTAIL)
    desktop.get_by_role("checkbox", name=cast.trainee.person.name).check()
    desktop.get_by_role("button", name="联系勾选的人").click()
    check_page(desktop, exclude=WAGTAIL)
    desktop.get_by_role("button", name="发送或记录").click()
    expect(desktop.locator("main")).to_contain_text(cast.instructor.person.name)
    assert Contact.objects.get().enrolment == idle
    desktop.get_by_role("link", name="成绩册").click()
    check_page(desktop, exclude=WAGTAIL)
    with desktop.expect_download() as download:
        desktop.get_by_role("link", name="下载表格").click()
    path = tmp_path / "grades.xlsx"
    download.value.save_as(path)
    lines = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=3, values_only=True))
    assert {line[0]: line[4] for line in lines} == {
        cast.trainee.person.name: None,
        cast.other_trainee.person.name: 90,
    }
