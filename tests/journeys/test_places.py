"""A full cohort: somebody waits, a place becomes free, an offer runs out, the next person takes it; another one moves away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Organisation, User
from lms.models import Cohort, Enrolment
from tests.factories import make_cohort, make_enrolment, make_user
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, open_small_course, sign_in
from tests.journeys.test_learn import WAGTAIL

Check = Callable[..., None]


@pytest.fixture
def cohort(live_server: Any, tree: dict[str, Organisation], cast: SimpleNamespace) -> Cohort:
    """A small course whose only cohort is full."""
    cohort = open_small_course(tree["district"])
    Cohort.objects.filter(pk=cohort.pk).update(capacity=1)
    make_enrolment(cohort, make_user("王坐", tree["station"]).person)
    return Cohort.objects.get(pk=cohort.pk)


def test_a_freed_place_goes_round_in_order_and_nobody_jumps(
    device: Page,
    open_browser: Callable[..., Page],
    check_page: Check,
    live_server: Any,
    cohort: Cohort,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
) -> None:
    def on(user: User, **device: Any) -> Page:
        page = open_browser(**device)
        sign_in(page, user, live_server.url)
        return page

    first, second = device, on(cast.other_trainee, **PHONE)
    sign_in(first, cast.trainee, live_server.url)
    join(first, check_page, cohort)
    join(second, check_page, cohort)
    officer = on(cast.administrator, **DESKTOP)
    take_a_place_back(officer, check_page, cohort)
    offered = Enrolment.objects.get(person=cast.trainee.person)
    first.goto(reverse("core:notices"))
    first.goto(reverse("lms:enrolment-detail", args=[offered.pk]))
    check_page(first)
    expect(first.locator("form[action$='/accept/']")).to_be_visible()
    Enrolment.objects.filter(pk=offered.pk).update(offer_expires_at=timezone.now() - timedelta(seconds=1))
    hand_in(first.locator("form[action$='/accept/']"))  # too late, and the page says so
    check_page(first)
    expect(first.locator("main")).to_contain_text("已失效")
    following = Enrolment.objects.get(person=cast.other_trainee.person)
    second.goto(reverse("lms:enrolment-detail", args=[following.pk]))
    hand_in(second.locator("form[action$='/accept/']"))
    check_page(second)
    following.refresh_from_db()
    assert following.state == "applied"
    approve_all(officer, check_page, cohort)
    other = make_cohort(tree["district"], cohort.version, title="夜间班")
    ask_to_move(second, check_page, following)
    grant(officer, check_page, other)
    following.refresh_from_db()
    assert (following.cohort, following.state) == (other, "enrolled")


def join(page: Page, check_page: Check, cohort: Cohort) -> None:
    page.goto("/xiangmu/spark-plan/")
    page.locator(f".offer a[href*='{reverse('lms:enrolment-apply', args=[cohort.pk])}']").click()
    check_page(page)
    page.check("[name=confirmed]")
    hand_in(page.locator("form#apply"))
    page.locator("a[href$='/waiting-list/']").click()
    check_page(page)


def take_a_place_back(page: Page, check_page: Check, cohort: Cohort) -> None:
    enrolled = cohort.enrolments.get(state="enrolled")
    page.goto(reverse("applications:withdraw", args=[enrolled.pk]))
    page.fill("[name=reason]", "长期未学")
    with page.expect_navigation():
        page.locator("form .button.no").click()
    check_page(page, exclude=WAGTAIL)


def approve_all(page: Page, check_page: Check, cohort: Cohort) -> None:
    page.goto(reverse("applications:cohort", args=[cohort.pk]))
    check_page(page, exclude=WAGTAIL)
    with page.expect_navigation():
        page.locator("button[name=all]").click()


def ask_to_move(page: Page, check_page: Check, enrolment: Enrolment) -> None:
    page.goto(reverse("lms:enrolment-detail", args=[enrolment.pk]))
    page.locator("a[href$='/transfer/']").click()
    check_page(page)
    page.locator("[name=target]").first.check()
    page.fill("[name=reason]", "换了夜班")
    hand_in(page.locator("form#transfer"))
    check_page(page)


def grant(page: Page, check_page: Check, cohort: Cohort) -> None:
    page.goto(reverse("transfers:cohort", args=[cohort.pk]))
    check_page(page, exclude=WAGTAIL)
    with page.expect_navigation():
        page.locator("form[action*='/grant/'] button").click()
