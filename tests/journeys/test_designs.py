"""A certificate template is written at the desk, looked at, published and chosen for a cohort; a certificate is drawn by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

from credentials.models import Certificate, Design
from tests.core.pdf.reading import text_of
from tests.credentials.designs.test_document import png
from tests.factories import make_certificate
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, open_small_course, sign_in
from tests.journeys.test_learn import WAGTAIL


def test_designed_looked_at_published_and_drawn(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Any],
    tmp_path: Path,
) -> None:
    cohort = open_small_course(tree["district"])
    officer, trainee = open_browser(**DESKTOP), open_browser(**PHONE)
    sign_in(officer, cast.administrator, live_server.url)
    sign_in(trainee, cast.trainee, live_server.url)
    write(officer, check_page, tree["district"].pk, tmp_path)
    seen = officer.request.get(officer.get_by_role("link", name="阿卜杜热合曼").get_attribute("href") or "")
    assert "阿卜杜热合曼·麦麦提依明江·吐尔逊" in text_of(seen.body(), tmp_path)
    with officer.expect_navigation():
        officer.get_by_role("button", name="发布草稿").click()
    officer.locator(f"a[href^='{reverse('designs:choose', args=[cohort.pk])}']").click()
    check_page(officer, exclude=WAGTAIL)
    expect(officer.locator("[name=design]")).to_have_value(str(Design.objects.get().pk))
    hand_in(officer.locator("main form[method=post]"))
    expect(officer.get_by_text("和平区研修证书")).to_be_visible()

    certificate = make_certificate(cast.trainee.person, tree["district"], cohort)
    trainee.goto(reverse("credentials:certificate-list"))
    trainee.locator(f"main a[href='{certificate.get_absolute_url()}']").first.click()
    check_page(trainee)
    file = reverse("credentials:certificate-file", args=[certificate.serial])
    printed = "".join(text_of(trainee.request.get(file).body(), tmp_path).split())
    for words in ("研修证书", cast.trainee.person.name, "潜心研修", "单主任", certificate.serial):
        assert words in printed
    assert Certificate.objects.get().facts["design"] == Design.objects.get().versions.get().pk


def write(page: Page, check_page: Callable[..., None], place: int, folder: Path) -> None:
    """The form with a mistake, mended, and the draft's page."""
    page.goto(reverse("designs:index"))
    page.locator(f"a[href='{reverse('designs:add')}']").first.click()
    check_page(page, exclude=WAGTAIL)
    seal = folder / "印章.png"
    seal.write_bytes(png())
    page.set_input_files("[name=seal]", seal)
    page.select_option("[name=colour]", "pine")
    page.select_option("[name=organisation]", f"{place}")
    answers = {
        "name": "和平区研修证书", "heading": "研修证书", "body": "兹证明\n{姓名}\n潜心研修 {电话}\n{课程}",
        "signer_1": "单主任", "office_1": "指导中心主任",
    }  # fmt: skip
    for name, value in answers.items():
        page.fill(f"[name={name}]", value)
    hand_in(page.locator("main form[enctype]"))
    expect(page.locator("main")).to_contain_text("电话")  # no such placeholder: named, nothing typed is lost
    expect(page.locator("[name=office_1]")).to_have_value("指导中心主任")
    page.fill("[name=body]", "兹证明\n{姓名}\n潜心研修，成绩合格。\n{课程}")
    page.set_input_files("[name=seal]", seal)
    hand_in(page.locator("main form[enctype]"))
    check_page(page, exclude=WAGTAIL)
    expect(page.locator("main")).to_contain_text("尚未发布")
