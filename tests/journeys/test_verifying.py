"""An employer with a phone: the genuine file, the same file changed, a changed badge, and a table of codes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from core.models import Organisation
from core.sheets.writing import Heading, Table, workbook
from credentials.badges.actions import badge_for
from tests.credentials.conftest import pdf_of
from tests.factories import make_certificate
from tests.journeys.steps import hand_in

Check = Callable[..., None]


def test_issued_then_tampered_with_then_verified(
    phone: Page,
    check_page: Check,
    live_server: Any,
    tree: dict[str, Organisation],
    cast: SimpleNamespace,
    tmp_path: Path,
) -> None:
    certificate = make_certificate(cast.trainee.person, tree["district"])
    genuine, forged, table = (tmp_path / name for name in ("genuine.pdf", "forged.pdf", "codes.xlsx"))
    genuine.write_bytes(pdf_of(certificate))
    forged.write_bytes(genuine.read_bytes().replace(b"/Rotate 0", b"/Rotate 9") + b"more")
    give(phone, genuine)
    expect(phone.locator(".verdict--valid")).to_be_visible()
    expect(phone.locator("main")).to_contain_text(certificate.serial)
    expect(phone.locator("main")).not_to_contain_text("林小荷")
    check_page(phone)
    give(phone, forged)
    expect(phone.locator(".verdict--revoked")).to_be_visible()
    found = phone.locator("#found li")
    expect(found).to_have_count(3)
    expect(found.nth(0)).to_contain_text("签名覆盖的部分已被改动")
    expect(found.nth(1)).to_contain_text("在签名之后增加了 4 字节")
    check_page(phone)
    badge = badge_for(certificate=certificate).read()
    badge["credentialSubject"]["achievement"]["name"] = "高级督导研修"
    forged_badge = tmp_path / "badge.json"
    forged_badge.write_text(json.dumps(badge), encoding="utf-8")
    give(phone, forged_badge)
    expect(phone.get_by_role("heading", level=1)).to_have_text("徽章内容被改动过")
    expect(phone.locator("main .alert li")).to_have_text(["课程"])
    check_page(phone)
    phone.goto(reverse("verify"))
    phone.locator(f"main a[href='{reverse('verify-list')}']").click()
    rows = [(certificate.code_grouped, "林小荷"), ("12345", "")]
    table.write_bytes(workbook(Table("名单", [Heading("核验码"), Heading("姓名")], rows)))
    phone.set_input_files("main [name=file]", table)
    check_page(phone)
    with phone.expect_download() as coming:
        phone.locator("main form button[type=submit]").click()
    sheet = load_workbook(io.BytesIO(Path(coming.value.path()).read_bytes())).active
    assert sheet is not None
    assert [row[3] for row in sheet.iter_rows(min_row=3, values_only=True)] == ["有效", "不是核验码"]
    phone.goto(reverse("verify-keys"))
    expect(phone.locator("main section")).not_to_have_count(0)
    check_page(phone)


def give(page: Page, file: Path) -> None:
    page.goto(reverse("verify"))
    page.set_input_files("main [name=file]", file)
    hand_in(page.locator(f"main form[action='{reverse('verify-file')}']"))
