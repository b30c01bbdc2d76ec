"""With a keyboard alone: sign in, ask a supervisor, log a session, confirm it. Wherever the focus is, it shows."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from cms.public import set_up_site
from core.models import User
from supervision.models import Pairing, PairingRequest, Session, Supervisor
from supervision.supervisors.actions import register_supervisor
from tests.journeys.conftest import DESKTOP, PHONE

PASSWORD = "ein-langes-Wort-9"
MOST_STOPS = 150  # on the way round a page: after so many the focus is trapped
# What has the focus: whether it is what is looked for, and what hides it or does not show it.
FOCUSED = """wanted => {
  const node = document.activeElement, rect = node.getBoundingClientRect();
  const told = node.outerHTML.slice(0, 120);
  const outlined = (each, part) => parseFloat(getComputedStyle(each, part).outlineWidth) >= 1
    && getComputedStyle(each, part).outlineStyle !== 'none';
  // Inside a field for a date the browser marks the part itself.
  const shows = node === document.body || outlined(node) || outlined(node, '::after')
    || node.matches('[type=date], [type=time]');
  const bars = [...document.querySelectorAll('.tabbar, .sticky-action, header')].filter(bar =>
    ['fixed', 'sticky'].includes(getComputedStyle(bar).position) && !bar.contains(node));
  const under = bars.some(bar => {
    const over = bar.getBoundingClientRect();
    return over.height && rect.top >= over.top - 1 && rect.bottom <= over.bottom + 1;
  });
  return {is: node.matches(wanted), fault: under ? `hidden: ${told}` : shows ? '' : `does not show: ${told}`};
}"""


@pytest.fixture
def supervisor(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Supervisor:
    set_up_site()
    return register_supervisor(
        person=cast.supervisor.person, code="TJ001", organisation=tree["agency"], actor=None
    )


@pytest.mark.parametrize("device_of", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everything_is_done_with_a_keyboard(
    open_browser: Callable[..., Page],
    device_of: dict[str, Any],
    supervisor: Supervisor,
    cast: SimpleNamespace,
) -> None:
    mine, theirs = open_browser(**device_of), open_browser(**device_of)
    sign_in_by_keys(mine, cast.trainee)
    sign_in_by_keys(theirs, cast.supervisor)
    mine.goto(reverse("supervision:supervisor-list"))
    press(mine, f"main a[href='{reverse('supervision:supervisor-ask', args=[supervisor.pk])}']")
    fill(mine, "#ask [name=goal]", "想学会预估和制定服务计划。")
    press(mine, "#ask button[type=submit]")
    theirs.goto(PairingRequest.objects.get().get_absolute_url())
    press(theirs, "form[action$='/accept/'] button[type=submit]")
    Pairing.objects.update(starts_on=timezone.localdate() - datetime.timedelta(days=30))  # time has passed
    log_by_keys(theirs)
    session = Session.objects.get()
    mine.goto(session.get_absolute_url())
    press(mine, "form[action$='/confirm/'] button[type=submit]")
    session.refresh_from_db()
    assert (session.state, session.minutes) == ("confirmed", 90)


def sign_in_by_keys(page: Page, user: User) -> None:
    user.set_password(PASSWORD)
    user.save()
    page.goto(reverse("account_login"))
    fill(page, "[name=login]", user.email)
    fill(page, "[name=password]", PASSWORD)
    press(page, "main form button[type=submit]")
    page.wait_for_url(f"**{reverse('dashboard')}**")


def log_by_keys(page: Page) -> None:
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    page.goto(reverse("supervision:session-log", args=[Pairing.objects.get().pk]))
    day = page.locator("#session-form [name=day]")
    fill(page, "#session-form [name=day]", f"{yesterday:%m%d%Y}")
    if day.input_value() != yesterday.isoformat():  # a browser that orders the parts of a day otherwise
        day.fill(yesterday.isoformat())
    fill(page, "#session-form [name=start]", "1400")
    fill(page, "#session-form [name=end]", "1530")
    reach(page, "#session-form [name=functions]")
    page.keyboard.press("Space")
    fill(page, "#session-form [name=topics]", "入户时写下的内容。")
    press(page, "#session-form button[type=submit]")


def reach(page: Page, wanted: str) -> None:
    """Tab until this has the focus; every stop on the way is seen, and none keeps the focus."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED, wanted)
        assert not found["fault"], f"{page.url}: {found['fault']}"
        if found["is"]:
            return
    raise AssertionError(f"{page.url}: no key leads to {wanted}")


def fill(page: Page, wanted: str, text: str) -> None:
    reach(page, wanted)
    page.keyboard.type(text)


def press(page: Page, wanted: str) -> None:
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")
