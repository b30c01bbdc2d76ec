"""A supervisor offers a time, the trainee books it on a phone, and afterwards it is recorded from there."""

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
from supervision.pairings.actions import create_pairing
from supervision.supervisors.actions import register_supervisor
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, sign_in


@pytest.fixture
def pairing(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Any:
    set_up_site()
    supervisor = register_supervisor(
        person=cast.supervisor.person, code="TJ001", organisation=tree["agency"], actor=None
    )
    month_ago = timezone.localdate() - datetime.timedelta(days=30)
    return create_pairing(supervisor=supervisor, mentee=cast.trainee.person, actor=None, starts_on=month_ago)


def test_offered_booked_on_a_phone_and_recorded_from_there(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    pairing: Any,
    cast: SimpleNamespace,
) -> None:
    supervisor, mentee = open_browser(**DESKTOP), open_browser(**PHONE)
    sign_in(supervisor, cast.supervisor, live_server.url)
    sign_in(mentee, cast.trainee, live_server.url)
    offer(supervisor, check_page)
    book(mentee, check_page)
    meeting = pairing.meetings.get()
    assert meeting.state == "planned"
    let_pass(meeting)
    record(supervisor, check_page, meeting)
    meeting.refresh_from_db()
    assert meeting.state == "recorded"
    mentee.goto(meeting.get_absolute_url())
    check_page(mentee)
    mentee.locator(f"main a[href='{meeting.session.get_absolute_url()}']").click()
    hand_in(mentee.locator("form[action$='/confirm/']"))
    meeting.session.refresh_from_db()
    assert meeting.session.state == "confirmed"


def offer(page: Page, check_page: Callable[..., None]) -> None:
    page.goto(reverse("supervision:home"))
    check_page(page)
    page.locator(f"#meetings a[href='{reverse('supervision:slot-offer')}']").click()
    check_page(page)
    page.fill("#slot-form [name=day]", (timezone.localdate() + datetime.timedelta(days=3)).isoformat())
    page.fill("#slot-form [name=start]", "14:00")
    page.fill("#slot-form [name=place]", "三楼会谈室")
    hand_in(page.locator("#slot-form"))
    if page.locator("#slot-form").count():  # a public holiday is asked about once
        hand_in(page.locator("#slot-form"))
    expect(page.locator("#offered .row")).to_have_count(1)
    check_page(page)


def book(page: Page, check_page: Callable[..., None]) -> None:
    page.goto(reverse("supervision:meeting-list"))
    check_page(page)
    page.locator("#bookable .row a").first.click()
    check_page(page)
    hand_in(page.locator("#book-form"))
    expect(page.locator("main")).to_contain_text("三楼会谈室")
    check_page(page)
    page.goto(reverse("supervision:meeting-list"))
    expect(page.locator("#upcoming .row")).to_have_count(1)
    check_page(page)
    page.goto(reverse("supervision:meeting-subscribe"))
    check_page(page)


def let_pass(meeting: Any) -> None:
    """The time of the meeting has come and gone."""
    back = datetime.timedelta(days=4)
    type(meeting).objects.filter(pk=meeting.pk).update(
        starts_at=meeting.starts_at - back, ends_at=meeting.ends_at - back
    )


def record(page: Page, check_page: Callable[..., None], meeting: Any) -> None:
    page.goto(reverse("supervision:meeting-list"))
    check_page(page)
    page.locator("#to-record .row a").first.click()
    check_page(page)
    page.locator("#record a.button--primary").click()
    check_page(page)
    assert page.input_value("#session-form [name=place]") == "三楼会谈室"
    assert page.input_value("#session-form [name=start]") == "14:00"
    page.fill("#session-form [name=topics]", "接案时怎样把话题引到目标。")
    page.locator("#session-form [name=functions]").first.check()
    hand_in(page.locator("#session-form"))
    page.wait_for_url("**/supervision/sessions/**")
    check_page(page)
