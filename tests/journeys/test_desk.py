"""The desk in a real browser: choosers open and choose, page editors run under the strict policy."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from wagtail.models import Page as SitePage

from cms.models import ProgrammePage
from cms.public import write_site
from core.models import Organisation
from core.organisations.actions import sync_groups
from lms.models import LessonPage, QuizPage
from supervision.models import Pairing
from tests.factories import make_supervisor
from tests.journeys.steps import demo_pages, hand_in, open_small_course, sign_in


@pytest.fixture
def site(live_server: Any, tree: dict[str, Organisation], cast: SimpleNamespace) -> None:
    open_small_course(tree["district"])
    write_site(content=demo_pages(), actor=None)


def test_an_administrator_pairs_two_people_by_choosing_them(
    desktop: Page, site: None, cast: SimpleNamespace, tree: dict[str, Organisation], live_server: Any
) -> None:
    make_supervisor(cast.supervisor, tree["agency"])
    sign_in(desktop, cast.administrator, live_server.url)
    desktop.goto(reverse("pairings:add"))
    choose(desktop, "mentee", cast.trainee.person.name)
    choose(desktop, "supervisor", cast.supervisor.person.name)
    hand_in(desktop.locator("main form").last)
    pairing = Pairing.objects.get()
    assert (pairing.mentee, pairing.supervisor.person) == (cast.trainee.person, cast.supervisor.person)
    expect(desktop.locator("main")).to_contain_text(cast.trainee.person.name)


def choose(page: Page, field: str, name: str) -> None:
    page.locator(f"#id_{field}-chooser").get_by_role("button").first.click()
    page.locator(".modal-body").get_by_role("link", name=name).click()
    expect(page.locator(f"#id_{field}-chooser")).to_contain_text(name)


def test_every_kind_of_page_opens_in_the_editor(
    desktop: Page, site: None, cast: SimpleNamespace, live_server: Any
) -> None:
    sync_groups(cast.city_administrator)
    sign_in(desktop, cast.city_administrator, live_server.url)
    kinds = {page.specific_class: page for page in SitePage.objects.filter(depth__gt=1)}
    assert {ProgrammePage, LessonPage, QuizPage} <= kinds.keys()
    for page in kinds.values():
        desktop.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        expect(desktop.locator("#page-edit-form")).to_be_visible()
        desktop.wait_for_load_state("networkidle")


def test_a_course_is_chosen_on_a_programme_page(
    desktop: Page, site: None, cast: SimpleNamespace, live_server: Any
) -> None:
    sync_groups(cast.city_administrator)
    sign_in(desktop, cast.city_administrator, live_server.url)
    programme = ProgrammePage.objects.filter(courses=None).first()
    assert programme is not None
    desktop.goto(reverse("wagtailadmin_pages:edit", args=[programme.pk]))
    desktop.locator("#id_courses-ADD").click()
    desktop.locator("#id_courses-0-course-chooser").get_by_role("button").first.click()
    modal = desktop.locator(".modal-body")
    modal.get_by_role("link", name="薪火入门课").click()
    expect(desktop.locator("#id_courses-0-course-chooser")).to_contain_text("薪火入门课")
