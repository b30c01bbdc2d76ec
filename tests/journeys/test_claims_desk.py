"""A claim passes three reviewers, is returned for correction in between, is shown to everybody, and is approved."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from core.models import Organisation
from credentials.claims import actions
from credentials.claims.states import ClaimState
from credentials.models import Claim, PublicNotice, QualificationLevel
from credentials.public_notices.actions import close_due_notices
from tests.factories.subsidies import make_claim, make_reviewer, make_subsidies
from tests.journeys.conftest import DESKTOP
from tests.journeys.steps import hand_in, sign_in


@pytest.fixture(autouse=True)
def level(transactional_db: None) -> None:
    """As the migrations have it, whatever test has emptied the tables before."""
    QualificationLevel.objects.update_or_create(
        code="assistant", defaults={"name": "助理社会工作师", "target_hours": 72}
    )


def test_three_reviewers_a_return_and_a_public_notice(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    tree: dict[str, Organisation],
    cast: SimpleNamespace,
) -> None:
    set_up_site()
    version = make_subsidies(tree["city"], cast.city_administrator)
    head = make_reviewer(tree["station"], "站长")
    claim = make_claim(cast.trainee.person, version, state="review")
    employer, county, city = (open_browser(**DESKTOP) for _ in range(3))
    for page, officer in ((employer, head), (county, cast.administrator), (city, cast.city_administrator)):
        sign_in(page, officer, live_server.url)

    employer.goto(reverse("claims:index") + "?waiting=on")
    check_page(employer)
    employer.locator("main [name=chosen]").check()
    hand_in(employer.locator(f"main form[action='{reverse('claims:batch')}']"))
    expect(employer.locator("main h2").first).to_contain_text("500.00")
    hand_in(employer.locator(f"main form[action='{reverse('claims:batch')}']"))

    decide(county, claim, "return", "申请表未盖章")
    claim.refresh_from_db()
    assert (claim.state, claim.reason) == (ClaimState.RETURNED, "申请表未盖章")
    actions.hand_in(claim=claim, actor=cast.trainee)
    decide(county, claim, "pass")

    city.goto(reverse("claims:inspect", args=[claim.pk]))
    check_page(city)
    decide(city, claim, "pass")
    post(city, check_page, version.subsidy_id)
    notice = PublicNotice.objects.get()
    claim.refresh_from_db()
    assert claim.state == ClaimState.NOTICE
    day = timezone.localdate() - timezone.timedelta(days=1)
    PublicNotice.objects.filter(pk=notice.pk).update(starts_on=day - timezone.timedelta(days=7), ends_on=day)
    close_due_notices()
    city.goto(reverse("claims:inspect", args=[claim.pk]))
    expect(city.locator("main .w-status").first).to_contain_text("已批准")
    assert [one.verdict for one in claim.reviews.all()] == ["pass", "return", "pass", "pass"]


def decide(page: Page, claim: Claim, verdict: str, reason: str = "") -> None:
    """Open the claim, write the reason, and press the button of this verdict."""
    page.goto(reverse("claims:inspect", args=[claim.pk]))
    page.fill("main .claim-decide [name=reason]", reason)
    with page.expect_navigation():
        page.click(f"main .claim-decide button[value={verdict}]")


def post(page: Page, check_page: Callable[..., None], policy: int) -> None:
    """Read what everybody will read, and open the notice."""
    page.goto(reverse("claims:to-post"))
    page.click(f"main a[href='{reverse('claims:post', args=[policy])}']")
    expect(page.locator("main table")).to_contain_text("林小荷")
    check_page(page)
    page.fill("main [name=contact]", "示例市民政局社会工作科")
    hand_in(page.locator("main form").last)
