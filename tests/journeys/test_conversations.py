"""A cohort that talks: a question from the phone and its answer, a post reported and hidden, an assignment marked."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.models import Organisation
from lms.models import Enrolment, Post, Question, Submission
from tests.factories import make_cohort, make_enrolment, make_learned, make_post, make_version
from tests.journeys.steps import hand_in, sign_in
from tests.journeys.test_learn import WAGTAIL

Check = Callable[..., None]


@pytest.fixture
def enrolment(live_server: Any, tree: dict[str, Organisation], cast: SimpleNamespace) -> Enrolment:
    cohort = make_cohort(tree["district"], make_version(assignments=1, task={"hand_in": "both"}))
    make_enrolment(cohort, cast.other_trainee.person)
    return make_learned(make_enrolment(cohort, cast.trainee.person))


def test_a_question_from_the_phone_is_answered_at_the_desk(
    phone: Page,
    desktop: Page,
    check_page: Check,
    live_server: Any,
    cast: SimpleNamespace,
    enrolment: Enrolment,
) -> None:
    sign_in(phone, cast.trainee, live_server.url)
    sign_in(desktop, cast.instructor, live_server.url)
    phone.goto(reverse("lms:talk", args=[enrolment.pk]))
    check_page(phone)
    phone.locator("[data-talk-tabs] a", has_text="提问").click()
    phone.locator(".page-head__actions a").click()
    phone.fill("[name=title]", "第一次见面要签协议吗？")
    phone.fill("[name=body]", "他的手机是13800138000")
    hand_in(phone.locator("form#ask"))
    expect(phone.locator("form#ask")).to_contain_text("手机号")
    check_page(phone)
    phone.fill("[name=body]", "对方还很防备。")
    hand_in(phone.locator("form#ask"))
    check_page(phone)
    question = Question.objects.get()
    desktop.goto(reverse("talk:questions", args=[enrolment.cohort_id]))
    check_page(desktop, exclude=WAGTAIL)
    desktop.get_by_role("link", name=question.title).click()
    desktop.fill("main [name=body]", "先口头说明，第二次再签。")
    check_page(desktop, exclude=WAGTAIL)
    with desktop.expect_navigation():
        desktop.locator("main form button[type=submit]").first.click()
    phone.reload()
    expect(phone.locator("main")).to_contain_text("先口头说明")
    with phone.expect_navigation():
        phone.get_by_role("button", name="我的问题解决了").click()
    assert Question.objects.get().state == "solved"


def test_a_reported_post_is_hidden_with_its_reason(
    phone: Page,
    desktop: Page,
    check_page: Check,
    live_server: Any,
    cast: SimpleNamespace,
    enrolment: Enrolment,
) -> None:
    post = make_post(enrolment.cohort, cast.other_trainee, body="他家住在三号楼")
    sign_in(phone, cast.trainee, live_server.url)
    sign_in(desktop, cast.instructor, live_server.url)
    phone.goto(reverse("lms:talk-discussion", args=[enrolment.pk]))
    check_page(phone)
    phone.get_by_role("link", name=post.thread.title).click()
    check_page(phone)
    phone.get_by_role("link", name="举报").click()
    phone.fill("[name=reason]", "写出了住址")
    check_page(phone)
    hand_in(phone.locator("main form"))
    desktop.goto(reverse("talk:discussion", args=[enrolment.cohort_id]))
    expect(desktop.locator("main")).to_contain_text("写出了住址")
    check_page(desktop, exclude=WAGTAIL)
    desktop.get_by_role("link", name=post.thread.title).first.click()
    check_page(desktop, exclude=WAGTAIL)
    desktop.get_by_role("link", name="隐藏").click()
    desktop.fill("main [name=reason]", "请去识别化后再发")
    with desktop.expect_navigation():
        desktop.locator("main form button[type=submit]").last.click()
    phone.reload()
    expect(phone.locator("main")).to_contain_text("请去识别化后再发")
    expect(phone.locator("main")).not_to_contain_text("三号楼")
    assert Post.objects.get().state == "hidden"


def test_an_assignment_is_written_on_the_phone_and_marked_at_the_desk(
    phone: Page,
    desktop: Page,
    check_page: Check,
    live_server: Any,
    cast: SimpleNamespace,
    enrolment: Enrolment,
) -> None:
    sign_in(phone, cast.trainee, live_server.url)
    sign_in(desktop, cast.instructor, live_server.url)
    phone.goto(reverse("lms:learning-outline", args=[enrolment.pk]))
    check_page(phone)
    phone.get_by_role("link", name="作业3").click()
    check_page(phone)
    phone.fill("[name=text]", "代号甲，")
    phone.locator("[name=text]").press_sequentially("独居。")
    expect(phone.locator("#saved")).to_contain_text("已保存")
    assert Submission.objects.get().text == "代号甲，独居。"
    phone.set_input_files(
        "[name=work_files]", {"name": "记录.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"}
    )
    hand_in(phone.locator("form#work-form"))
    expect(phone.locator("main")).to_contain_text("记录.pdf")
    check_page(phone)
    hand_in(phone.locator("main form"))
    check_page(phone)
    desktop.goto(reverse("assignments:cohort", args=[enrolment.cohort_id]))
    check_page(desktop, exclude=WAGTAIL)
    desktop.get_by_role("link", name=cast.trainee.person.name).click()
    desktop.fill("main [name=score]", "85")
    desktop.fill("main [name=comment]", "去识别化做得好。")
    check_page(desktop, exclude=WAGTAIL)
    with desktop.expect_navigation():
        desktop.get_by_role("button", name="通过").click()
    phone.reload()
    expect(phone.locator("main")).to_contain_text("去识别化做得好")
    check_page(phone)
    assert Submission.objects.get().state == "passed"
