"""One claim the whole way: filled in on a phone, reviewed by the street, the district and the city with one return, shown in public
with an objection, paid by two finance officers, returned by the bank, and paid again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from core.models import Organisation
from credentials.models import Claim, PublicNotice, PublicNoticeLine
from credentials.public_notices.actions import close_due_notices
from tests.factories import make_qualification
from tests.factories.subsidies import make_payer, make_reviewer, make_subsidies
from tests.journeys.conftest import DESKTOP
from tests.journeys.steps import at_their_desks, hand_in, sign_in
from tests.journeys.test_claims import fill_in, hand_over_papers
from tests.journeys.test_claims_desk import decide, post
from tests.journeys.test_learn import WAGTAIL
from tests.journeys.test_payments import build, close, enter, release
from tests.journeys.test_qualifications import level  # noqa: F401 - a fixture: the level as the migrations have it

Check = Callable[..., None]


@pytest.fixture
def officers(
    open_browser: Callable[..., Page], live_server: Any, cast: SimpleNamespace, tree: dict[str, Organisation]
) -> SimpleNamespace:
    """A browser for each: three reviewers, one more of the city who answers objections, and two of finance."""
    people = {
        "street": make_reviewer(tree["street"], "街道经办"),
        "county": cast.administrator,
        "city": cast.city_administrator,
        "second": make_reviewer(tree["city"], "复核员"),
        "builder": make_payer(tree["city"], "翟清和"),
        "releaser": make_payer(tree["city"], "盖静怡"),
    }
    return at_their_desks(open_browser, live_server.url, people)


def test_from_the_phone_to_the_account(
    phone: Page,
    officers: SimpleNamespace,
    open_browser: Callable[..., Page],
    check_page: Check,
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    tmp_path: Path,
) -> None:
    set_up_site()
    version = make_subsidies(tree["city"], cast.city_administrator, stages="street, county, city")
    person = cast.trainee.person
    make_qualification(person, "assistant", days_ago=100)
    person.set_id_number("resident_id", "12019919900101001X")
    person.save()
    sign_in(phone, cast.trainee, live_server.url)

    claim = hand_it_in(phone, check_page, tmp_path)
    review(phone, officers, claim, check_page)
    show(officers, open_browser, check_page, version.subsidy_id)
    claim.refresh_from_db()
    assert claim.state == "approved"
    pay(phone, officers, claim, check_page, tmp_path)

    phone.goto(claim.get_absolute_url())
    expect(phone.locator("main .page-head")).to_contain_text("已发放")
    expect(phone.locator("#steps .steps__item")).to_have_count(6)
    today = timezone.localdate()
    for place in ("街道办", "指导中心", "民政局", f"{today.year}年{today.month}月{today.day}日"):
        expect(phone.locator("#steps")).to_contain_text(place)
    expect(phone.locator("#paid")).to_contain_text("¥500.00")
    check_page(phone)


def hand_it_in(page: Page, check_page: Check, folder: Path) -> Claim:
    page.goto(reverse("credentials:claim-list"))
    hand_in(page.locator(f"form[action='{reverse('credentials:claim-start')}']").first)
    claim = fill_in(page, check_page)
    printed = page.request.get(reverse("credentials:claim-form", args=[claim.pk]))
    assert printed.body().startswith(b"%PDF-")
    hand_over_papers(page, claim, folder)
    check_and_hand_in(page)
    return claim


def check_and_hand_in(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".sticky-action button").click()
    page.locator("main [name=declares]").check()
    hand_in(page.locator("main form.form"))


def review(page: Page, officers: SimpleNamespace, claim: Claim, check_page: Check) -> None:
    """The street passes, the district returns once and passes then, the city passes."""
    officers.street.goto(reverse("claims:index") + "?waiting=on")
    check_page(officers.street, exclude=WAGTAIL)
    decide(officers.street, claim, "pass")
    decide(officers.county, claim, "return", "申请表上的公章不清楚")
    page.goto(claim.get_absolute_url())
    expect(page.locator("main .alert.is-warn")).to_contain_text("公章不清楚")
    check_page(page)
    page.locator("main .alert a").click()
    check_and_hand_in(page)
    decide(officers.county, claim, "pass")
    decide(officers.city, claim, "pass")
    claim.refresh_from_db()
    assert claim.state == "cleared"


def show(
    officers: SimpleNamespace, open_browser: Callable[..., Page], check_page: Check, policy: int
) -> None:
    """Shown in public; a visitor objects, another officer of the city answers, and the last day passes."""
    post(officers.city, check_page, policy)
    notice = PublicNotice.objects.get()
    visitor = open_browser(**DESKTOP)
    visitor.goto(reverse("public-notice", args=[notice.pk]))
    expect(visitor.locator("main table")).to_contain_text("林小荷")
    check_page(visitor)
    visitor.select_option("#object [name=line]", str(PublicNoticeLine.objects.get().pk))
    for name, words in {
        "said": "此人已不在本市从业。",
        "name": "周知远",
        "contact": "zhou@example.com",
    }.items():
        visitor.fill(f"#object [name={name}]", words)
    hand_in(visitor.locator("#object form"))
    expect(visitor.locator("#object .alert")).to_be_focused()
    expect(visitor.locator("#object form")).to_be_hidden()
    check_page(visitor)
    objection = notice.objections.get()
    officers.second.goto(reverse("public-notices:objection", args=[notice.pk, objection.pk]))
    officers.second.check("main [name=verdict][value=dismissed]")
    officers.second.fill("main [name=answer]", "已核实社保和考勤，在本市从业。")
    hand_in(officers.second.locator("main form").last)
    day = timezone.localdate() - timezone.timedelta(days=1)
    PublicNotice.objects.filter(pk=notice.pk).update(starts_on=day - timezone.timedelta(days=7), ends_on=day)
    close_due_notices()


def pay(page: Page, officers: SimpleNamespace, claim: Claim, check_page: Check, folder: Path) -> None:
    """The bank returns it, the claimant corrects the account, and a new line pays it."""
    first = build(officers.builder, check_page)
    release(officers.releaser, first, check_page)
    enter(officers.builder, first, folder, ("1", "失败", "账号与户名不符"))
    close(officers.builder, first)
    page.goto(claim.get_absolute_url())
    expect(page.locator("main .alert.is-warn")).to_contain_text("账号与户名不符")
    check_page(page)
    page.locator("main .alert a").click()
    page.fill("main [name=bank]", "示例银行沙市支行")
    page.fill("main [name=account]", "6222 0299 0000 0015")
    page.check("main [name=agrees]")
    hand_in(page.locator("main form.form"))
    page.check("main [name=checked]")  # no bank card has this number: it is asked for once more
    hand_in(page.locator("main form.form"))
    second = build(officers.builder, check_page)
    release(officers.releaser, second, check_page)
    enter(officers.builder, second, folder, ("1", "成功", ""))
    close(officers.builder, second)
