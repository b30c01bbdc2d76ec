"""Work reviewed by those who have handed in themselves: two phones that never name one another, and the teacher's desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.attachments.actions import keep_file
from core.models import Organisation
from lms.assignments.actions import open_peer_round
from lms.models import Cohort, PeerReview
from tests.core.attachments.test_neutral import document
from tests.factories import make_cohort, make_enrolment, make_submission, make_version
from tests.factories.assignments import RUBRIC
from tests.journeys.steps import sign_in
from tests.journeys.test_learn import WAGTAIL

Check = Callable[..., None]
TASK = {"due_days": 7, "peer_reviews": 1, "peer_days": 5, "hand_in": "both", "rubric": RUBRIC}
WORDS = "事实写得很清楚，判断可以再补充一点依据。"


@pytest.fixture
def cohort(live_server: Any, tree: dict[str, Organisation], cast: SimpleNamespace) -> Cohort:
    begins = timezone.localdate() - timedelta(days=20)
    cohort = make_cohort(tree["district"], make_version(assignments=1, task=TASK), starts_on=begins)
    for user in (cast.trainee, cast.other_trainee):
        name = f"{user.person.name}的作业.docx"
        kept = keep_file(upload=SimpleUploadedFile(name, document()), actor=user)
        make_submission(make_enrolment(cohort, user.person), text="代号甲，独居。", files=[kept])
    return cohort


def write_review(phone: Page, check_page: Check, level: str) -> None:
    """From the assignment to the work of the other, and back with a review that was sent."""
    phone.get_by_role("link", name="作业A").click()
    expect(phone.locator("main")).to_contain_text("work-1.docx")
    check_page(phone)
    phone.fill("[name=comment]", "太短")
    with phone.expect_navigation():
        phone.get_by_role("button", name="提交互评").click()
    expect(phone.locator("main")).to_contain_text("还没有选等级")
    phone.evaluate("scrollTo(0, 0)")  # from the message, where the header covers half of a link above it
    check_page(phone)
    phone.locator("[name=rubric-0]").nth(0).check()
    phone.get_by_label(level).check()
    phone.fill("[name=comment]", WORDS)
    with phone.expect_navigation():
        phone.get_by_role("button", name="提交互评").click()
    check_page(phone)


def test_two_review_one_another_without_names_and_the_teacher_sees_both(
    phone: Page,
    desktop: Page,
    check_page: Check,
    live_server: Any,
    cast: SimpleNamespace,
    cohort: Cohort,
) -> None:
    open_peer_round(cohort=cohort, assignment=cohort.version.assignments.get(), actor=cast.instructor)
    key = cohort.version.assignments.get().key
    names = [cast.trainee.person.name, cast.other_trainee.person.name]
    people = list(zip((cast.trainee, cast.other_trainee), reversed(names), ("充分", "一般"), strict=True))
    for user, other, level in people:
        phone.context.clear_cookies()
        sign_in(phone, user, live_server.url)
        enrolment = cohort.enrolments.get(person=user.person)
        phone.goto(reverse("lms:assignment-detail", args=[enrolment.pk, key]))
        check_page(phone)
        write_review(phone, check_page, level)
        assert other not in phone.content()
    enrolment = cohort.enrolments.get(person=cast.other_trainee.person)
    phone.goto(reverse("lms:assignment-detail", args=[enrolment.pk, key]))
    expect(phone.locator("main")).to_contain_text("中位数：100分")
    expect(phone.locator("main")).to_contain_text(WORDS)
    assert names[0] not in phone.content()
    check_page(phone)
    assert PeerReview.objects.filter(state="done").count() == 2
    sign_in(desktop, cast.instructor, live_server.url)
    desktop.goto(reverse("assignments:cohort", args=[cohort.pk]))
    desktop.get_by_role("link", name="作业互评").click()
    for name in names:
        expect(desktop.locator("main table")).to_contain_text(name)
    check_page(desktop, exclude=WAGTAIL)
