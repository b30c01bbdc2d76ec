"""A refused claim: appealed against on the phone with a paper, heard by somebody who had no part, and reviewed anew by others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from core.models import Organisation
from credentials.models import Claim
from tests.factories import make_proof
from tests.factories.subsidies import make_claim, make_reviewer, make_subsidies
from tests.journeys.steps import at_their_desks, hand_in, sign_in
from tests.journeys.test_claims_desk import decide
from tests.journeys.test_qualifications import level  # noqa: F401 - a fixture: the level as the migrations have it

WRONG = "证书编号与登记的不一致"


@pytest.fixture
def officers(
    open_browser: Callable[..., Page], live_server: Any, cast: SimpleNamespace, tree: dict[str, Organisation]
) -> SimpleNamespace:
    """A browser for each: who refuses, another of the same district, who hears the appeal, and who approves."""
    people = {
        "refuses": cast.administrator,
        "another": make_reviewer(tree["district"], "另一位经办"),
        "hears": make_reviewer(tree["city"], "复核员"),
        "approves": cast.city_administrator,
    }
    return at_their_desks(open_browser, live_server.url, people)


def test_a_refusal_is_appealed_against_heard_by_another_and_reviewed_anew(
    phone: Page,
    officers: SimpleNamespace,
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    tmp_path: Path,
) -> None:
    set_up_site()
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="county, city")
    claim = make_claim(cast.trainee.person, version, state="review")
    decide(officers.refuses, claim, "refuse", WRONG)

    sign_in(phone, cast.trainee, live_server.url)
    appeal(phone, check_page, claim, tmp_path)
    officers.refuses.goto(reverse("claims:appeal", args=[claim.appeals.get().pk]))
    expect(officers.refuses.locator("main form [name=answer]")).to_have_count(0)  # not who has refused it
    uphold(officers.hears, check_page, claim)

    phone.goto(claim.get_absolute_url())
    expect(phone.locator("main")).to_contain_text("编号已核对，重新审核")
    check_page(phone)
    decide(officers.another, claim, "pass")
    decide(officers.approves, claim, "pass")
    claim.refresh_from_db()
    assert (claim.state, claim.round) == ("approved", 2)
    said = [(one.round, one.verdict) for one in claim.reviews.order_by("pk")]
    assert said == [(1, "refuse"), (2, "pass"), (2, "pass")]  # the old decision is kept
    phone.goto(claim.get_absolute_url())
    expect(phone.locator("main")).to_contain_text(WRONG)


def appeal(page: Page, check_page: Callable[..., None], claim: Claim, tmp_path: Path) -> None:
    """Read why it was refused, say what is wrong with that, and prove it."""
    page.goto(claim.get_absolute_url())
    expect(page.locator("main")).to_contain_text(WRONG)
    check_page(page)
    paper = tmp_path / "register.pdf"
    paper.write_bytes(make_proof(name="register.pdf").read())
    form = page.locator("#appeal form")
    form.locator("[name=words]").fill("登记时少写了一位，附登记机关的更正证明。")
    form.locator("input[type=file]").first.set_input_files(paper)
    hand_in(form)
    expect(page.locator("main .alert.is-good")).to_be_visible()
    check_page(page)


def uphold(page: Page, check_page: Callable[..., None], claim: Claim) -> None:
    """Find the appeal in the list, read it with its paper, and uphold it with an answer."""
    page.goto(reverse("claims:appeals"))
    check_page(page)
    page.click(f"main a[href='{reverse('claims:appeal', args=[claim.appeals.get().pk])}']")
    expect(page.locator("main")).to_contain_text("register.pdf")
    check_page(page)
    page.locator("main [name=upheld][value=yes]").check()
    page.fill("main [name=answer]", "编号已核对，重新审核。")
    hand_in(page.locator("main form").last)
    expect(page.locator("main")).to_contain_text("编号已核对，重新审核")
