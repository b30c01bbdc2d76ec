"""A real browser, watched: a phone and a desktop that complain about what a visitor's browser would suffer."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

ASSETS = {"stylesheet", "script", "image", "font", "media"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = 320  # CSS pixels: WCAG 1.4.10, and a page of 1280 enlarged to 400 %


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's Chromium: none is downloaded. A container gives it neither a sandbox nor shared memory."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    return {"executable_path": path, "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}


@dataclass
class Watch:
    """What went wrong in the browser although the page looked right. `allow` names what a test provokes."""

    own_host: str
    faults: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.on("request", self.request)
        context.on("response", self.response)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))

    def allow(self, *texts: str) -> None:
        """From now on, a fault that contains one of these texts is what the test wants to see."""
        self.allowed += texts

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.own_host:
            self.faults.append(f"foreign host: {request.url}")

    def response(self, response: Response) -> None:
        asset_is_missing = response.status >= 400 and response.request.resource_type in ASSETS
        if response.status >= 500 or asset_is_missing:
            self.faults.append(f"{response.status}: {response.url}")

    def console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(f"CSP: {message.text}")

    def check(self) -> None:
        left = [fault for fault in self.faults if not any(text in fault for text in self.allowed)]
        assert not left, "The browser complained:\n" + "\n".join(left)


@pytest.fixture
def watch(live_server: Any) -> Iterator[Watch]:
    """The watch of this test's browsers; the test fails when it saw anything."""
    seen = Watch(own_host=urlsplit(live_server.url).netloc)
    yield seen
    seen.check()


@pytest.fixture
def open_browser(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, watch: Watch
) -> Iterator[Callable[..., Page]]:
    """A function that opens a further browser with its own cookies, for a journey of several people."""
    contexts: list[BrowserContext] = []

    def opened(**device: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, **browser_context_args, **device)
        context.set_default_timeout(15_000)
        watch.follow(context)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def phone(open_browser: Callable[..., Page]) -> Page:
    """A phone of 390×844 with touch; addresses are relative to the site."""
    return open_browser(**PHONE)


@pytest.fixture
def desktop(open_browser: Callable[..., Page]) -> Page:
    """A laptop's window of 1280×800."""
    return open_browser(**DESKTOP)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def device(request: pytest.FixtureRequest, open_browser: Callable[..., Page]) -> Page:
    """For a test that must hold on both."""
    return open_browser(**request.param)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def size(request: pytest.FixtureRequest) -> dict[str, Any]:
    """For a journey of several people that must hold on both: what `open_browser` takes."""
    return dict(request.param)


# What fades in has no contrast yet: wait for whatever moves and comes to an end, two seconds at most.
STILL = """() => Promise.race([
  Promise.allSettled(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime !== Infinity).map((each) => each.finished)),
  new Promise((done) => setTimeout(done, 2000)),
]).then(() => null)"""


@pytest.fixture(scope="session")
def check_page() -> Callable[..., None]:
    """A function that finds what keeps people from using the page which the browser shows now."""
    axe = Axe()

    def check(page: Page, *, exclude: tuple[str, ...] = ()) -> None:
        """Fail on any axe violation (WCAG 2.2 AA) outside the excluded selectors, and on sideways scrolling at 320 px."""
        page.wait_for_load_state()  # a click returns as soon as the new page begins to arrive
        page.evaluate(STILL)
        where = urlsplit(page.url).path
        assert page.title().strip(), f"{where} has no title"
        assert page.locator("html").get_attribute("lang"), f"{where} does not say its language"
        options = {
            "resultTypes": ["violations"],
            "runOnly": {"type": "tag", "values": WCAG},
            "rules": {
                "target-size": {"enabled": True}
            },  # in axe, WCAG 2.2's own rule is off unless asked for
        }
        outside = {"exclude": [[selector] for selector in exclude]} if exclude else None
        found = axe.run(page, context=outside, options=options).response["violations"]
        assert not found, f"axe on {where}:\n" + "\n".join(_in_words(violation) for violation in found)
        _check_reflow(page, where)
        _keep_picture(page, where)

    return check


def _keep_picture(page: Page, where: str) -> None:
    """With PICTURES=folder, a picture of every page that a journey checks: to be looked at by people."""
    if not (folder := os.environ.get("PICTURES")):
        return
    journey = re.sub(r"\W+", "_", os.environ["PYTEST_CURRENT_TEST"].partition("::")[2].partition(" ")[0])
    width = (page.viewport_size or {"width": 0})["width"]
    number = len(list(Path(folder).glob(f"{journey}-*"))) if Path(folder).exists() else 0
    name = f"{journey}-{number:02}-{width}{re.sub(r'[^a-z0-9]+', '_', where.lower())[:60]}.png"
    page.screenshot(path=Path(folder) / name, full_page=True)


def _in_words(violation: dict[str, Any]) -> str:
    places = [f"    {node['html'][:160]}\n      {node['failureSummary']}" for node in violation["nodes"][:4]]
    return "\n".join([f"{violation['id']} ({violation['impact']}): {violation['help']}", *places])


def _check_reflow(page: Page, where: str) -> None:
    """At 320 px nothing may stick out to the right, unless its own box scrolls (a wide table)."""
    before = page.viewport_size
    page.set_viewport_size({"width": NARROW, "height": 800})
    wide = page.evaluate(STICKS_OUT, NARROW)
    if before:
        page.set_viewport_size(before)
    assert not wide, f"{where} scrolls sideways at {NARROW} px because of:\n" + "\n".join(wide)


STICKS_OUT = """width => {
  const root = document.scrollingElement;
  // Wagtail's admin cuts off what is wider than its page; its side panels stand beside the page until they are opened.
  const box = document.querySelector('.form-side') ? null : document.querySelector('main.content-wrapper');
  if (Math.max(root.scrollWidth, box ? box.scrollWidth : 0) <= width) return [];
  const wide = [...document.body.querySelectorAll('*')].filter(node => node.getBoundingClientRect().right > width + 1);
  return [`scrollWidth ${root.scrollWidth}, of the admin's page ${box && box.scrollWidth}`, ...wide.slice(-5).map(node => node.outerHTML.slice(0, 160))];
}"""
