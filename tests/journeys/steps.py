"""What several journeys do: sign somebody in, set up a site with one small course, hand in a form."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator
from playwright.sync_api import Page as Tab

from cms.public import set_up_site, write_site
from core.models import Organisation, User
from lms.cohorts.actions import create_cohort
from lms.models import Cohort, CourseIndexPage
from lms.public import write_course
from tests.journeys.conftest import DESKTOP
from tests.lms.outlines import lesson, question

CONTENT = Path(__file__).resolve().parents[2] / "config/demo/content/pages.yaml"
COURSE = {
    "code": "spark-practice",
    "title": "薪火入门课",
    "title_en": "First steps",
    "aims": ["会接案"],
    "modules": [
        {
            "title": "开始服务",
            "title_en": "Beginning",
            "lessons": [lesson("first-talk", checks=1), lesson("first-visit", checks=1)],
            "quiz": {
                "title": "入门测验",
                "title_en": "First quiz",
                "pass_percent": 60,
                "attempts": 3,
                "minutes": 20,
                "questions": [question(f"第{number}题该怎么做？") for number in (1, 2, 3)],
            },
        }
    ],
}


def demo_pages() -> dict[str, Any]:
    """The sample site as an outline."""
    return dict(yaml.safe_load(CONTENT.read_text(encoding="utf-8")))


def open_small_course(by: Organisation, actor: User | None = None) -> Cohort:
    """A site with one programme, one small course below it, and a cohort of it that takes applications."""
    home = set_up_site()
    index = CourseIndexPage.objects.first() or home.add_child(
        instance=CourseIndexPage(title="课程", slug="courses")
    )
    course = write_course(parent=index, outline=COURSE, actor=actor)
    pages = demo_pages()
    few = {"home": pages["home"], "programmes": pages["programmes"][:1], "static": pages["static"]}
    write_site(content=few, actor=actor)
    now, today = timezone.now(), timezone.localdate()
    return create_cohort(
        course=course,
        organisation=by,
        title="秋季班",
        title_en="Autumn",
        capacity=10,
        actor=actor,
        opens_at=now - datetime.timedelta(days=2),
        closes_at=now + datetime.timedelta(days=5),
        starts_on=today,
        ends_on=today + datetime.timedelta(days=60),
    )


def at_their_desks(open_browser: Callable[..., Tab], url: str, people: dict[str, User]) -> SimpleNamespace:
    """A browser of desktop size for each of these people, signed in, under the same names."""
    pages = {name: open_browser(**DESKTOP) for name in people}
    for name, page in pages.items():
        sign_in(page, people[name], url)
    return SimpleNamespace(**pages)


def sign_in(page: Tab, user: User, base_url: str) -> None:
    """The browser of somebody who signed in before."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base_url}])


def keep_for_offline(page: Tab, address: str) -> None:
    """Open a form of a session once with a network, until the device has all that it needs without one."""
    page.goto(address)
    page.wait_for_function("navigator.serviceWorker.ready.then((worker) => Boolean(worker.active))")
    page.wait_for_function(
        "caches.open('supervision-log').then((all) => all.keys()).then((all) => all.length > 4)"
    )


def write_session(page: Tab, topics: str, start: str = "14:00", end: str = "15:30") -> None:
    """Fill in the form of a session that took place yesterday."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    answers = {"day": yesterday.isoformat(), "start": start, "end": end, "topics": topics}
    for name, value in answers.items():
        page.fill(f"#session-form [name={name}]", value)
    page.locator("#session-form [name=functions]").first.check()


def hand_in(form: Locator) -> None:
    """Press the form's own button, as a thumb or a mouse does, and wait for the next page."""
    with form.page.expect_navigation():
        form.locator("button[type=submit]").last.click()


def path_of(page: Tab) -> str:
    return page.evaluate("location.pathname")
