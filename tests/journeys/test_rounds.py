"""A matching round in words of three, on a phone and on a desktop: both sides say whom they would like, the desk
calculates, tries what a pin, a ban and a place more would move, keeps it and publishes; the trainee sees who it is and why."""

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
from supervision.matching.actions import add_mentees, add_supervisors, open_round, save_round
from supervision.matching.scoring import USUAL
from supervision.models import MatchingRound, Pairing, RoundRun, RunLine
from supervision.supervisors.actions import register_supervisor
from tests.factories import make_user
from tests.journeys.steps import hand_in, sign_in


@pytest.fixture
def round(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Any:
    """An open round of the district with two supervisors of one place each, and one who looks for a supervisor."""
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
    add_mentees(round=made, people=[cast.other_trainee.person], actor=cast.administrator)
    made.supervisors.update(places=1)
    open_round(round=made, actor=cast.administrator)
    return MatchingRound.objects.get(pk=made.pk)


def test_a_round_from_the_wishes_of_both_sides_to_the_pairing_and_why(
    open_browser: Callable[..., Page],
    size: dict[str, Any],
    check_page: Callable[..., None],
    live_server: Any,
    round: Any,
    cast: SimpleNamespace,
) -> None:
    mine, theirs, desk = (open_browser(**size) for _ in range(3))
    sign_in(mine, cast.trainee, live_server.url)
    sign_in(theirs, cast.supervisor, live_server.url)
    sign_in(desk, cast.administrator, live_server.url)
    wish(mine, check_page, round)
    like(theirs, check_page, round)
    first, second = round.supervisors.order_by("supervisor__code")
    me, other = (round.mentees.get(person=user.person) for user in (cast.trainee, cast.other_trainee))
    calculate(desk, round)
    assert given(round) == {me: second, other: first}
    adjust(desk, round, first, me, other)
    publish(desk, round)
    assert set(Pairing.objects.values_list("supervisor", flat=True)) == {first.supervisor_id}
    mine.goto(round.get_absolute_url())
    result = mine.locator("#result")
    expect(result).to_contain_text("欧阳若水")
    expect(result).to_contain_text("为什么是这位督导")
    expect(result).to_contain_text("由管理员安排")
    check_page(mine)
    theirs.goto(round.get_absolute_url())
    expect(theirs.locator("main")).to_contain_text("周一鸣")
    check_page(theirs)
    mine.fill("#appeal textarea", "我想换成第一意愿的督导。")
    hand_in(mine.locator("form[action$='/appeal/']"))
    expect(mine.locator("#appeal")).to_contain_text("我想换成第一意愿的督导")
    check_page(mine)


def given(round: Any) -> dict[Any, Any]:
    """Whom everybody has in the last calculation that is open or holds."""
    run = RoundRun.objects.filter(round=round, discarded_at=None).order_by("-number").first()
    lines = RunLine.objects.filter(run=run).select_related("mentee", "supervisor")
    return {line.mentee: line.supervisor for line in lines}


def like(page: Page, check_page: Callable[..., None], round: Any) -> None:
    """The supervisor names one of the mentees as well."""
    page.goto(round.get_absolute_url())
    check_page(page)
    page.locator("#choices a.button--primary").click()
    check_page(page)
    page.locator(".offer", has_text="周一鸣").locator("button[value=add]").click()
    expect(page.locator(".offer", has_text="周一鸣").locator("button[value=remove]")).to_be_visible()


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
    expect(
        page.locator(".round-step:has(input[value=lock])")
    ).to_be_hidden()  # there is time left: asked once more
    page.locator(".round-early > summary").click()
    step(page, "lock")
    step(page, "run")
    finish()
    page.goto(reverse("rounds:results", args=[round.pk]))
    expect(page.locator("table.listing").last).to_contain_text("被督导者的第 1 意愿")


def adjust(page: Page, round: Any, first: Any, me: Any, other: Any) -> None:
    """Pin one to a supervisor, forbid the other what is left, give a place more: each trial goes on from the last, and
    nothing holds before it is kept."""
    held = given(round)
    press(page, round, me, first, "pin")
    expect(page.locator("main")).to_contain_text("2 位被督导者有变化")
    moved = given(round)
    assert moved[me] == first
    press(page, round, other, moved[other], "forbid")
    expect(page.locator("main")).to_contain_text("没有督导")
    assert given(round) == {me: first, other: None}
    page.goto(reverse("rounds:supervisors", args=[round.pk]))
    row = page.locator("tr", has_text=str(first.supervisor))
    row.locator("input[name=places]").fill("2")
    row.locator("button[type=submit]").first.click()
    finish()
    page.goto(reverse("rounds:trial", args=[round.pk]))
    assert given(round) == {me: first, other: first}
    current = RoundRun.objects.current().get(round=round)
    assert {line.mentee: line.supervisor for line in current.lines.all()} == held
    page.locator("button[name=keep]").click()
    page.wait_for_load_state()
    assert not RoundRun.objects.trials().exists()


def press(page: Page, round: Any, mentee: Any, supervisor: Any, what: str) -> None:
    """On the page of one mentee, try this with a supervisor; then look at the trial."""
    run = RoundRun.objects.filter(round=round, discarded_at=None).order_by("-number").first()
    line = RunLine.objects.get(run=run, mentee=mentee)
    page.goto(reverse("rounds:line", args=[round.pk, line.pk]))
    page.locator("tr", has_text=str(supervisor.supervisor)).locator(f"button[value={what}]").click()
    finish()
    page.goto(reverse("rounds:trial", args=[round.pk]))


def publish(page: Page, round: Any) -> None:
    page.goto(reverse("rounds:detail", args=[round.pk]))
    step(page, "publish")
    for job in Job.objects.filter(state="queued"):
        run_job(job.pk)
    page.goto(reverse("rounds:detail", args=[round.pk]))
    expect(page.locator("main")).to_contain_text("已结对 2 / 2")


def step(page: Page, to: str) -> None:
    page.locator(f".round-step:has(input[value={to}]) button").click()
    page.wait_for_load_state()
