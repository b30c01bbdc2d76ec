"""Supervision from the first question to the hours: asked for, accepted, agreed on by both, held where there is no network,
confirmed, and counted on both sides. The same on a phone and on a desktop."""

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
from supervision.models import Agreement, Pairing, PairingRequest, Session, Supervisor
from supervision.supervisors.actions import register_supervisor
from tests.factories import make_agreement_template
from tests.journeys.steps import hand_in, keep_for_offline, sign_in, write_session

Check = Callable[..., None]


@pytest.fixture
def supervisor(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Supervisor:
    """In the registry, with an agreement's template above both."""
    set_up_site()
    make_agreement_template(tree["district"])
    return register_supervisor(
        person=cast.supervisor.person, code="TJ001", organisation=tree["agency"], actor=None
    )


def test_from_asking_to_the_hours_of_both(
    open_browser: Callable[..., Page],
    size: dict[str, Any],
    check_page: Check,
    live_server: Any,
    supervisor: Supervisor,
    cast: SimpleNamespace,
) -> None:
    theirs, mine = open_browser(**size), open_browser(**size)
    sign_in(theirs, cast.supervisor, live_server.url)
    sign_in(mine, cast.trainee, live_server.url)
    ask(mine, check_page, supervisor)
    accept(theirs, check_page)
    propose(theirs, check_page)
    agree(mine, check_page)
    session = record_offline(theirs, check_page)
    confirm(mine, check_page, session)
    for page, user in ((theirs, cast.supervisor), (mine, cast.trainee)):
        assert sum(total.minutes for total in hours_of(user.person).kinds) == 90
        page.goto(reverse("dashboard"))
        expect(page.locator(".desk__hours").first).to_contain_text("2")  # 90 minutes are two hours of 45
        check_page(page)


def ask(page: Page, check_page: Check, supervisor: Supervisor) -> None:
    page.goto(reverse("supervision:supervisor-list"))
    check_page(page)
    page.locator(
        f"main a[href='{reverse('supervision:supervisor-ask', args=[supervisor.pk])}']"
    ).first.click()
    check_page(page)
    page.fill("#ask [name=goal]", "想学会预估和制定服务计划。")
    hand_in(page.locator("#ask form"))
    check_page(page)
    assert PairingRequest.objects.get().state == "open"


def accept(page: Page, check_page: Check) -> None:
    asked = PairingRequest.objects.get()
    page.goto(reverse("supervision:home"))
    page.locator(f"main a[href='{asked.get_absolute_url()}']").first.click()
    expect(page.locator("main")).to_contain_text("想学会预估")
    check_page(page)
    hand_in(page.locator("form[action$='/accept/']"))
    pairing = Pairing.objects.get()
    page.goto(pairing.get_absolute_url())
    check_page(page)


def propose(page: Page, check_page: Check) -> None:
    pairing = Pairing.objects.get()
    page.locator(f"#agreement a[href='{reverse('supervision:agreement-draft', args=[pairing.pk])}']").click()
    check_page(page)
    page.fill("main [name=goals]", "三个月内独立完成一个个案。")
    hand_in(page.locator("main form").last)
    agreement = Agreement.objects.get()
    page.goto(agreement.get_absolute_url())
    check_page(page)
    hand_in(page.locator("form[action$='/propose/']"))
    expect(page.locator("main")).to_contain_text("林小荷")


def agree(page: Page, check_page: Check) -> None:
    agreement = Agreement.objects.get()
    page.goto(reverse("supervision:home"))
    page.goto(agreement.get_absolute_url())
    expect(page.locator("main")).to_contain_text("三个月内独立完成一个个案")
    check_page(page)
    hand_in(page.locator("form[action$='/accept/']"))
    check_page(page)
    agreement.refresh_from_db()
    assert agreement.state == "accepted"
    assert agreement.acceptances.count() == 2


def record_offline(page: Page, check_page: Check) -> Session:
    """The two meet where there is no network; what is written there is sent once."""
    pairing = Pairing.objects.get()
    month_ago = timezone.localdate() - datetime.timedelta(days=30)
    Pairing.objects.update(starts_on=month_ago)  # time has passed
    form = reverse("supervision:session-log", args=[pairing.pk])
    keep_for_offline(page, form)
    page.context.set_offline(True)
    page.goto(form)
    write_session(page, "入户时写下的内容。")
    page.locator("#session-form button[type=submit]").click()
    expect(page.locator("[data-outbox-count]")).to_contain_text("1")
    assert Session.objects.count() == 0
    page.context.set_offline(False)  # and the page sends by itself
    expect(page.locator("[data-outbox-done]")).to_be_visible(timeout=15_000)
    page.goto(reverse("supervision:home"))
    check_page(page)
    page.reload()
    page.wait_for_timeout(500)
    return Session.objects.get()


def confirm(page: Page, check_page: Check, session: Session) -> None:
    page.goto(reverse("supervision:home"))
    page.locator(f"main a[href='{session.get_absolute_url()}']").first.click()
    expect(page.locator("main")).to_contain_text("入户时写下的内容")
    check_page(page)
    hand_in(page.locator("form[action$='/confirm/']"))
    check_page(page)
    session.refresh_from_db()
    assert session.state == "confirmed"
