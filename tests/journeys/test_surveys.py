"""A survey from both sides: the trainee on a phone, whose draft survives; the supervisor; the officer who sees what it came to."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from lms.models import SurveyResponse
from tests.factories import (
    ask,
    make_enrolment,
    make_invitation,
    make_pairing,
    make_response,
    make_supervisor,
    make_survey,
    make_user,
)
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, open_small_course, sign_in

KINDS = ("heading", "scale", "one", "several", "yes_no", "number", "text")


@pytest.fixture
def asked(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> SimpleNamespace:
    """A cohort with an anonymous reaction that shows five answers, and a rating that waits for the supervisor."""
    cohort = open_small_course(tree["district"])
    make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)
    own = make_enrolment(cohort, cast.trainee.person)
    reaction = make_survey(cohort, questions=[ask(kind) for kind in KINDS], is_anonymous=True)
    for number in range(5):
        other = make_invitation(reaction, make_enrolment(cohort, make_user().person))
        make_response(other, scale=1 + number, one="one-a", text=f"意见{number}")
    rating = make_survey(cohort, "behaviour", questions=[ask("scale"), ask("text")])
    return SimpleNamespace(
        cohort=cohort,
        reaction=reaction,
        rating=rating,
        mine=make_invitation(reaction, own),
        about=make_invitation(rating, own, respondent=cast.supervisor, rater="supervisor"),
    )


def test_a_survey_is_answered_on_a_phone_and_read_at_the_desk(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    asked: SimpleNamespace,
    cast: SimpleNamespace,
) -> None:
    trainee, supervisor, officer = open_browser(**PHONE), open_browser(**DESKTOP), open_browser(**DESKTOP)
    for page, user in ((trainee, cast.trainee), (supervisor, cast.supervisor), (officer, cast.administrator)):
        sign_in(page, user, live_server.url)
    react(trainee, check_page, asked)
    rate(supervisor, check_page, asked, cast.trainee.person.name)
    officer.goto(reverse("cohort-surveys:cohort", args=[asked.cohort.pk]))
    officer.locator(f"a[href='{reverse('cohort-surveys:results', args=[asked.reaction.pk])}']").click()
    expect(officer.locator(".results__rate")).to_contain_text("6 / 6")
    expect(officer.locator(".results .bars").first).to_be_visible()
    expect(officer.locator(".results__texts")).to_contain_text("意见0")
    expect(officer.locator(".results__texts")).not_to_contain_text(
        "讲得很清楚"
    )  # one more alone is not shown
    expect(officer.locator(".results__hidden")).to_be_visible()


def react(page: Page, check_page: Callable[..., None], asked: SimpleNamespace) -> None:
    page.goto(reverse("dashboard"))
    page.locator(f"main a[href='{reverse('lms:survey-answer', args=[asked.mine.pk])}']").click()
    check_page(page)
    with page.expect_response("**/draft/"):
        page.locator("[name=q-scale][value='5']").check(force=True)
    with page.expect_response("**/draft/"):
        page.fill("[name=q-text]", "讲得很清楚")
    page.reload()
    expect(page.locator("[name=q-scale][value='5']")).to_be_checked()
    expect(page.locator("[name=q-text]")).to_have_value("讲得很清楚")
    hand_in(page.locator("#survey"))
    expect(page.locator(".survey__fault")).to_have_count(4)
    check_page(page)
    for name, value in (("one", "one-a"), ("several", "several-b"), ("yes_no", "yes")):
        page.locator(f"[name=q-{name}][value='{value}']").check(force=True)
    page.fill("[name=q-number]", "12")
    hand_in(page.locator("#survey"))
    page.wait_for_url("**/review/")
    check_page(page)
    hand_in(page.locator("main form"))
    page.wait_for_url("**/done/")
    check_page(page)
    assert SurveyResponse.objects.filter(survey=asked.reaction, answers__text="讲得很清楚").count() == 1
    page.goto(reverse("lms:survey-list"))
    check_page(page)


def rate(page: Page, check_page: Callable[..., None], asked: SimpleNamespace, name: str) -> None:
    page.goto(reverse("lms:survey-list"))
    page.locator("main a", has_text=name).click()
    expect(page.locator("main")).to_contain_text(name)
    check_page(page)
    page.locator("[name=q-scale][value='4']").check(force=True)
    hand_in(page.locator("#survey"))
    page.wait_for_url("**/review/")
    hand_in(page.locator("main form"))
    page.wait_for_url("**/done/")
    assert SurveyResponse.objects.get(survey=asked.rating).rater == "supervisor"
