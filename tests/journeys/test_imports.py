"""A list comes as a spreadsheet: what is wrong in it is named, the rest is taken over, and the people come in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.jobs.actions import run_job
from core.models import Job, Organisation
from lms.models import Enrolment
from tests.factories import make_cohort
from tests.journeys.steps import hand_in, open_small_course, sign_in

PASSWORD = "liuxing-yu-2026"
ROWS = [
    ("诸葛一", "13800138001"),
    ("", "13800138002"),
    ("诸葛三", "12345"),
    ("䶮四", "13800138004"),
    ("诸葛五", ""),
]


def test_a_list_with_three_wrong_rows_enrols_the_rest_and_they_open_their_accounts(
    desktop: Page,
    phone: Page,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    check_page: Callable[..., None],
    live_server: Any,
    tmp_path: Path,
) -> None:
    open_small_course(tree["district"])
    cohort = make_cohort(tree["district"])
    sign_in(desktop, cast.administrator, live_server.url)
    desktop.goto(reverse("rosters:upload", args=[cohort.pk]))
    desktop.set_input_files("[name=file]", written(tmp_path / "名单.xlsx"))
    hand_in(desktop.locator("form[enctype]"))
    work()
    for number, words in ((3, "姓名"), (4, "手机号"), (6, "手机号")):
        row = desktop.locator("#import tbody tr").filter(
            has=desktop.get_by_role("cell", name=str(number), exact=True)
        )
        expect(row.last).to_contain_text(words)
    with desktop.expect_navigation():
        desktop.locator("form[action$='/apply/'] button").click()
    work()
    expect(desktop.locator("form[action$='/codes/']")).to_be_visible()  # the page notices by itself
    assert Enrolment.objects.filter(cohort=cohort, state="enrolled").count() == 2
    with desktop.expect_download() as coming:
        desktop.locator("form[action$='/codes/'] button").click()
    coming.value.save_as(tmp_path / "codes.xlsx")
    lines = openpyxl.load_workbook(tmp_path / "codes.xlsx").active.iter_rows(min_row=3, values_only=True)
    codes = {line[0]: line[3] for line in lines}
    activate(phone, codes["䶮四"], check_page)


def work() -> None:
    """What the worker does; the page that is open notices."""
    run_job(Job.objects.latest("pk").pk)


def written(path: Path) -> str:
    book = openpyxl.Workbook()
    for line in (("姓名", "手机号"), *ROWS):
        book.active.append(line)
    book.save(path)
    return str(path)


def activate(page: Page, code: str, check_page: Callable[..., None]) -> None:
    page.goto(reverse("account_login"))
    page.get_by_role("link", name="激活账号").click()
    check_page(page)
    for name, value in {
        "login": "13800138004",
        "code": code,
        "password1": PASSWORD,
        "password2": PASSWORD,
    }.items():
        page.fill(f"main [name={name}]", value)
    page.check("main [name=consent]")
    hand_in(page.locator("main form"))
    page.fill("main [name=login]", "13800138004")
    page.fill("main [name=password]", PASSWORD)
    hand_in(page.locator("main form"))
    expect(page.locator("main")).to_contain_text("春季班")
