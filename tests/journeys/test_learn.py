"""From the first search to a certificate that a stranger verifies: a visitor, an administrator and a stranger."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.models import Organisation, Person
from credentials.models import Certificate
from lms.models import Cohort, Enrolment
from tests.journeys.conftest import DESKTOP
from tests.journeys.steps import hand_in, open_small_course, path_of, sign_in

NAME, EMAIL, PASSWORD = "诸葛清", "zhuge@example.com", "xin-huo-2026-qing"
Check = Callable[..., None]
# Wagtail's own frame around our admin screens; what is ours inside <main> is checked without exception.
WAGTAIL = (
    "#wagtail-sidebar",
    ".sidebar-loading",
    ".w-header",
    ".w-slim-header",
    ".w-skip-link",
    ".w-breadcrumbs",
    ".messages",
)


@pytest.fixture
def cohort(live_server: Any, tree: dict[str, Organisation], cast: SimpleNamespace) -> Cohort:
    return open_small_course(tree["district"])


def test_a_visitor_becomes_a_trainee_and_earns_a_certificate_that_a_stranger_verifies(
    device: Page,
    open_browser: Callable[..., Page],
    check_page: Check,
    live_server: Any,
    cohort: Cohort,
    cast: SimpleNamespace,
    tmp_path: Path,
) -> None:
    find_the_programme(device, check_page)
    sign_up(device, check_page)
    apply(device, check_page, cohort)
    administrator = open_browser(**DESKTOP)
    sign_in(administrator, cast.administrator, live_server.url)
    approve(administrator, check_page, cohort)
    enrolment = Enrolment.objects.get(cohort=cohort)
    learn(device, check_page, enrolment)
    sit_the_quiz(device, check_page)
    download(device, check_page, tmp_path)
    stranger = open_browser(**DESKTOP)
    verify(stranger, check_page)


def find_the_programme(page: Page, check_page: Check) -> None:
    page.goto("/")
    check_page(page)
    page.goto(reverse("search"))
    page.fill("#search-words", "薪火")
    hand_in(page.locator(".search-form"))
    check_page(page)
    page.locator(".hit__title a", has_text="薪火计划训练营").click()
    expect(page.locator("h1")).to_have_text("薪火计划训练营")
    check_page(page)


def sign_up(page: Page, check_page: Check) -> None:
    """The way there is the one button of the open cohort: it leads to signing in, and that to signing up."""
    page.locator(".offer a.button").first.click()
    page.wait_for_url("**/accounts/login/**")
    check_page(page)
    page.locator("main a[href*='/accounts/signup/']").first.click()
    page.wait_for_url("**/accounts/signup/**")
    check_page(page)
    answers = {"name": NAME, "email": EMAIL, "password1": PASSWORD, "password2": PASSWORD}
    for name, value in answers.items():
        page.fill(f"main [name={name}]", value)
    page.check("main [name=consent]")
    hand_in(page.locator("main form"))
    check_page(page)
    letter = next(letter for letter in mail.outbox if EMAIL in letter.to)
    link = re.search(r"https?://[^/\s]+(/accounts/confirm-email/\S+)", letter.body)
    assert link, letter.body
    page.goto(link[1])
    check_page(page)
    hand_in(page.locator("main form"))
    assert Person.objects.get(user__email=EMAIL).name == NAME


def apply(page: Page, check_page: Check, cohort: Cohort) -> None:
    address = reverse("lms:enrolment-apply", args=[cohort.pk])
    if path_of(page) != address:  # signing up may end on the dashboard
        page.goto("/xiangmu/spark-plan/")
        page.locator(f".offer a[href*='{address}']").click()
    check_page(page)
    page.fill("[name=statement]", "想把个案做扎实。")
    page.check("[name=confirmed]")
    hand_in(page.locator("form#apply"))
    check_page(page)
    assert Enrolment.objects.get(cohort=cohort).state == "applied"


def approve(page: Page, check_page: Check, cohort: Cohort) -> None:
    page.goto(reverse("cohorts:index"))
    check_page(page, exclude=WAGTAIL)
    page.goto(reverse("applications:cohort", args=[cohort.pk]))
    check_page(page, exclude=WAGTAIL)
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(NAME)).click()
    check_page(page, exclude=WAGTAIL)
    assert Enrolment.objects.get(cohort=cohort).state == "enrolled"


def learn(page: Page, check_page: Check, enrolment: Enrolment) -> None:
    """Two lessons, each with a check question that answers at once."""
    page.goto(reverse("dashboard"))
    check_page(page)
    page.goto(reverse("lms:learning-outline", args=[enrolment.pk]))
    check_page(page)
    page.locator("main .button--primary").first.click()
    for number in (1, 2):
        page.locator(".check .choice").first.click()
        page.locator(".check button").click()
        expect(page.locator(".check__why")).to_be_visible()
        check_page(page)
        done = page.locator("form[action*='/complete/']")
        hand_in(done)
        assert enrolment.progress.exclude(completed_at=None).count() == number


def sit_the_quiz(page: Page, check_page: Check) -> None:
    """The questions stand in any order, and each is saved when it is answered."""
    page.wait_for_url("**/quiz/**")
    check_page(page)
    page.locator(".quiz-go").click()
    page.wait_for_url("**/attempts/**")
    check_page(page)
    for question in page.locator(".quiz-question").all():
        with page.expect_response("**/answer/**") as saved:
            question.locator(".quiz-choice", has_text="选项0").click()
        assert saved.value.ok
    hand_in(page.locator("form#quiz"))
    check_page(page)
    hand_in(page.locator("main form"))
    page.wait_for_url("**/result/")
    check_page(page)


def download(page: Page, check_page: Check, place: Path) -> None:
    page.goto(reverse("credentials:certificate-list"))
    check_page(page)
    page.locator("main .card a").first.click()
    check_page(page)
    with page.expect_download() as coming:
        page.locator("a[href$='?download']").click()
    coming.value.save_as(place / "certificate.pdf")
    assert (place / "certificate.pdf").read_bytes().startswith(b"%PDF")
    page.goto(reverse("credentials:hours-list"))
    check_page(page)


def verify(page: Page, check_page: Check) -> None:
    certificate = Certificate.objects.get(person__name=NAME)
    page.goto(reverse("verify"))
    check_page(page)
    page.fill("main [name=code]", certificate.code_grouped)
    hand_in(page.locator("main form").first)
    expect(page.locator(".verdict--valid")).to_be_visible()
    assert NAME not in page.locator("main").inner_text()
    check_page(page)
    page.fill("main [name=name]", "诸葛明")
    hand_in(page.locator("main form"))
    expect(page.locator(".alert")).to_have_class(re.compile("bad"))
    page.fill("main [name=name]", NAME)
    hand_in(page.locator("main form"))
    expect(page.locator(".alert")).to_have_class(re.compile("good"))
    check_page(page)
