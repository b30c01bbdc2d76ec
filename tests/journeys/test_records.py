"""A record that the two do not agree on at once, and one that comes late: until both, and the desk, have said yes."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from credentials.public import hours_of
from supervision.models import LateRecord, Session
from supervision.pairings.actions import create_pairing
from supervision.sessions.actions import log_session
from supervision.supervisors.actions import register_supervisor
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, sign_in
from tests.supervision.conftest import facts, written

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def pairing(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Any:
    set_up_site()
    supervisor = register_supervisor(
        person=cast.supervisor.person, code="TJ001", organisation=tree["agency"], actor=None
    )
    month_ago = timezone.localdate() - datetime.timedelta(days=60)
    return create_pairing(supervisor=supervisor, mentee=cast.trainee.person, actor=None, starts_on=month_ago)


@pytest.fixture
def two(
    open_browser: Callable[..., Page], live_server: Any, cast: SimpleNamespace, size: dict[str, Any]
) -> tuple[Page, Page]:
    """The browsers of the supervisor and of the mentee, of one size."""
    supervisor, mentee = open_browser(**size), open_browser(**size)
    sign_in(supervisor, cast.supervisor, live_server.url)
    sign_in(mentee, cast.trainee, live_server.url)
    return supervisor, mentee


def minutes_of(*people: Any) -> list[int]:
    return [sum(total.minutes for total in hours_of(person).kinds) for person in people]


@SIZES
def test_disputed_corrected_confirmed_and_corrected_once_more(
    two: tuple[Page, Page], check_page: Callable[..., None], pairing: Any, cast: SimpleNamespace
) -> None:
    supervisor, mentee = two
    both = (cast.trainee.person, cast.supervisor.person)
    session = log_session(
        pairing=pairing, actor=cast.supervisor, facts=facts(1, 14), written=written(), key=uuid.uuid4()
    )
    dispute(mentee, check_page, session)
    correct(supervisor, check_page, session, "amend", "15:30", answer="你说得对，是九十分钟。")
    confirm(mentee, check_page, session, "你说得对，是九十分钟。")
    assert minutes_of(*both) == [90, 90]
    correct(supervisor, check_page, session, "correct", "15:15", reason="对照签到表，实际提前一刻钟结束。")
    assert minutes_of(*both) == [90, 90]
    mentee.goto(session.get_absolute_url())
    versions = mentee.locator(".session-versions")
    expect(versions).to_contain_text("14:00–15:30")
    expect(versions).to_contain_text("14:00–15:15")
    expect(mentee.locator("#amendments")).to_contain_text("对照签到表")
    check_page(mentee)
    hand_in(mentee.locator("form[action$='/accept/']"))
    assert minutes_of(*both) == [75, 75]
    for page in two:
        page.goto(session.get_absolute_url())
        expect(page.locator("dl.facts, .facts").first).to_contain_text("14:00–15:15")
        expect(page.locator(".session-versions")).to_contain_text("14:00–15:30")
        check_page(page)
        page.goto(reverse("credentials:hours-list"))
        expect(page.locator("#entries .row", has_text="75")).to_have_count(1)
        check_page(page)


def dispute(page: Page, check_page: Callable[..., None], session: Session) -> None:
    page.goto(reverse("supervision:home"))
    page.locator(f"main a[href='{session.get_absolute_url()}']").first.click()
    form = page.locator("form[action$='/dispute/']")
    page.locator("details", has=form).locator("summary").click()
    form.locator("[name=reason]").fill("那天谈了一个半小时，不是一小时。")
    check_page(page)
    hand_in(form)
    expect(page.locator("#remarks")).to_contain_text("不是一小时")
    check_page(page)
    session.refresh_from_db()
    assert session.state == "disputed"


def correct(
    page: Page, check_page: Callable[..., None], session: Session, verb: str, end: str, **said: str
) -> None:
    """The supervisor corrects the record (`amend`), or proposes that once it is confirmed (`correct`)."""
    page.goto(session.get_absolute_url())
    check_page(page)
    page.locator(f"main a[href='{reverse(f'supervision:session-{verb}', args=[session.pk])}']").first.click()
    page.fill("#session-form [name=end]", end)
    for name, text in said.items():
        page.fill(f"#session-form [name={name}]", text)
    check_page(page)
    hand_in(page.locator("#session-form"))
    page.wait_for_url(f"**{session.get_absolute_url()}*")
    check_page(page)


def confirm(page: Page, check_page: Callable[..., None], session: Session, read: str) -> None:
    page.goto(session.get_absolute_url())
    expect(page.locator("main")).to_contain_text(read)
    hand_in(page.locator("form[action$='/confirm/']"))
    check_page(page)
    session.refresh_from_db()
    assert session.state == "confirmed"


@SIZES
def test_recorded_late_it_counts_once_an_officer_has_approved_its_reason(
    two: tuple[Page, Page],
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    pairing: Any,
    cast: SimpleNamespace,
) -> None:
    supervisor, mentee = two
    officer = open_browser(**DESKTOP)
    sign_in(officer, cast.administrator, live_server.url)
    session = record_late(supervisor, check_page, pairing)
    mentee.goto(session.get_absolute_url())
    expect(mentee.locator("form[action$='/confirm/']")).to_have_count(0)
    check_page(mentee)
    approve(officer, cast)
    confirm(mentee, check_page, session, "接案时怎样把话题引到目标。")
    assert minutes_of(cast.trainee.person, cast.supervisor.person) == [60, 60]
    mentee.goto(reverse("credentials:hours-list"))
    expect(mentee.locator("#entries .row", has_text="60")).to_have_count(1)


def record_late(page: Page, check_page: Callable[..., None], pairing: Any) -> Session:
    page.goto(reverse("supervision:session-log", args=[pairing.pk]))
    day = timezone.localdate() - datetime.timedelta(days=20)
    answers = {
        "day": day.isoformat(),
        "start": "14:00",
        "end": "15:00",
        "topics": "接案时怎样把话题引到目标。",
    }
    for name, value in answers.items():
        page.fill(f"#session-form [name={name}]", value)
    page.locator("#session-form [name=functions]").first.check()
    hand_in(page.locator("#session-form"))
    reason = page.locator("#session-form [name=late_reason]")  # refused without it: the fold is open now
    expect(reason).to_be_visible()
    expect(page.locator("#session-form [name=topics]")).to_have_value(answers["topics"])
    check_page(page)
    assert not Session.objects.exists()
    reason.fill("连续两周下乡走访，没有网络。")
    hand_in(page.locator("#session-form"))
    page.wait_for_url("**/supervision/sessions/**")
    expect(page.locator("main")).to_contain_text("连续两周下乡走访")
    check_page(page)
    return Session.objects.get()


def approve(page: Page, cast: SimpleNamespace) -> None:
    late = LateRecord.objects.get()
    page.goto(reverse("late_records:index"))
    page.locator(f"a[href='{reverse('late_records:inspect', args=[late.pk])}']").first.click()
    expect(page.locator("main")).to_contain_text("连续两周下乡走访")
    expect(page.locator("main")).not_to_contain_text("接案时怎样")
    page.locator("button[name=approve]").click()
    page.wait_for_url(f"**{reverse('late_records:index')}")
    late.refresh_from_db()
    assert (late.state, late.decided_by) == ("approved", cast.administrator)
