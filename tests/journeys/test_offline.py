"""A session in words of two without a network: written on the phone, sent once when it returns, confirmed, credited."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from cms.public import set_up_site
from credentials.public import hours_of
from supervision.models import Session, SessionDraft
from supervision.pairings.actions import create_pairing
from supervision.sessions.actions import confirm_session, log_session, save_draft
from supervision.supervisors.actions import register_supervisor
from tests.journeys.conftest import PHONE
from tests.journeys.steps import hand_in, keep_for_offline, sign_in, write_session
from tests.supervision.conftest import facts, written

KEPT = """async () => {
  const open = indexedDB.open("supervision", 1);
  const base = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const rows = base.transaction("rows").objectStore("rows").getAll();
  const found = await new Promise((done) => { rows.onsuccess = () => done(rows.result); });
  base.close();
  return found.map((row) => new TextDecoder().decode(row.data)).join("");
}"""


@pytest.fixture
def pairing(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Any:
    set_up_site()
    supervisor = register_supervisor(
        person=cast.supervisor.person, code="TJ001", organisation=tree["agency"], actor=None
    )
    month_ago = timezone.localdate() - datetime.timedelta(days=30)
    return create_pairing(supervisor=supervisor, mentee=cast.trainee.person, actor=None, starts_on=month_ago)


@pytest.fixture
def phone_of(
    open_browser: Callable[..., Page], cast: SimpleNamespace, live_server: Any, pairing: Any
) -> Page:
    """The supervisor's phone, which has opened the form once with a network."""
    page = open_browser(**PHONE)
    sign_in(page, cast.supervisor, live_server.url)
    keep_for_offline(page, reverse("supervision:session-log", args=[pairing.pk]))
    return page


def test_written_without_a_network_it_is_sent_once_and_counts(
    phone_of: Page, check_page: Callable[..., None], pairing: Any, cast: SimpleNamespace
) -> None:
    page = phone_of
    page.context.set_offline(True)
    page.goto(reverse("supervision:session-log", args=[pairing.pk]))
    expect(page.locator("h1")).to_have_text("记录一次督导")
    expect(page.locator("[data-shell-name]")).to_have_text(cast.trainee.person.name)
    write_session(page, "断网时写下的内容。")
    page.locator("#session-form button[type=submit]").click()
    expect(page.locator("[data-outbox-count]")).to_contain_text("1")
    assert Session.objects.count() == 0
    assert "断网时写下的内容" not in page.evaluate(KEPT)
    page.context.set_offline(False)  # and the page sends by itself
    expect(page.locator("[data-outbox-done]")).to_be_visible(timeout=15_000)
    expect(page.locator("[data-outbox]")).to_be_hidden()
    expect(page.locator("[data-draft-status]")).to_be_empty()  # it does not say that it waits any more
    page.goto(reverse("supervision:home"))
    expect(page.locator("[data-outbox]")).to_be_hidden()
    check_page(page)
    session = Session.objects.get()
    assert session.minutes == 90
    page.reload()
    page.wait_for_timeout(500)
    assert Session.objects.count() == 1
    confirm_session(session=session, actor=cast.trainee)
    for person in (cast.trainee.person, cast.supervisor.person):
        assert sum(total.minutes for total in hours_of(person).kinds) == 90


def test_what_the_server_refuses_stays_and_can_be_changed(
    phone_of: Page, check_page: Callable[..., None], pairing: Any, cast: SimpleNamespace
) -> None:
    page = phone_of
    log_session(
        pairing=pairing, actor=cast.supervisor, facts=facts(1, 14), written=written(), key=uuid.uuid4()
    )
    page.context.set_offline(True)
    write_session(page, "同一时间的另一次。")
    page.locator("#session-form button[type=submit]").click()
    expect(page.locator("[data-outbox-count]")).to_contain_text("1")
    page.context.set_offline(False)
    page.locator("[data-outbox-send]").click()
    expect(page.locator(".outbox__answer")).to_contain_text("同一时间的另一次")
    expect(page.locator(".outbox__answer")).to_contain_text("14:00")
    check_page(page)
    page.locator(".outbox__answer .button--primary").click()
    expect(page.locator("#session-form [name=topics]")).to_have_value("同一时间的另一次。")
    write_session(page, "同一时间的另一次。", "16:00", "17:00")
    hand_in(page.locator("#session-form"))
    page.wait_for_url("**/supervision/sessions/**")
    assert Session.objects.count() == 2


def test_a_draft_that_went_on_elsewhere_is_shown_beside_it(
    phone_of: Page, check_page: Callable[..., None], pairing: Any, cast: SimpleNamespace
) -> None:
    page = phone_of
    page.context.set_offline(True)
    write_session(page, "手机上写的。")
    page.locator("#session-form button[type=submit]").click()
    expect(page.locator("[data-outbox-count]")).to_contain_text("1")
    save_draft(pairing=pairing, actor=cast.supervisor, key=uuid.uuid4(), typed={"topics": "电脑上接着写的。"})
    page.context.set_offline(False)
    page.locator("[data-outbox-send]").click()
    sides = page.locator(".outbox__side")
    expect(sides.nth(0)).to_contain_text("手机上写的")
    expect(sides.nth(1)).to_contain_text("电脑上接着写的")
    check_page(page)
    page.locator(".outbox__answer .button--primary").click()
    expect(page.locator("[data-outbox]")).to_be_hidden()
    assert Session.objects.get().contents.get().topics == "手机上写的。"
    assert not SessionDraft.objects.exists()


def test_what_is_typed_before_the_page_knows_the_device_is_not_written_over(
    open_browser: Callable[..., Page], cast: SimpleNamespace, live_server: Any, pairing: Any
) -> None:
    page = open_browser(**PHONE, service_workers="block")
    sign_in(page, cast.supervisor, live_server.url)
    form = reverse("supervision:session-log", args=[pairing.pk])
    page.goto(form)
    page.context.set_offline(True)
    write_session(page, "路上写的。", start="13:05")
    expect(page.locator("#session-form [data-draft-status]")).to_contain_text("已存在本机")
    page.context.set_offline(False)
    held: list[Route] = []
    page.route("**/supervision/log*.js", lambda route: held.append(route))
    page.goto(form, wait_until="commit")
    page.fill("#session-form [name=topics]", "脚本还没来时写的。")
    page.locator("#session-form [name=functions]").last.check()
    for route in held:
        route.continue_()
    expect(page.locator("#session-form [name=start]")).to_have_value("13:05")
    expect(page.locator("#session-form [name=functions]").first).to_be_checked()
    expect(page.locator("#session-form [name=functions]").last).to_be_checked()
    expect(page.locator("#session-form [name=topics]")).to_have_value("脚本还没来时写的。")


def test_signed_out_meanwhile_it_asks_to_sign_in_and_signing_out_erases_the_device(
    phone_of: Page, pairing: Any, cast: SimpleNamespace, live_server: Any
) -> None:
    page = phone_of
    page.context.set_offline(True)
    write_session(page, "要留住的内容。")
    page.locator("#session-form button[type=submit]").click()
    expect(page.locator("[data-outbox-count]")).to_contain_text("1")
    page.context.clear_cookies(name="sessionid")
    page.context.set_offline(False)
    page.locator("[data-outbox-send]").click()
    expect(page.locator("[data-outbox-sign-in]")).to_be_visible()
    assert Session.objects.count() == 0
    sign_in(page, cast.supervisor, live_server.url)
    page.context.set_offline(True)
    page.goto(reverse("supervision:session-log", args=[pairing.pk]))
    expect(page.locator("[data-outbox-count]")).to_contain_text("1")
    page.route("**/sync/", lambda route: route.abort())  # the page sends as soon as there is a network
    page.context.set_offline(False)
    page.goto(reverse("account_logout"))
    page.locator("main form button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text("1")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
    assert page.evaluate("indexedDB.databases()") == []
