"""A matching round in words of three: a trainee names supervisors on a phone, the desk calculates, pins and publishes, and
the trainee sees who it is and why."""

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
from core.jobs.actions import run_job
from core.models import Job
from supervision.matching.actions import add_supervisors, open_round, save_round
from supervision.matching.scoring import USUAL
from supervision.models import MatchingRound, Pairing, RoundRun, RunLine
from supervision.public import register_supervisor
from tests.factories import make_user
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, sign_in


@pytest.fixture
def round(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Any:
    """An open round of the district with two supervisors of one place each."""
    set_up_site()
    others = [cast.supervisor.person, make_user("督青山", tree["agency"]).person]
    supervisors = [
        register_supervisor(person=person, code=f"TJ00{number}", organisation=tree["agency"], actor=None)
        for number, person in enumerate(others, start=1)
    ]
    now = timezone.now()
    made = save_round(
        organisation=tree["district"],
        actor=cast.administrator,
        title="秋季督导匹配",
        opens_at=now - datetime.timedelta(hours=1),
        closes_at=now + datetime.timedelta(days=5),
        starts_on=timezone.localdate(),
        ends_on=None,
        engine="optimal",
        weights=dict(USUAL),
        region="province",
        required_tier="",
        most_wishes=3,
        self_join=True,
        appeal_days=7,
    )
    add_supervisors(round=made, supervisors=supervisors, actor=cast.administrator)
    made.supervisors.update(places=1)
    open_round(round=made, actor=cast.administrator)
    return MatchingRound.objects.get(pk=made.pk)


def test_a_round_from_the_wishes_on_a_phone_to_the_pairing_and_why(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    round: Any,
    cast: SimpleNamespace,
) -> None:
    phone, desk = open_browser(**PHONE), open_browser(**DESKTOP)
    sign_in(phone, cast.trainee, live_server.url)
    sign_in(desk, cast.administrator, live_server.url)
    wish(phone, check_page, round)
    first, second = round.supervisors.order_by("supervisor__code")
    calculate(desk, round)
    assert RunLine.objects.get().supervisor == second
    pin(desk, round, first)
    publish(desk, round)
    assert Pairing.objects.get().supervisor == first.supervisor
    phone.goto(round.get_absolute_url())
    result = phone.locator("#result")
    expect(result).to_contain_text("欧阳若水")
    expect(result).to_contain_text("为什么是这位督导")
    expect(result).to_contain_text("由管理员安排")
    check_page(phone)
    phone.fill("#appeal textarea", "我想换成第一意愿的督导。")
    hand_in(phone.locator("form[action$='/appeal/']"))
    expect(phone.locator("#appeal")).to_contain_text("我想换成第一意愿的督导")
    check_page(phone)


def wish(page: Page, check_page: Callable[..., None], round: Any) -> None:
    """Join, name both, and move the second one up."""
    page.goto(reverse("supervision:home"))
    page.locator(f"main a[href='{reverse('supervision:round-list')}']").click()
    check_page(page)
    page.locator(f"main a[href='{round.get_absolute_url()}']").click()
    check_page(page)
    hand_in(page.locator("form[action$='/join/']"))
    page.locator("#wishes a.button--primary").click()
    check_page(page)
    for name in ("欧阳若水", "督青山"):
        page.locator(".offer", has_text=name).locator("button[value=add]").click()
        expect(page.locator(".offer", has_text=name).locator("button[value=remove]")).to_be_visible()
    check_page(page)
    page.goto(round.get_absolute_url())
    page.locator(".wish", has_text="督青山").locator("button[value=up]").click()
    expect(page.locator(".wish").first).to_contain_text("督青山")
    check_page(page)


def finish() -> None:
    """The worker does what waits."""
    for run in RoundRun.objects.filter(finished_at=None, discarded_at=None):
        run_job(run.job_id or 0)


def calculate(page: Page, round: Any) -> None:
    page.goto(reverse("rounds:detail", args=[round.pk]))
    step(page, "lock")
    step(page, "run")
    finish()
    page.goto(reverse("rounds:results", args=[round.pk]))
    expect(page.locator("table.listing")).to_contain_text("被督导者的第 1 意愿")


def pin(page: Page, round: Any, member: Any) -> None:
    page.locator("table.listing a").first.click()
    row = page.locator("tr", has_text=str(member.supervisor))
    row.locator("button[value=pin]").click()
    finish()
    page.goto(reverse("rounds:trial", args=[round.pk]))
    expect(page.locator("main")).to_contain_text("1 位被督导者有变化")
    page.locator("button[name=keep]").click()


def publish(page: Page, round: Any) -> None:
    page.goto(reverse("rounds:detail", args=[round.pk]))
    step(page, "publish")
    for job in Job.objects.filter(state="queued"):
        run_job(job.pk)
    page.goto(reverse("rounds:detail", args=[round.pk]))
    expect(page.locator("main")).to_contain_text("已结对 1 / 1")


def step(page: Page, to: str) -> None:
    page.locator(f".round-step:has(input[value={to}]) button").click()
    page.wait_for_load_state()
