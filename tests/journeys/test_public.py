"""The pages that everybody sees: usable with a keyboard, by ear, on a narrow phone, in large type and in English."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cms.public import write_site
from core.models import Organisation
from tests.journeys.conftest import Watch
from tests.journeys.steps import demo_pages, open_small_course, sign_in

# One page of every kind; the lists stand for the pages that are made alike.
PLACES = [
    "/",
    "/xiangmu/",
    "/xiangmu/spark-plan/",
    "/courses/",
    "/courses/spark-practice/",
    "/gonggao/",
    "/xinwen/",
    "/gushi/",
    "/anli/",
    "/privacy/",
    "/search/?q=训练营",
    "/search/?q=龘龘龘龘",
    "/verify/",
    "/verify/file/",
    "/verify/list/",
    "/verify/keys/",
    "/accounts/login/",
    "/accounts/password/reset/",
]
FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const rings = [null, '::after'].map((part) => getComputedStyle(at, part));  // a card's link rings the whole card
  return {tag: at.tagName, name: at.innerText || at.ariaLabel || at.name || '', href: at.getAttribute('href'),
          seen: box.width > 0 && box.height > 0, ring: rings.some((style) => style.outlineStyle !== 'none' || style.boxShadow !== 'none')};
}"""


@pytest.fixture
def site(live_server: Any, tree: dict[str, Organisation], cast: SimpleNamespace) -> None:
    open_small_course(tree["district"])
    write_site(content=demo_pages(), actor=None)


def test_every_kind_of_public_page_is_in_order(
    device: Page, check_page: Callable[..., None], site: None
) -> None:
    places = list(PLACES)
    for index in ("/gonggao/", "/gushi/", "/anli/"):
        device.goto(index)
        places.append(device.locator(f"main a[href^='{index}']").first.get_attribute("href") or index)
    for place in places:
        response = device.goto(place)
        assert response is not None and response.status == 200, place
        assert device.locator("h1").count() == 1, f"{place} has not one heading"
        check_page(device)


def test_a_page_that_is_not_there_says_where_to_go(
    device: Page, check_page: Callable[..., None], site: None
) -> None:
    response = device.goto("/xiangmu/nothing-here/")
    assert response is not None and response.status == 404
    expect(device.locator("main a[href='/']").first).to_be_visible()
    check_page(device)


def test_the_keyboard_alone_reaches_the_content_and_every_door(desktop: Page, site: None) -> None:
    desktop.goto("/")
    desktop.keyboard.press("Tab")
    first = desktop.evaluate(FOCUS)
    assert first["href"] == "#main" and first["seen"]
    desktop.keyboard.press("Enter")
    assert desktop.evaluate("document.activeElement.id") == "main"
    desktop.reload()
    reached: list[str] = []
    for _ in range(60):
        desktop.keyboard.press("Tab")
        at = desktop.evaluate(FOCUS)
        assert at["seen"] or at["tag"] == "BODY", f"focus on something invisible: {at}"
        assert at["ring"] or at["tag"] == "BODY", f"focus cannot be seen on {at}"
        reached.append(at["href"] or at["name"])
    assert {"/accounts/login/", "/verify/", "/xiangmu/", "/gonggao/"} <= set(reached)


def test_large_type_holds_on_the_next_page_and_still_fits(
    device: Page, check_page: Callable[..., None], site: None
) -> None:
    device.goto("/")
    plain = device.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    with device.expect_response("**/elder/"):
        press(device, "[data-elder-switch] button")
    device.goto("/xiangmu/spark-plan/")
    large = device.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert large >= plain * 1.15
    check_page(device)
    device.goto("/")
    check_page(device)


def test_the_language_changes_and_holds_on_the_next_page(
    device: Page, check_page: Callable[..., None], site: None
) -> None:
    device.goto("/xiangmu/spark-plan/")
    with device.expect_navigation():
        press(device, "button[name=language][value=en]")
    assert device.locator("html").get_attribute("lang") == "en"
    expect(device.locator("h1")).to_contain_text("Spark Plan")
    check_page(device)
    device.goto("/accounts/signup/")
    expect(device.locator("h1")).to_have_text("Create an account")
    check_page(device)


def test_the_desk_of_every_role_is_in_order(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    site: None,
    cast: SimpleNamespace,
    live_server: Any,
    watch: Watch,
) -> None:
    page = open_browser(viewport={"width": 390, "height": 844})
    for part in ("other_trainee", "administrator", "finance", "auditor"):
        sign_in(page, getattr(cast, part), live_server.url)
        for place in (reverse("dashboard"), reverse("core:profile"), reverse("core:notices")):
            page.goto(place)
            check_page(page)
            if part != "other_trainee":
                break  # the other places are the same for everybody


def press(page: Page, selector: str) -> None:
    """Press the first of these that can be seen; on a phone they are in the menu."""
    if not page.locator(selector).locator("visible=true").count():
        page.locator("header details.only-narrow > summary").click()
    page.locator(selector).locator("visible=true").first.click()
