"""A phone: in the admin no page is wider than the screen, and every part of every list can be reached."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import Page
from wagtail.documents.models import Document

from cms.public import set_up_site
from core.models import Organisation, User
from tests.factories import give_role, make_user
from tests.journeys.conftest import NARROW, STICKS_OUT
from tests.journeys.steps import open_small_course, sign_in

LISTS = (
    "wagtailadmin_home",
    "wagtailimages:index",
    "wagtaildocs:index",
    "approvals:index",
    "hours:people",
    "issuing:index",
    "imports:index",
    "teaching:index",
    "claims:index",
    "payments:index",
    "people:index",
    "certificates:index",
    "cohorts:add",
    "pathways:add",
)
# A table that goes on to the right of the screen, where nothing of it can be seen.
CUT = """width => [...document.querySelectorAll('main table')].filter(table =>
  table.getBoundingClientRect().right > width + 1 || table.scrollWidth > table.clientWidth + 1
).map(table => table.outerHTML.slice(0, 160))"""


@pytest.fixture
def officer(live_server: Any, cast: SimpleNamespace, tree: dict[str, Organisation]) -> User:
    set_up_site()
    user = make_user("元首善", tree["province"])
    give_role(user, "administrator", tree["province"])
    give_role(user, "finance", tree["province"])
    open_small_course(tree["district"], actor=user)
    Document.objects.create(title="报名材料清单", file=ContentFile(b"x", name="list.txt"))
    return user


def test_no_list_of_the_admin_is_wider_than_a_phone(phone: Page, officer: User, live_server: Any) -> None:
    sign_in(phone, officer, live_server.url)
    for name in LISTS:
        phone.goto(reverse(name))
        for width in (390, NARROW):
            phone.set_viewport_size({"width": width, "height": 844})
            assert phone.evaluate(STICKS_OUT, width) == [], f"{name} at {width}"
            assert phone.evaluate(CUT, width) == [], f"{name} at {width}"


def test_a_title_is_read_whole_on_a_phone_and_not_said_twice(
    phone: Page, officer: User, live_server: Any
) -> None:
    sign_in(phone, officer, live_server.url)
    for name in ("teaching:index", "issuing:index", "claims:index"):
        phone.goto(reverse(name))
        heads = [text.strip() for text in phone.locator("main h1, main h2").all_inner_texts()]
        assert len(heads) == len(set(heads)), heads
        box = phone.locator(".w-breadcrumbs").first
        assert box.evaluate("node => node.scrollWidth <= node.clientWidth + 1"), name


def test_a_link_alone_in_the_help_of_a_field_is_a_target_for_a_thumb(phone: Page, live_server: Any) -> None:
    set_up_site()
    phone.goto(reverse("account_login"))
    box = phone.locator(f"main a[href='{reverse('account_reset_password')}']").first.bounding_box()
    assert box and box["height"] >= 44
