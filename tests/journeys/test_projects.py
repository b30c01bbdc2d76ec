"""A companion project in words of two: begun, visited, something handed in and accepted, evaluated by both, completed."""

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
from supervision.models import CompanionProject, Deliverable, Pairing, ProjectVisit
from supervision.sessions.actions import confirm_session, log_session
from tests.factories import make_pairing, make_supervisor
from tests.journeys.steps import hand_in, sign_in
from tests.supervision.conftest import facts, written

Check = Callable[..., None]


@pytest.fixture
def pairing(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> Pairing:
    set_up_site()
    return make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)


def test_a_project_from_its_beginning_to_what_both_say_of_it(
    open_browser: Callable[..., Page],
    size: dict[str, Any],
    check_page: Check,
    live_server: Any,
    pairing: Pairing,
    cast: SimpleNamespace,
) -> None:
    theirs, mine = open_browser(**size), open_browser(**size)
    sign_in(theirs, cast.supervisor, live_server.url)
    sign_in(mine, cast.trainee, live_server.url)
    project = begin(theirs, check_page)
    plan(theirs, check_page, project)
    deliver(mine, check_page, project)
    accept(theirs, check_page)
    visit(theirs, check_page, project, pairing)
    finish(theirs, check_page, project)
    evaluate(theirs, check_page, project, "4", "需求摸清了，活动还要多做。")
    mine.goto(project.get_absolute_url())
    expect(mine.locator("main")).not_to_contain_text("活动还要多做")  # before one's own is written
    evaluate(mine, check_page, project, "5", "学会了怎样做需求评估。")
    project.refresh_from_db()
    assert project.state == "closed"
    for page in (theirs, mine):
        page.goto(project.get_absolute_url())
        expect(page.locator("#evaluations")).to_contain_text("活动还要多做")
        expect(page.locator("#evaluations")).to_contain_text("学会了怎样做需求评估")
        check_page(page)


def begin(page: Page, check_page: Check) -> CompanionProject:
    today = timezone.localdate()
    page.goto(reverse("supervision:project-list"))
    check_page(page)
    page.locator(f"main a[href='{reverse('supervision:project-new')}']").first.click()
    check_page(page)
    page.fill("main [name=title]", "老年友好社区营造")
    page.locator("main [name=mentees]").first.check()
    page.fill("main [name=goals]", "摸清需求，办成三次活动。")
    page.fill("main [name=starts_on]", (today - datetime.timedelta(days=20)).isoformat())
    page.fill("main [name=ends_on]", (today + datetime.timedelta(days=60)).isoformat())
    hand_in(page.locator("main form").last)
    check_page(page)
    return CompanionProject.objects.get()


def plan(page: Page, check_page: Check, project: CompanionProject) -> None:
    page.fill("#deliverables [name=title]", "需求评估报告")
    day = timezone.localdate() + datetime.timedelta(days=10)
    page.fill("#deliverables [name=due_on]", day.isoformat())
    hand_in(page.locator("#deliverables form"))
    expect(page.locator("#deliverables")).to_contain_text("需求评估报告")
    check_page(page)


def deliver(page: Page, check_page: Check, project: CompanionProject) -> None:
    page.goto(reverse("supervision:project-list"))
    page.locator(f"main a[href='{project.get_absolute_url()}']").first.click()
    page.locator("#deliverables a", has_text="需求评估报告").click()
    check_page(page)
    page.fill("#hand-in [name=message]", "报告放在站里档案柜第三格。")
    hand_in(page.locator("#hand-in form"))
    check_page(page)
    assert Deliverable.objects.get().state == "handed_in"


def accept(page: Page, check_page: Check) -> None:
    thing = Deliverable.objects.get()
    page.goto(reverse("supervision:deliverable-detail", args=[thing.pk]))
    expect(page.locator("main")).to_contain_text("档案柜第三格")
    check_page(page)
    page.fill("#answer [name=note]", "数据扎实。")
    page.locator("#answer button[value=accept]").click()
    page.wait_for_load_state()
    thing.refresh_from_db()
    assert thing.state == "accepted"


def visit(page: Page, check_page: Check, project: CompanionProject, pairing: Pairing) -> None:
    session = log_session(
        pairing=pairing,
        actor=pairing.supervisor.person.user,
        facts=facts(5, 14, 2, mode="accompanying"),
        written=written("一起走访、看现场。"),
        key=uuid.uuid4(),
    )
    confirm_session(session=session, actor=pairing.mentee.user)
    page.goto(project.get_absolute_url())
    check_page(page)
    hand_in(page.locator("#link form"))
    expect(page.locator("#timeline")).to_contain_text("陪伴 · 林小荷")
    assert ProjectVisit.objects.get().session == session


def finish(page: Page, check_page: Check, project: CompanionProject) -> None:
    page.goto(project.get_absolute_url())
    page.locator("#manage button[value=finish]").click()
    expect(page.locator("#evaluate")).to_be_visible()
    project.refresh_from_db()
    assert project.state == "closing"


def evaluate(page: Page, check_page: Check, project: CompanionProject, mark: str, text: str) -> None:
    page.goto(project.get_absolute_url())
    check_page(page)
    page.locator(f"#evaluate [name=mark][value='{mark}']").check()
    page.fill("#evaluate [name=text]", text)
    hand_in(page.locator("#evaluate form"))
    expect(page.locator("main")).to_contain_text(text)
