"""A certificate is declared on a phone, verified at the desk, registered, and handed in as a renewal pack; a table of them
comes in with bad rows and a conflict."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from core.jobs.actions import run_job
from core.models import Job, Organisation
from credentials.models import QualificationLevel, QualificationRecord, RegistrationPeriod, RenewalPack
from tests.factories import make_proof, make_qualification, make_table_of_qualifications
from tests.journeys.conftest import DESKTOP
from tests.journeys.steps import hand_in, sign_in
from tests.journeys.test_learn import WAGTAIL


@pytest.fixture(autouse=True)
def level(transactional_db: None) -> None:
    """As the migrations have it, whatever test has emptied the tables before."""
    QualificationLevel.objects.update_or_create(
        code="assistant", defaults={"name": "助理社会工作师", "target_hours": 72}
    )


def test_declared_verified_registered_and_handed_in(
    phone: Page,
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tmp_path: Path,
) -> None:
    set_up_site()
    officer = open_browser(**DESKTOP)
    sign_in(phone, cast.trainee, live_server.url)
    sign_in(officer, cast.administrator, live_server.url)
    held = declare(phone, check_page, tmp_path)
    officer.goto(reverse("qualifications:index") + "?waiting=on")
    officer.locator(f"a[href='{reverse('qualifications:inspect', args=[held.pk])}']").first.click()
    officer.request.get(reverse("credentials:qualification-scan", args=[held.pk]))
    decide(officer)
    phone.goto(reverse("credentials:period-list"))
    phone.locator("main [name=level]").first.check()
    phone.fill("main [name=starts_on]", f"{timezone.localdate() - datetime.timedelta(days=20)}")
    hand_in(phone.locator("main form.form"))
    period = RegistrationPeriod.objects.get()
    officer.goto(reverse("periods:inspect", args=[period.pk]))
    decide(officer)
    phone.goto(reverse("credentials:qualification-list"))
    check_page(phone)
    hand_in(phone.locator("#pack form"))
    pack = RenewalPack.objects.get()
    link = reverse("credentials:pack-file", args=[pack.pk])
    expect(phone.locator(f"main a.button[href='{link}']")).to_have_count(1)
    assert phone.request.get(link).body().startswith(b"%PDF-")
    check_page(phone)


def declare(page: Page, check_page: Callable[..., None], folder: Path) -> QualificationRecord:
    page.goto(reverse("credentials:qualification-list"))
    check_page(page)
    page.locator(f"main a[href='{reverse('credentials:qualification-declare')}']").first.click()
    check_page(page)
    page.locator("main a[href='?level=assistant']").click()
    scan = folder / "证书.pdf"
    scan.write_bytes(make_proof().read())
    day = timezone.localdate() - datetime.timedelta(days=60)
    for name, value in {"number": "2026 0001", "issued_on": day.isoformat()}.items():
        page.fill(f"main [name={name}]", value)
    check_page(page)
    page.set_input_files("main [name=scan]", scan)
    hand_in(page.locator("main form.form"))
    page.wait_for_url("**/qualifications/*/")
    check_page(page)
    return QualificationRecord.objects.get()


def decide(page: Page) -> None:
    page.locator("button[name=verify]").click()
    page.wait_for_load_state()
    expect(page.locator("button[name=verify]")).to_have_count(0)


def test_a_table_of_three_thousand_with_forty_bad_rows_and_a_conflict(
    desktop: Page,
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    check_page: Callable[..., None],
    tmp_path: Path,
) -> None:
    number, wrong = 3000, 40
    rows = make_table_of_qualifications(number, tree["station"], wrong)
    theirs = make_qualification(cast.other_trainee.person, number=rows[1][3])
    book = openpyxl.Workbook()
    for row in (("姓名", "手机号", "级别", "证书编号", "发证日期", "考试年份"), *rows):
        book.active.append(row)
    book.save(tmp_path / "资格.xlsx")
    sign_in(desktop, cast.administrator, live_server.url)
    desktop.goto(reverse("qualifications:index"))
    desktop.locator(f"a[href='{reverse('qualifications:upload')}']").first.click()
    desktop.set_input_files("[name=file]", tmp_path / "资格.xlsx")
    hand_in(desktop.locator("form[enctype]"))
    work()
    expect(desktop.locator("form[action$='/apply/'] button")).to_be_visible()  # the page notices by itself
    check_page(desktop, exclude=WAGTAIL)
    desktop.locator("a[href*='/qualifications/conflicts/']").click()
    clash = desktop.locator("table.listing tbody tr")
    expect(clash).to_have_count(1)
    expect(clash).to_contain_text(theirs.person.name)
    desktop.go_back()
    with desktop.expect_navigation():
        desktop.locator("form[action$='/apply/'] button").click()
    work()
    expect(desktop.locator("#import table").first).to_be_visible()
    taken = QualificationRecord.objects.verified().exclude(pk=theirs.pk)
    assert taken.count() == number - wrong - 1  # the number that is theirs is not taken over
    with desktop.expect_download() as coming:
        desktop.locator("#import a[href*='/wrong/']").click()
    coming.value.save_as(tmp_path / "wrong.xlsx")
    told = list(openpyxl.load_workbook(tmp_path / "wrong.xlsx").active.iter_rows(values_only=True))
    assert sum("特级" in row for row in told) == wrong // 2


def work() -> None:
    """What the worker does; the page that is open notices."""
    run_job(Job.objects.latest("pk").pk)
