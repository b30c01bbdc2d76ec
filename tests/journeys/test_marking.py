"""Essays read by two who differ and a third who decides; a key put right, as the trainee sees it; what results say of questions."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.jobs.actions import run_job
from core.models import Job, Organisation, User
from lms import tasks  # noqa: F401 (registers the jobs)
from lms.models import Attempt, Cohort
from tests.factories import make_cohort, make_paper, make_version
from tests.journeys.steps import sign_in
from tests.journeys.test_learn import WAGTAIL
from tests.lms.marking.making import ESSAY, essay_paper, sit

Check = Callable[..., None]
WORDS = "要点齐全，再联系一点自己的工作。"


@pytest.fixture
def cohort(live_server: Any, tree: dict[str, Organisation], cast: SimpleNamespace) -> Cohort:
    return make_cohort(tree["district"], make_version(lessons=0, quizzes=0))


def read(page: Page, user: User, address: str, points: str, check_page: Check) -> None:
    """One answer, from the queue to the points; the name is nowhere."""
    page.context.clear_cookies()
    sign_in(page, user, address)
    page.goto(reverse("marking:index"))
    check_page(page, exclude=WAGTAIL)
    with page.expect_navigation():
        page.get_by_role("button", name="评阅下一份").click()
    expect(page.locator("main")).to_contain_text("尊重每一个人。")
    expect(page.locator("main")).to_contain_text("尊重、接纳、自决。")
    assert "林小荷" not in page.content()
    check_page(page, exclude=WAGTAIL)
    page.fill("[name=points-0]", points)
    page.fill("[name=remark]", WORDS if points == "7" else "")
    with page.expect_navigation():
        page.get_by_role("button", name="保存并评阅下一份").click()
    expect(page.locator("body")).to_contain_text("已保存")


def test_two_readers_differ_a_third_decides_and_the_trainee_reads_why(
    phone: Page, desktop: Page, check_page: Check, live_server: Any, cast: SimpleNamespace, cohort: Cohort
) -> None:
    paper = essay_paper(cohort.version, readers=2, difference="2")
    attempt = sit(paper, cohort, person=cast.trainee.person)
    read(desktop, cast.instructor, live_server.url, "2", check_page)
    read(phone, cast.administrator, live_server.url, "9", check_page)
    expect(phone.locator("body")).to_contain_text("须第三人评阅")
    read(desktop, cast.city_administrator, live_server.url, "7", check_page)
    expect(desktop.locator("body")).to_contain_text("以第三人评分为准")
    desktop.goto(reverse("marking:done", args=[paper.pk, "essay"]))
    expect(desktop.locator("main table")).to_contain_text("林小荷")  # the result stands
    check_page(desktop, exclude=WAGTAIL)
    phone.context.clear_cookies()
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(reverse("core:notices"))
    expect(phone.locator("main")).to_contain_text("结果出来了")
    phone.goto(reverse("lms:attempt-result", args=[attempt.pk]))
    expect(phone.locator("main")).to_contain_text(WORDS)
    expect(phone.locator("main")).to_contain_text("7 / 10 分")
    check_page(phone)


def test_a_key_is_put_right_and_the_trainee_sees_what_it_changed(
    phone: Page, desktop: Page, check_page: Check, live_server: Any, cast: SimpleNamespace, cohort: Cohort
) -> None:
    paper = essay_paper(cohort.version, questions=make_paper())
    answers = {"question-1": ["1b"], "question-2": ["2a"]}
    attempt = sit(paper, cohort, answers=answers, person=cast.trainee.person)
    sign_in(desktop, cast.administrator, live_server.url)
    desktop.goto(reverse("marking:paper", args=[paper.pk]))
    check_page(desktop, exclude=WAGTAIL)
    desktop.get_by_role("link", name="更正答案").first.click()
    desktop.get_by_label("更正答案", exact=True).check()
    desktop.get_by_label("选项a").uncheck()
    desktop.get_by_label("选项b").check()
    desktop.fill("[name=reason]", "第1题答案录入有误。")
    with desktop.expect_navigation():
        desktop.get_by_role("button", name="预览变动").click()
    expect(desktop.locator("main")).to_contain_text("共1人次，其中1人次成绩变动：1人次上升")
    check_page(desktop, exclude=WAGTAIL)
    with desktop.expect_navigation():
        desktop.get_by_role("button", name="确认更正").click()
    run_job(Job.objects.latest("pk").pk)
    desktop.reload()
    expect(desktop.locator("main table")).to_contain_text("100%")
    check_page(desktop, exclude=WAGTAIL)
    assert Attempt.objects.get().percent == 100
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(reverse("lms:attempt-result", args=[attempt.pk]))
    expect(phone.locator("main")).to_contain_text("第1题答案录入有误。")
    expect(phone.locator("main")).to_contain_text("成绩由50分改为100分")
    check_page(phone)


def test_the_questions_of_a_quiz_are_analysed(
    device: Page, check_page: Check, live_server: Any, cast: SimpleNamespace, cohort: Cohort
) -> None:
    paper = essay_paper(cohort.version, questions=[*make_paper(3), ESSAY])
    for number in range(8):
        keys = {place: "a" if number < 2 * place else "b" for place in (1, 2, 3)}
        sit(paper, cohort, f"学员{number}", {f"question-{n}": [f"{n}{key}"] for n, key in keys.items()})
    sign_in(device, cast.instructor, live_server.url)
    device.goto(reverse("analysis:report", args=[paper.pk]))
    check_page(device, exclude=WAGTAIL)
    with device.expect_navigation():
        device.get_by_role("button", name="分析试题").click()
    run_job(Job.objects.latest("pk").pk)
    device.goto(reverse("analysis:report", args=[paper.pk]))
    expect(device.locator("main")).to_contain_text("统计8人的首次成绩")
    expect(device.locator("main")).to_contain_text("不足30人")
    device.get_by_text("各选项选择情况").first.click()
    expect(device.locator("main")).to_contain_text("高分组")
    check_page(device, exclude=WAGTAIL)
