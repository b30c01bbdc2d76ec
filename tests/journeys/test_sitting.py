"""A quiz with every kind of question, under time, on a network that is cut three times, and gone on with on another device."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from core.models import Organisation
from lms.models import Attempt, Enrolment
from lms.questions.actions import add_questions
from lms.questions.formats.blueprints import blueprint_data, read_blueprint
from lms.questions.states import QuestionState
from tests.factories import make_bank, make_cohort, make_enrolment, make_version
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import sign_in
from tests.lms.assessments.test_kinds import BANK, TEXT

FAR = "Date.now = () => 4102444800000; performance.timeOrigin"  # a phone that believes in the year 2100


@pytest.fixture
def enrolment(live_server: Any, cast: SimpleNamespace, tree: dict[str, Organisation]) -> Enrolment:
    bank = make_bank(tree["city"])
    add_questions(bank=bank, questions=BANK, actor=cast.city_administrator, state=QuestionState.IN_USE)
    sat = {
        "bank": bank,
        "blueprint": blueprint_data(read_blueprint(TEXT)[0]),
        "questions": [],
        "per_page": 0,
        "one_device": True,
        "watches": True,
    }
    version = make_version(lessons=0, minutes_left=30, sat=sat)
    return make_enrolment(make_cohort(tree["district"], version), cast.trainee.person, "enrolled")


def start_of(enrolment: Enrolment) -> str:
    return reverse("lms:attempt-start", args=[enrolment.pk, enrolment.version.papers.get().key])


def keys() -> dict[str, str]:
    return {row["kind"]: row["key"] for row in Attempt.objects.get().questions}


def kept(kind: str) -> Any:
    return Attempt.objects.get().answers.get(question=keys()[kind]).chosen


def begin(page: Page, enrolment: Enrolment) -> dict[str, str]:
    page.goto(start_of(enrolment))
    page.locator(".quiz-go").click()
    expect(page.locator("#quiz")).to_be_visible()
    return keys()


def through_a_cut(page: Page, act: Callable[[], None]) -> None:
    """What is answered while the network is away is said to be unsaved, and saved when it is back."""
    page.context.set_offline(True)
    act()
    expect(page.locator("#saved")).to_contain_text("还没保存")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("已保存")


@pytest.mark.parametrize(("first", "second"), [(PHONE, DESKTOP), (DESKTOP, PHONE)], ids=["phone", "desktop"])
def test_a_paper_is_sat_through_three_cuts_and_gone_on_with_elsewhere(
    first: dict[str, Any],
    second: dict[str, Any],
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    enrolment: Enrolment,
) -> None:
    page = open_browser(**first)
    page.add_init_script(FAR)
    sign_in(page, cast.trainee, live_server.url)
    page.goto(start_of(enrolment))
    check_page(page)
    key = begin(page, enrolment)
    check_page(page)
    assert page.locator("[data-clock]").inner_text() <= "30:00"
    answer_objective(page, key)
    page.get_by_role("button", name="下一页").or_(page.locator(".quiz-bar .button--primary")).first.click()
    expect(page.locator("textarea").first).to_be_visible()
    check_page(page)
    essay = page.locator(f'[name="q-{key["essay"]}"]')
    through_a_cut(page, lambda: essay.press_sequentially("尊重是专业关系的起点。"))
    assert kept("essay") == "尊重是专业关系的起点。"
    other = open_browser(**second)
    sign_in(other, cast.trainee, live_server.url)
    finish_elsewhere(page, other, check_page, enrolment)


def answer_objective(page: Page, key: dict[str, str]) -> None:
    blank = page.locator(f'[name="q-{key["fill_in"]}-"]').first
    blank.fill("助人自助")
    blank.press("Tab")
    expect(page.locator("#saved")).to_contain_text("已保存")
    right = page.locator(f'[name="q-{key["matching"]}-p"]')
    through_a_cut(page, lambda: right.select_option("建立信任感") and None)
    assert kept("matching") == {"p": "建立信任感"}
    number = page.locator(f'[name="q-{key["numeric"]}"]')
    through_a_cut(page, lambda: number.press_sequentially("90"))
    assert kept("numeric") == "90"
    for place, item in enumerate("cba", 1):
        with page.expect_response("**/answer/**"):
            page.locator(f'[name="q-{key["ordering"]}-{item}"]').select_option(str(place))
    with page.expect_response("**/answer/**"):
        page.locator(f'[name="q-{key["ordering"]}-a"]').select_option("1")  # a and c change places
    assert kept("ordering") == ["a", "b", "c"]


def finish_elsewhere(page: Page, other: Page, check_page: Callable[..., None], enrolment: Enrolment) -> None:
    """The other device takes over by its button; the first is told and saves nothing more; handed in twice is once."""
    other.goto(start_of(enrolment))
    other.locator(".quiz-go").click()
    expect(other.get_by_role("button", name="在这台设备上继续")).to_be_visible()
    check_page(other)
    other.get_by_role("button", name="在这台设备上继续").click()
    expect(other.locator(f'[name="q-{keys()["numeric"]}"]')).to_have_value("90")
    page.locator("textarea").first.fill("在旧设备上改的")
    expect(page.locator("#saved")).to_contain_text("另一台设备")
    assert kept("essay") == "尊重是专业关系的起点。"
    attempt = Attempt.objects.get()
    other.goto(reverse("lms:attempt-submit", args=[attempt.pk]))
    check_page(other)
    with other.expect_request(lambda sent: sent.method == "POST") as sent:
        other.get_by_role("button", name="提交").click()
    expect(
        other.get_by_role("heading", name="作答内容正在评阅").or_(other.locator("h1")).first
    ).to_be_visible()
    check_page(other)
    kind = {"content-type": "application/x-www-form-urlencoded", "referer": other.url}
    again = other.request.post(sent.value.url, data=sent.value.post_data or "", headers=kind)
    assert again.ok  # the same result, once
    attempt.refresh_from_db()
    assert (attempt.state, attempt.points, attempt.waits) == ("submitted", 6, True)
    assert attempt.events.filter(kind="taken").count() == 1
    assert attempt.events.filter(kind="gap").exists()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_end_of_the_window_closes_a_page_in_mid_answer(
    size: dict[str, Any],
    open_browser: Callable[..., Page],
    live_server: Any,
    cast: SimpleNamespace,
    enrolment: Enrolment,
) -> None:
    page = open_browser(**size)
    sign_in(page, cast.trainee, live_server.url)
    key = begin(page, enrolment)
    number = page.locator(f'[name="q-{key["numeric"]}"]')
    with page.expect_response("**/answer/**"):
        number.press_sequentially("90")
        number.press("Tab")
    Attempt.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    with page.expect_response("**/answer/**"):
        number.fill("91")
        number.press("Tab")
    expect(page.locator("#saved")).to_contain_text("时间已到")
    page.locator("#saved a").click()
    expect(page.locator(".quiz-result")).to_be_visible()
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.points) == ("expired", 1)


def test_what_is_answered_before_the_scripts_have_come_is_saved_too(
    open_browser: Callable[..., Page], live_server: Any, cast: SimpleNamespace, enrolment: Enrolment
) -> None:
    page = open_browser(**PHONE)
    sign_in(page, cast.trainee, live_server.url)
    key = begin(page, enrolment)
    held: list[Route] = []
    page.route("**/lms/quiz*.js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    page.fill(f'[name="q-{key["numeric"]}"]', "90")
    page.locator(f'[name="q-{key["numeric"]}"]').press("Tab")
    with page.expect_response("**/answer/**"):
        for route in held:
            route.continue_()
    assert Attempt.objects.get().answers.get(question=key["numeric"]).chosen == "90"
