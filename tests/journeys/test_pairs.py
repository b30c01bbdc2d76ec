"""The life of a pair in words of two: an officer pairs by suggestions, one asks for another supervisor and gets one, and an
appeal after a round is decided."""

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
from supervision.models import Appeal, Pairing, PairWish
from supervision.pairings.actions import create_pairing
from supervision.supervisors.actions import register_supervisor
from tests.factories import (
    make_handover,
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_run,
    make_user,
)
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, sign_in


@pytest.fixture
def supervisors(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> list[Any]:
    set_up_site()
    people = [cast.supervisor.person, make_user("督青山", tree["agency"]).person]
    return [
        register_supervisor(person=person, code=f"TJ00{number}", organisation=tree["agency"], actor=None)
        for number, person in enumerate(people, start=1)
    ]


@pytest.fixture
def pairing(supervisors: list[Any], cast: SimpleNamespace) -> Any:
    month_ago = timezone.localdate() - datetime.timedelta(days=30)
    return create_pairing(
        supervisor=supervisors[0], mentee=cast.trainee.person, actor=None, starts_on=month_ago
    )


@pytest.mark.parametrize("device_of", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_officer_pairs_by_suggestions_and_the_mentee_sees_who_it_is(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    supervisors: list[Any],
    cast: SimpleNamespace,
    device_of: dict[str, Any],
) -> None:
    desk, mentee = open_browser(**DESKTOP), open_browser(**device_of)
    sign_in(desk, cast.administrator, live_server.url)
    sign_in(mentee, cast.trainee, live_server.url)
    desk.goto(f"{reverse('pairings:suggest')}?mentee={cast.trainee.person.pk}")
    expect(desk.locator("table.listing")).to_contain_text("督青山")
    taken = f"supervisor={supervisors[1].pk}"
    desk.locator(f"table.listing a[href*='{taken}']").click()
    desk.wait_for_load_state()
    desk.fill("[name=goal]", "独立完成一个个案")
    desk.locator("main form button[type=submit]").last.click()
    desk.wait_for_url("**/pairings/pairing/**")
    pairing = Pairing.objects.get()
    assert (pairing.supervisor, pairing.mentee) == (supervisors[1], cast.trainee.person)
    mentee.goto(reverse("supervision:home"))
    expect(mentee.locator("#supervisor")).to_contain_text("督青山")
    check_page(mentee)
    mentee.locator(f"#supervisor a[href='{pairing.get_absolute_url()}']").click()
    expect(mentee.locator("main")).to_contain_text("独立完成一个个案")
    check_page(mentee)


@pytest.mark.parametrize("device_of", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_mentee_asks_for_another_supervisor_and_the_officer_grants_it_with_the_handover(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    supervisors: list[Any],
    pairing: Any,
    cast: SimpleNamespace,
    device_of: dict[str, Any],
) -> None:
    handover = make_handover(pairing, written_at=timezone.now() - datetime.timedelta(days=1))
    mentee, desk = open_browser(**device_of), open_browser(**DESKTOP)
    sign_in(mentee, cast.trainee, live_server.url)
    sign_in(desk, cast.administrator, live_server.url)
    ask(mentee, check_page, pairing)
    wish = PairWish.objects.get()
    assert (wish.kind, wish.passes_on) == ("change", True)
    grant(desk, wish, supervisors[1])
    new = Pairing.objects.get(state="active")
    assert new.supervisor == supervisors[1]
    handover.refresh_from_db()
    assert handover.released_to == new
    mentee.goto(wish.get_absolute_url())
    expect(mentee.locator("main")).to_contain_text("工作时间调整")
    check_page(mentee)
    mentee.locator(f"main a[href='{new.get_absolute_url()}']").click()
    expect(mentee.locator("main")).to_contain_text("督青山")
    check_page(mentee)


def ask(page: Page, check_page: Callable[..., None], pairing: Any) -> None:
    page.goto(pairing.get_absolute_url())
    check_page(page)
    page.locator(f"main a[href='{reverse('supervision:wish-ask', args=[pairing.pk])}']").click()
    check_page(page)
    page.locator("[name=kind][value=change]").check()
    page.locator("main textarea[name=reason]").fill("时间总是对不上。")
    page.locator("[name=passes_on]").check()
    hand_in(page.locator("main form:has([name=reason])"))
    expect(page.locator("main")).to_contain_text("时间总是对不上")
    check_page(page)


def grant(page: Page, wish: Any, to: Any) -> None:
    """The desk finds it in the list of what waits, chooses the new supervisor, and grants it."""
    page.goto(reverse("dashboard"))
    page.locator(f"a[href='{reverse('pair_wishes:index')}?state=open']").first.click()
    page.locator(f"table a[href='{reverse('pair_wishes:inspect', args=[wish.pk])}']").first.click()
    expect(page.locator("main")).to_contain_text("时间总是对不上")
    page.locator("#id_to-chooser").get_by_role("button").first.click()
    page.locator(".modal-body").get_by_role("link", name=to.person.name).first.click()
    expect(page.locator("#id_to-chooser")).to_contain_text(to.person.name)
    page.fill("[name=answer]", "工作时间调整")
    page.locator("button[name=accept]").click()
    page.wait_for_load_state()
    wish.refresh_from_db()
    assert wish.state == "accepted"


@pytest.mark.parametrize("device_of", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_appeal_after_a_round_is_decided_and_the_answer_is_read(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    supervisors: list[Any],
    cast: SimpleNamespace,
    tree: dict[str, Any],
    device_of: dict[str, Any],
) -> None:
    round = make_round(tree["district"], "published")
    make_round_mentee(round, cast.trainee.person)
    make_round_supervisor(round, supervisors[0])
    make_run(round)
    mentee, desk = open_browser(**device_of), open_browser(**DESKTOP)
    sign_in(mentee, cast.trainee, live_server.url)
    sign_in(desk, cast.administrator, live_server.url)
    mentee.goto(round.get_absolute_url())
    mentee.fill("#appeal textarea", "我想换成第一意愿的督导。")
    hand_in(mentee.locator("form[action$='/appeal/']"))
    appeal = Appeal.objects.get()
    desk.goto(reverse("dashboard"))
    desk.locator(f"a[href='{reverse('rounds:index')}?appeals=waiting']").first.click()
    desk.locator(f"table a[href='{reverse('rounds:detail', args=[round.pk])}']").first.click()
    desk.locator(f"a[href='{reverse('rounds:appeal', args=[round.pk, appeal.pk])}']").first.click()
    desk.fill("[name=answer]", "第一意愿的督导名额已满。")
    desk.locator("button[name=reject]").click()
    desk.wait_for_load_state()
    appeal.refresh_from_db()
    assert appeal.state == "rejected"
    mentee.goto(round.get_absolute_url())
    expect(mentee.locator("#appeal")).to_contain_text("第一意愿的督导名额已满")
    check_page(mentee)
