"""The watch and the page check themselves: a check that cannot fail would let every journey pass."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Watch

SPOIL = """() => {
  const image = new Image(); image.src = 'http://foreign.invalid/x.png'; document.body.append(image);
  const missing = document.createElement('script'); missing.src = '/static/missing.js'; document.body.append(missing);
  const script = document.createElement('script'); script.textContent = 'window.spoilt = 1'; document.body.append(script);
  setTimeout(() => { throw new Error('boom'); }, 0);
}"""


HEAD = "<meta name=viewport content='width=device-width, initial-scale=1'><title>样例</title>"


def page_of(body: str) -> str:
    return f"<!doctype html><html lang=zh-Hans><head>{HEAD}</head><body><main>{body}</main></body></html>"


def test_the_watch_sees_what_a_visitor_would_suffer(phone: Page, watch: Watch) -> None:
    phone.goto("/accounts/login/")
    phone.evaluate(SPOIL)
    phone.wait_for_timeout(500)
    seen = "\n".join(watch.faults)
    watch.allow("foreign.invalid", "CSP", "boom", "missing.js")
    for expected in ("foreign host: http://foreign.invalid/x.png", "CSP:", "page error", "404:"):
        assert expected in seen


def test_a_good_page_passes(device: Page, check_page: Callable[..., None]) -> None:
    device.set_content(page_of("<h1>薪火计划</h1><p>正文</p>"))
    check_page(device)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<h1>薪火</h1><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", "image-alt"),
        ("<h1>薪火</h1><p style='color:#bbb;background:#fff'>看不清</p>", "color-contrast"),
        ("<h1>薪火</h1><button style='width:12px;height:12px'>甲</button><button style='width:12px;height:12px'>乙</button>", "target-size"),
        ("<h1>薪火</h1><div style='width:500px'>宽</div>", "scrolls sideways"),
    ],
)  # fmt: skip
def test_a_bad_page_does_not(phone: Page, check_page: Callable[..., None], body: str, complaint: str) -> None:
    phone.set_content(page_of(body))
    with pytest.raises(AssertionError, match=complaint):
        check_page(phone)
    assert phone.viewport_size == {"width": 390, "height": 844}
