"""A training elsewhere becomes an hour: asked for on a phone, entered by one officer, confirmed by another, stated, verified."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from credentials.models import HoursEntry, HoursStatement, ManualEntry
from tests.factories import give_role, make_period, make_proof, make_user
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, sign_in


def test_asked_for_entered_confirmed_stated_and_verified(
    device: Page,
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Any],
    tmp_path: Path,
) -> None:
    set_up_site()
    make_period(cast.trainee.person)
    second = make_user("司空远", tree["district"])
    give_role(second, "administrator", tree["district"])
    trainee = device
    officer, other, stranger = (open_browser(**size) for size in (DESKTOP, DESKTOP, PHONE))
    for page, user in ((trainee, cast.trainee), (officer, cast.administrator), (other, second)):
        sign_in(page, user, live_server.url)
    entry = ask(trainee, check_page, tmp_path)
    decide(officer, entry, "accept")
    decide(other, entry, "confirm")
    assert HoursEntry.objects.get().minutes == 90
    file = state(trainee, check_page, tmp_path)
    verify(stranger, check_page, file)


def ask(page: Page, check_page: Callable[..., None], folder: Path) -> ManualEntry:
    page.goto(reverse("credentials:hours-list"))
    check_page(page)
    page.locator(f"main a[href='{reverse('credentials:manual-request')}']").first.click()
    check_page(page)
    proof = folder / "结业证明.pdf"
    proof.write_bytes(make_proof().read())
    day = timezone.localdate() - datetime.timedelta(days=3)
    answers = {
        "title": "危机干预工作坊",
        "organiser": "示例培训中心",
        "day": day.isoformat(),
        "start": "09:00",
        "end": "10:30",
    }
    for name, value in answers.items():
        page.fill(f"main [name={name}]", value)
    page.set_input_files("main [name=proof]", proof)
    hand_in(page.locator("main form.form"))
    page.wait_for_url("**/manual-entries/*/")
    check_page(page)
    page.goto(reverse("credentials:manual-list"))
    check_page(page)
    return ManualEntry.objects.get()


def decide(page: Page, entry: ManualEntry, verb: str) -> None:
    page.goto(reverse("manual-entries:index") + "?waiting=on")
    page.locator(f"a[href='{reverse('manual-entries:inspect', args=[entry.pk])}']").first.click()
    page.request.get(reverse("credentials:manual-proof", args=[entry.pk]))  # the proof, opened in another tab
    if verb == "accept":
        page.locator("input[name=minutes]").fill(str(entry.minutes))
    page.locator(f"button[name={verb}]").click()
    page.wait_for_load_state()
    expect(page.locator(f"button[name={verb}]")).to_have_count(0)


def state(page: Page, check_page: Callable[..., None], folder: Path) -> Path:
    page.goto(reverse("credentials:hours-list"))
    expect(page.locator("#entries .row", has_text="90")).to_have_count(1)
    check_page(page)
    page.locator("#entries .row a").first.click()
    expect(page.locator("#rests-on")).to_contain_text("司空远")
    check_page(page)
    page.goto(reverse("credentials:statement-list"))
    check_page(page)
    hand_in(page.locator("main form.form"))
    statement = HoursStatement.objects.get()
    link = reverse("credentials:statement-file", args=[statement.serial])
    expect(page.locator(f"main a.button[href='{link}']")).to_have_count(1)
    kept = folder / "statement.pdf"
    kept.write_bytes(page.request.get(link).body())
    return kept


def verify(page: Page, check_page: Callable[..., None], file: Path) -> None:
    page.goto(reverse("verify"))
    page.fill("main [name=code]", HoursStatement.objects.get().code_grouped)
    hand_in(page.locator("main form.form").first)
    expect(page.locator(".verdict--valid")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text("林小荷")
    check_page(page)
    page.fill("main [name=name]", "林小荷")
    page.set_input_files("main [name=file]", file)
    hand_in(page.locator("main form.form"))
    expect(page.locator("#compare .alert--good, #compare [class*=good]").first).to_be_visible()
    check_page(page)
