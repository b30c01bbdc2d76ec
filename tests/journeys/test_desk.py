"""The desk in a real browser: choosers open and choose, page editors run under the strict policy."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from wagtail.models import Page as SitePage

from cms.models import ProgrammePage
from cms.public import set_up_site, write_site
from core.models import Organisation, User
from lms.models import LessonPage, QuizPage
from supervision.models import Pairing
from tests.factories import give_role, make_organisation, make_supervisor, make_user
from tests.journeys.steps import demo_pages, hand_in, open_small_course, sign_in


@pytest.fixture
def editor(live_server: Any, tree: dict[str, Organisation]) -> User:
    """Who leads the tree, and so writes also what belongs to all."""
    set_up_site()
    user = make_user("元首善", tree["province"])
    give_role(user, "administrator", tree["province"])
    return user


@pytest.fixture
def site(editor: User, tree: dict[str, Organisation]) -> None:
    open_small_course(tree["district"], actor=editor)
    write_site(content=demo_pages(), actor=editor)


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


def test_an_organisation_among_many_is_found_by_typing(
    desktop: Page, editor: User, tree: dict[str, Organisation], live_server: Any
) -> None:
    for number in range(12):
        make_organisation(f"社工站{number:02}", tree["street"], tier="station", kind="station")
    sign_in(desktop, editor, live_server.url)
    desktop.goto(reverse("cohorts:add"))
    box, select = desktop.locator("input.find"), desktop.locator("#id_organisation")
    box.fill(f"{tree['street']} 站07")
    expect(desktop.get_by_role("status").filter(has_text="1")).to_be_visible()
    box.press("Enter")
    expect(select).to_have_value(str(Organisation.objects.get(name="社工站07").pk))
    expect(box).to_have_value("")
    box.fill("没有这样的机构")
    box.press("Enter")  # neither sends the form nor forgets what was chosen
    select.focus()
    expect(select).to_have_value(str(Organisation.objects.get(name="社工站07").pk))
    expect(desktop).to_have_url(f"{live_server.url}{reverse('cohorts:add')}")


def choose(page: Page, field: str, name: str) -> None:
    page.locator(f"#id_{field}-chooser").get_by_role("button").first.click()
    page.locator(".modal-body").get_by_role("link", name=name).click()
    expect(page.locator(f"#id_{field}-chooser")).to_contain_text(name)


def test_every_kind_of_page_opens_in_the_editor(
    desktop: Page, site: None, editor: User, live_server: Any
) -> None:
    sign_in(desktop, editor, live_server.url)
    mine = SitePage.objects.filter(owner=editor).specific()
    kinds = {type(page): page for page in mine}
    assert {ProgrammePage, LessonPage, QuizPage} <= kinds.keys()
    for page in kinds.values():
        desktop.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        expect(desktop.locator("#page-edit-form")).to_be_visible()
        desktop.wait_for_load_state("networkidle")


def test_a_course_is_chosen_on_a_programme_page(
    desktop: Page, site: None, editor: User, live_server: Any
) -> None:
    sign_in(desktop, editor, live_server.url)
    programme = ProgrammePage.objects.filter(courses=None).first()
    assert programme is not None
    desktop.goto(reverse("wagtailadmin_pages:edit", args=[programme.pk]))
    desktop.locator("#id_courses-ADD").click()
    desktop.locator("#id_courses-0-course-chooser").get_by_role("button").first.click()
    modal = desktop.locator(".modal-body")
    modal.get_by_role("link", name="薪火入门课").click()
    expect(desktop.locator("#id_courses-0-course-chooser")).to_contain_text("薪火入门课")
