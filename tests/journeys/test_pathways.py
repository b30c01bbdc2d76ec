"""A pathway as a trainee walks it: seen, joined, completed course by course, run out, and begun anew."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Notice
from lms.enrolments.actions import complete_if_done
from lms.models import CourseVersion, Enrolment, PathwayEnrolment
from lms.pathways.actions import expire_pathways
from tests.factories import make_cohort, make_enrolment, make_learned, make_pathway, make_version
from tests.journeys.steps import hand_in, open_small_course, sign_in


@pytest.fixture
def way(live_server: Any, tree: dict[str, Any]) -> SimpleNamespace:
    """A required course with a cohort that takes applications, due in ten days; one of two electives, due in sixty."""
    cohort = open_small_course(tree["district"])
    electives = [make_version(), make_version()]
    pathway = make_pathway(
        tree["district"],
        cohort.version,
        *electives,
        groups={1: "a", 2: "a"},
        days={0: 10, 1: 60, 2: 60},
        valid_months=12,
    )
    return SimpleNamespace(pathway=pathway, cohort=cohort, electives=electives, place=tree["district"])


def test_a_pathway_from_the_first_look_to_the_second_round(
    device: Page,
    check_page: Callable[..., None],
    live_server: Any,
    way: SimpleNamespace,
    cast: SimpleNamespace,
) -> None:
    sign_in(device, cast.trainee, live_server.url)
    join(device, check_page, way)
    learn(device, check_page, way, cast)
    renew(device, check_page, way, cast)


def join(page: Page, check_page: Callable[..., None], way: SimpleNamespace) -> None:
    """Found in the list, read, begun."""
    page.goto(reverse("lms:pathway-list"))
    check_page(page)
    page.locator(f"main a[href='{reverse('lms:pathway-detail', args=[way.pathway.pk])}']").first.click()
    page.wait_for_url("**/pathways/*/")
    expect(page.locator("main .rows")).to_have_count(2)  # the required course, and the electives
    expect(page.locator("main .rows").first.locator(".row__note")).to_contain_text("10")
    check_page(page)
    hand_in(page.locator("main form[data-once]"))
    page.wait_for_url(f"**{reverse('lms:pathway-mine', args=[PathwayEnrolment.objects.get().pk])}")
    check_page(page)


def learn(page: Page, check_page: Callable[..., None], way: SimpleNamespace, cast: SimpleNamespace) -> None:
    """What is due until when and where one can apply; then course by course to the end."""
    required, elective = page.locator("main ol.rows").nth(0), page.locator("main ol.rows").nth(1)
    due = timezone.localdate() + datetime.timedelta(days=10)
    expect(required).to_contain_text(f"{due.month}月{due.day}日")
    apply_at = reverse("lms:enrolment-apply", args=[way.cohort.pk])
    expect(required.locator(f"a[href^='{apply_at}']")).to_be_visible()
    expect(elective.locator("li")).to_have_count(2)
    expect(page.locator("main progress")).to_have_attribute("value", "0")
    complete(way.cohort.version, way, cast)
    page.reload()
    expect(page.locator("main progress")).to_have_attribute("value", "50")
    expect(required.locator(".is-done")).to_have_count(1)
    complete(way.electives[1], way, cast)
    page.reload()
    until = PathwayEnrolment.objects.get(state="completed").expires_on
    assert until is not None
    expect(page.locator("main")).to_contain_text(f"{until.year}年{until.month}月{until.day}日")
    expect(page.locator("main form[data-once]")).to_have_count(0)  # valid for long: nothing to renew yet
    check_page(page)
    assert Notice.objects.filter(user=cast.trainee, kind="lms.pathway_completed").count() == 1


def complete(version: CourseVersion, way: SimpleNamespace, cast: SimpleNamespace) -> None:
    """The course learned to its end, in a cohort of its own."""
    enrolment = make_learned(make_enrolment(make_cohort(way.place, version), cast.trainee.person))
    complete_if_done(enrolment=enrolment)


def renew(page: Page, check_page: Callable[..., None], way: SimpleNamespace, cast: SimpleNamespace) -> None:
    """A year later the result has run out; the next round asks for everything again and keeps the first."""
    today = timezone.localdate()
    Enrolment.objects.update(completed_at=timezone.now() - datetime.timedelta(days=380))
    PathwayEnrolment.objects.update(
        joined_on=today - datetime.timedelta(days=400),
        completed_on=today - datetime.timedelta(days=380),
        expires_on=today - datetime.timedelta(days=15),
    )
    expire_pathways()
    assert Notice.objects.filter(user=cast.trainee, kind="lms.pathway_expired").count() == 1
    page.reload()
    first = PathwayEnrolment.objects.get()
    assert first.state == "expired"
    check_page(page)
    hand_in(page.locator("main form[data-once]"))
    second = PathwayEnrolment.objects.get(round=2)
    page.wait_for_url(f"**{reverse('lms:pathway-mine', args=[second.pk])}")
    expect(page.locator("main progress")).to_have_attribute("value", "0")
    expect(page.locator(f"main a[href='{reverse('lms:pathway-mine', args=[first.pk])}']")).to_be_visible()
    check_page(page)
    page.goto(reverse("lms:pathway-list"))
    expect(
        page.locator(f"main a[href='{reverse('lms:pathway-mine', args=[second.pk])}']").first
    ).to_be_visible()
