"""A session in words of two: the supervisor records it on a phone, the mentee confirms it, and both have the time."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from credentials.public import hours_of
from supervision.pairings.actions import create_pairing
from supervision.public import pairings_of
from supervision.supervisors.actions import register_supervisor
from tests.journeys.conftest import PHONE
from tests.journeys.steps import hand_in, sign_in


@pytest.fixture
def pairing(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Any:
    set_up_site()
    supervisor = register_supervisor(
        person=cast.supervisor.person, code="TJ001", organisation=tree["agency"], actor=None
    )
    month_ago = timezone.localdate() - datetime.timedelta(days=30)
    return create_pairing(supervisor=supervisor, mentee=cast.trainee.person, actor=None, starts_on=month_ago)


def test_a_supervisor_records_a_session_and_the_mentee_confirms_it(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    pairing: Any,
    cast: SimpleNamespace,
) -> None:
    supervisor, mentee = open_browser(**PHONE), open_browser(**PHONE)
    sign_in(supervisor, cast.supervisor, live_server.url)
    sign_in(mentee, cast.trainee, live_server.url)
    record(supervisor, check_page, pairing)
    confirm(mentee, check_page, pairing)
    assert [fact.minutes for fact in pairings_of(cast.trainee.person)] == [90]
    for page, person in ((supervisor, cast.supervisor.person), (mentee, cast.trainee.person)):
        page.goto(reverse("credentials:hours-list"))
        expect(page.locator("#entries .row", has_text="90")).to_have_count(1)
        check_page(page)
        page.locator("#entries .row a").first.click()
        check_page(page)
        assert sum(total.minutes for total in hours_of(person).kinds) == 90


def record(page: Page, check_page: Callable[..., None], pairing: Any) -> None:
    page.goto(reverse("dashboard"))
    check_page(page)
    page.goto(reverse("supervision:home"))
    check_page(page)
    page.locator(f"main a[href='{reverse('supervision:session-log', args=[pairing.pk])}']").first.click()
    check_page(page)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    answers = {
        "day": yesterday.isoformat(),
        "start": "14:00",
        "end": "15:30",
        "topics": "接案时怎样把话题引到目标。",
    }
    for name, value in answers.items():
        page.fill(f"#session-form [name={name}]", value)
    page.locator("#session-form [name=functions]").first.check()
    hand_in(page.locator("#session-form"))
    page.wait_for_url("**/supervision/sessions/**")
    check_page(page)


def confirm(page: Page, check_page: Callable[..., None], pairing: Any) -> None:
    session = pairing.sessions.get()
    page.goto(reverse("dashboard"))
    check_page(page)
    page.goto(reverse("supervision:home"))
    check_page(page)
    page.locator(f"main a[href='{session.get_absolute_url()}']").first.click()
    expect(page.locator("main")).to_contain_text("接案时怎样把话题引到目标")
    check_page(page)
    hand_in(page.locator("form[action$='/confirm/']"))
    check_page(page)
    session.refresh_from_db()
    assert session.state == "confirmed"
