"""One person builds, a second one releases, the bank returns a payment, its claimant is told and corrects the account, and it
is paid by a new line."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from core.models import Notice, Organisation
from core.sheets.writing import Heading, Table, workbook
from credentials.claims.models import PaymentEntry
from credentials.models import PaymentBatch, QualificationLevel
from tests.factories.subsidies import make_approved, make_payer, make_reviewer, make_subsidies
from tests.journeys.conftest import DESKTOP
from tests.journeys.steps import hand_in, sign_in
from tests.journeys.test_learn import WAGTAIL


def test_built_released_returned_corrected_and_paid(
    phone: Page,
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    tmp_path: Path,
) -> None:
    set_up_site()
    QualificationLevel.objects.update_or_create(
        code="assistant", defaults={"name": "助理社会工作师", "target_hours": 72}
    )
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0)
    approver = make_reviewer(tree["city"], "审批人")
    for user in (cast.trainee, cast.other_trainee):
        make_approved(user.person, version, approver)
    builder, releaser = open_browser(**DESKTOP), open_browser(**DESKTOP)
    sign_in(builder, make_payer(tree["city"], "翟清和"), live_server.url)
    sign_in(releaser, make_payer(tree["city"], "盖静怡"), live_server.url)

    first = build(builder, check_page)
    release(releaser, first, check_page)
    enter(builder, first, tmp_path, ("1", "失败", "账号与户名不符"), ("2", "成功", ""))
    close(builder, first)
    returned = first.lines.get(state="failed")
    told = Notice.objects.get(user=returned.holder, title="The bank could not pay your subsidy")
    assert "账号与户名不符" in told.body_in("zh-hans")
    assert told.url == reverse("credentials:claim-account", args=[returned.claim_id])

    sign_in(phone, returned.holder, live_server.url)
    phone.goto(reverse("credentials:claim-account", args=[returned.claim_id]))
    check_page(phone)
    phone.fill("main [name=bank]", "示例银行沙市支行")
    phone.fill("main [name=account]", "6222 0299 0000 0015")
    phone.check("main [name=agrees]")
    hand_in(phone.locator("main form.form"))
    phone.check("main [name=checked]")  # no bank card has this number: it is asked for once more
    hand_in(phone.locator("main form.form"))
    expect(phone.locator("main")).to_contain_text("**** 0015")

    second = build(builder, check_page)
    release(releaser, second, check_page)
    enter(builder, second, tmp_path, ("1", "成功", ""))
    close(builder, second)
    assert sorted(PaymentEntry.objects.values_list("claim", flat=True)) == sorted(
        first.lines.values_list("claim", flat=True)
    )
    builder.goto(reverse("payments:index"))
    check_page(builder, exclude=WAGTAIL)
    fits_a_phone(releaser, first)


def fits_a_phone(page: Page, batch: PaymentBatch) -> None:
    """A card begins with whose line it is, and of what was done nothing is cut off."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("payments:batch", args=[batch.pk]))
    card = page.locator(".pay__lines tbody tr").first
    name, number = (card.locator(cell).first.bounding_box() for cell in ("td.title", "td[data-label]"))
    assert name and number and name["y"] < number["y"]
    assert page.locator(".pay__trail").evaluate("box => box.scrollWidth <= box.clientWidth")


def build(page: Page, check_page: Callable[..., None]) -> PaymentBatch:
    page.goto(reverse("payments:index"))
    page.click(f"a[href='{reverse('payments:choose')}']")
    page.locator("main td.title a").first.click()
    check_page(page, exclude=WAGTAIL)
    page.locator("form:has([name=claim]) button[type=submit]").click()
    page.locator("form[action$='/lock/'] button").click()
    expect(page.locator(".w-status--primary").first).to_be_visible()
    return PaymentBatch.objects.latest("pk")


def release(page: Page, batch: PaymentBatch, check_page: Callable[..., None]) -> None:
    page.goto(reverse("payments:batch", args=[batch.pk]))
    check_page(page, exclude=WAGTAIL)
    page.fill("[name=total]", str(PaymentBatch.objects.get(pk=batch.pk).total))
    page.locator("form[action$='/release/'] button").click()
    expect(page.locator(f"a[href='{reverse('payments:paper', args=[batch.pk, 'bank'])}']")).to_be_visible()


def enter(page: Page, batch: PaymentBatch, place: Path, *rows: tuple[str, str, str]) -> None:
    file = place / "回盘.xlsx"
    headings = [
        Heading(label) for label in ("金额", "用途", "结果", "原因")
    ]  # of the file that the bank was sent
    amounts = {str(line.position): f"{line.amount}" for line in batch.lines.all()}
    stated = [(amounts[position], f"{batch.serial}-{position}", *said) for position, *said in rows]
    file.write_bytes(workbook(Table("结果", headings, stated)))
    page.goto(reverse("payments:results", args=[batch.pk]))
    page.set_input_files("[name=file]", file)
    page.fill("[name=on]", f"{datetime.date.today()}")
    page.locator("form[enctype] button[type=submit]").click()
    page.locator("form[action$='/enter/'] button").click()


def close(page: Page, batch: PaymentBatch) -> None:
    page.locator("form[action$='/close/'] button").click()
    expect(page.locator("form[action$='/close/']")).to_have_count(0)
    batch.refresh_from_db()
    assert batch.state == "closed"
