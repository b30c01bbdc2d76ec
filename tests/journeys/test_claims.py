"""A claimant on the phone: what can be claimed, the draft that keeps itself, the papers, the check, and the printed form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from core.models import Organisation, Person
from credentials.claims.actions import start_claim
from credentials.models import Claim, PolicyVersion
from tests.factories import make_proof, make_qualification
from tests.factories.subsidies import ACCOUNT, make_subsidies
from tests.journeys.steps import hand_in, sign_in
from tests.journeys.test_qualifications import level  # noqa: F401 - a fixture: the level as the migrations have it

# The parts of a heading that a line breaks: of a level it would leave half a word.
PARTS_IN_LINES = """head => head.textContent.trim().split(' · ').filter(part => {
  const range = document.createRange(), text = head.firstChild, at = text.data.indexOf(part);
  range.setStart(text, at); range.setEnd(text, at + part.length);
  return range.getClientRects().length > 1;
})"""


def test_a_subsidy_is_claimed_on_a_phone(
    phone: Page,
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    check_page: Callable[..., None],
    tmp_path: Path,
) -> None:
    set_up_site()
    make_subsidies(tree["city"], cast.city_administrator)
    person = cast.trainee.person
    make_qualification(person, "assistant", days_ago=356)
    person.set_id_number("resident_id", "12019919900101001X")
    person.save()
    sign_in(phone, cast.trainee, live_server.url)

    phone.goto(reverse("dashboard"))
    card = phone.locator(f"main .card a[href='{reverse('credentials:claim-list')}']")
    expect(card).to_contain_text("500")
    card.click()
    check_page(phone)
    phone.locator("details.why summary").first.click()
    check_page(phone)
    hand_in(phone.locator(f"form[action='{reverse('credentials:claim-start')}']").first)

    claim = fill_in(phone, check_page)
    hand_over_papers(phone, claim, tmp_path)
    check_page(phone)
    with phone.expect_navigation():
        phone.locator(".sticky-action button").click()
    expect(phone.locator("main .alert.is-good")).to_be_visible()
    check_page(phone)
    phone.locator("main [name=declares]").check()
    hand_in(phone.locator("main form.form"))

    expect(phone.locator("#steps [aria-current=step]")).to_have_count(1)
    check_page(phone)
    claim.refresh_from_db()
    assert (claim.state, claim.account_sealed, claim.amount) == ("review", ACCOUNT, 500)
    answer = phone.request.get(reverse("credentials:claim-form", args=[claim.pk]))
    assert answer.body().startswith(b"%PDF-")
    phone.locator("a[href='#withdraw']").click()
    expect(phone.locator("#withdraw")).to_be_visible()
    check_page(phone)


def fill_in(page: Page, check_page: Callable[..., None]) -> Claim:
    """What is typed is there again after a reload: it has saved itself."""
    check_page(page)
    serial = page.locator(".page-head__kicker .nowrap")  # in one piece, however narrow the page
    assert serial.evaluate("part => part.getClientRects().length") == 1
    assert page.locator(".page-head h1").evaluate(PARTS_IN_LINES) == []
    expect(serial).to_have_text(Claim.objects.get().serial)
    page.fill("[name=fact-work-since]", "2024-01-01")
    page.fill("[name=bank]", "示例银行荆州沙市支行")
    with page.expect_response("**/autosave/") as kept:
        page.locator("[name=agrees]").check()
    assert kept.value.status == 204
    other = page.context.new_page()  # the same draft once more, and a page that is behind from here on
    other.goto(page.url)
    with page.expect_response("**/autosave/") as kept:
        page.fill("[name=fact-work-since]", "2024-01-02")
    with other.expect_response("**/autosave/") as late:
        other.fill("[name=bank]", "另一页")
    assert (kept.value.status, late.value.status) == (204, 409)
    expect(other.locator("[data-autosave-stale]")).to_contain_text("这份草稿已在其他页面或设备上改动")
    check_page(other)
    other.close(run_before_unload=False)
    with page.expect_response("**/autosave/"):
        page.fill("[name=fact-work-since]", "2024-01-01")
    page.reload()
    expect(page.locator("[name=bank]")).to_have_value("示例银行荆州沙市支行")
    page.fill("[name=account]", ACCOUNT)
    with page.expect_navigation():
        page.locator(".sticky-action button").click()
    expect(page.locator(".form-errors")).to_be_visible()  # no card has this number
    check_page(page)
    page.locator("[name=checked]").check()
    with page.expect_navigation():
        page.locator(".sticky-action button").click()
    expect(page.locator("main .alert.is-warn")).to_contain_text("申请表")
    return Claim.objects.get()


def hand_over_papers(page: Page, claim: Claim, folder: Path) -> None:
    """Choosing a file hands it in."""
    page.goto(reverse("credentials:claim-edit", args=[claim.pk]))
    scan = folder / "材料.pdf"
    scan.write_bytes(make_proof().read())
    for number, slot in enumerate(("form", "certificate"), start=1):
        with page.expect_response("**/papers/"):
            page.locator(f"input[name=paper-{slot}]").set_input_files(scan)
        expect(page.locator("#papers .is-good")).to_have_count(number)


def test_choosing_a_paper_leaves_everything_as_it_was_typed(
    phone: Page,
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    check_page: Callable[..., None],
    tmp_path: Path,
) -> None:
    set_up_site()
    version = make_subsidies(tree["city"], cast.city_administrator)
    make_qualification(cast.trainee.person, "assistant", days_ago=60)
    claim = make_draft(cast.trainee.person, version)
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(reverse("credentials:claim-edit", args=[claim.pk]))
    scan = tmp_path / "盖章.pdf"
    scan.write_bytes(make_proof().read())

    phone.fill("[name=bank]", "示例银行荆州沙市支行")
    phone.fill("[name=account]", ACCOUNT)
    expect(phone.locator("[data-autosave-status]")).to_contain_text("尚未保存")
    phone.locator("input[name=paper-form]").set_input_files(scan)
    expect(phone.locator("#papers-said")).to_contain_text("盖章.pdf")
    expect(phone.locator("#papers .is-good")).to_have_count(1)
    expect(phone.locator("[name=account]")).to_have_value(ACCOUNT)
    phone.locator("[name=agrees]").check()
    phone.locator("#papers button").click()
    expect(phone.locator("#papers .is-good")).to_have_count(2)

    expect(phone.locator("[name=bank]")).to_have_value("示例银行荆州沙市支行")
    expect(phone.locator("[name=account]")).to_have_value(ACCOUNT)
    expect(phone.locator("[name=agrees]")).to_be_checked()
    bad = tmp_path / "盖章.docx"
    bad.write_bytes(b"PK")
    phone.locator("input[name=paper-form]").set_input_files(bad)
    expect(phone.locator("#papers .field__error")).to_be_visible()
    expect(phone.locator("[name=account]")).to_have_value(ACCOUNT)
    check_page(phone)


def make_draft(person: Person, version: PolicyVersion) -> Claim:
    """A draft in which nothing is said yet."""
    return start_claim(
        person=person, version=version, benefit="certificate", key="assistant", actor=person.user
    )
