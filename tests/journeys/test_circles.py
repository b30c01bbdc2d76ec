"""A circle in words of two: found, joined, a gathering planned, recorded without a network, confirmed, in the hours."""

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
from supervision.circles.actions import create_circle
from supervision.models import CircleMember, Gathering
from supervision.supervisors.actions import register_supervisor
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, sign_in

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def circle(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Any:
    set_up_site()
    register_supervisor(person=cast.supervisor.person, code="TJ001", organisation=tree["agency"], actor=None)
    return create_circle(
        kind="group",
        name="个案督导小组",
        organisation=tree["agency"],
        leader=cast.supervisor.person,
        admission="request",
        capacity=8,
        purpose="带着代号化的个案来",
        every_days=14,
        actor=None,
    )


@SIZES
def test_found_joined_planned_recorded_confirmed_and_in_the_hours(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    circle: Any,
    cast: SimpleNamespace,
    size: dict[str, Any],
) -> None:
    leader, member = open_browser(**size), open_browser(**size)
    sign_in(leader, cast.supervisor, live_server.url)
    sign_in(member, cast.trainee, live_server.url)
    find(member, check_page, circle)
    let_in(leader, check_page, circle)
    plan(leader, check_page, circle)
    gathering = Gathering.objects.earliest("starts_at")
    in_calendar(member, check_page, gathering)
    let_pass(gathering)
    record(leader, check_page, gathering)
    confirm(member, check_page, gathering)
    for person in (cast.trainee.person, cast.supervisor.person):
        assert sum(total.minutes for total in hours_of(person).kinds) == 90


def find(page: Page, check_page: Callable[..., None], circle: Any) -> None:
    page.goto(reverse("supervision:circle-find"))
    check_page(page)
    page.locator(f"main a[href='{circle.get_absolute_url()}']").first.click()
    check_page(page)
    hand_in(page.locator("form[action$='/join/']"))


def let_in(page: Page, check_page: Callable[..., None], circle: Any) -> None:
    page.goto(circle.get_absolute_url())
    check_page(page)
    hand_in(page.locator("form[action$='/accept/']"))
    expect(page.locator("#members .row")).to_have_count(1)


def plan(page: Page, check_page: Callable[..., None], circle: Any) -> None:
    page.goto(reverse("supervision:gathering-plan", args=[circle.pk]))
    check_page(page)
    day = timezone.localdate() + datetime.timedelta(days=3)
    form = page.locator("main form[method=post]").last
    answers = {"day": day, "start": "14:00", "end": "15:30", "place": "三楼会议室"}
    answers["until"] = day + datetime.timedelta(days=15)
    for name, value in answers.items():
        form.locator(f"[name={name}]").fill(str(value))
    form.locator("[name=repeat]").select_option("weekly")
    form.locator("[name=skip_holidays]").uncheck()
    hand_in(form)
    assert Gathering.objects.filter(circle=circle).count() == 3


def in_calendar(page: Page, check_page: Callable[..., None], gathering: Gathering) -> None:
    page.goto(reverse("supervision:meeting-list"))
    expect(page.locator(f"#gatherings a[href='{gathering.get_absolute_url()}']")).to_have_count(1)
    expect(page.locator("#gatherings")).to_contain_text("三楼会议室")
    check_page(page)


def let_pass(gathering: Gathering) -> None:
    """As if the day had come, and its members had belonged to the circle by then."""
    starts_at = gathering.starts_at - datetime.timedelta(days=4)
    CircleMember.objects.update(joined_at=starts_at - datetime.timedelta(days=10))
    ends_at = starts_at + datetime.timedelta(minutes=90)
    Gathering.objects.filter(pk=gathering.pk).update(starts_at=starts_at, ends_at=ends_at)


def record(page: Page, check_page: Callable[..., None], gathering: Gathering) -> None:
    """Opened once with a network, written without one, sent when it is there again."""
    page.goto(reverse("supervision:gathering-log", args=[gathering.pk]))
    check_page(page)
    page.wait_for_function("navigator.serviceWorker.ready.then((worker) => Boolean(worker.active))")
    page.wait_for_function(
        "caches.open('supervision-gathering').then((all) => all.keys()).then((all) => all.length > 4)"
    )
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_have_text("记录集体督导")
    local = timezone.localtime(Gathering.objects.get(pk=gathering.pk).starts_at)
    answers = {"day": f"{local:%Y-%m-%d}", "start": "14:00", "end": "15:30", "topics": "断网时写的话题。"}
    for name, value in answers.items():
        page.fill(f"#gathering-form [name={name}]", value)
    page.locator("#gathering-form [name^=came_]").first.check()
    page.locator("#gathering-form [name=functions]").first.check()
    page.locator("#gathering-form button[type=submit]").click()
    expect(page.locator("[data-outbox-count]")).to_contain_text("1")
    assert Gathering.objects.get(pk=gathering.pk).is_planned
    page.context.set_offline(False)  # and the page sends by itself
    expect(page.locator("[data-outbox-done]")).to_be_visible(timeout=15_000)
    expect(page.locator("[data-outbox]")).to_be_hidden()
    page.goto(gathering.circle.get_absolute_url())
    expect(page.locator("[data-outbox]")).to_be_hidden()
    page.goto(gathering.get_absolute_url())
    expect(page.locator("#parts .row")).to_have_count(1)
    check_page(page)
    held = Gathering.objects.get(pk=gathering.pk)
    assert (held.state, held.parts.count()) == ("logged", 1)
    page.reload()
    page.wait_for_timeout(500)
    assert Gathering.objects.filter(state="logged").count() == 1


def confirm(page: Page, check_page: Callable[..., None], gathering: Gathering) -> None:
    page.goto(reverse("supervision:home"))
    page.locator(f"#circles a[href='{gathering.get_absolute_url()}']").first.click()
    expect(page.locator("#content")).to_contain_text("断网时写的话题")
    check_page(page)
    hand_in(page.locator("form[action$='/confirm/']"))
    page.goto(reverse("credentials:hours-list"))
    expect(page.locator("main")).to_contain_text("个案督导小组")
