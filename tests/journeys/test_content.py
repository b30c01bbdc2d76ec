"""An author is shown what is to be mended, mends it and releases the course; a trainee gets a lesson with everything in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import Page, expect
from wagtail.documents.models import Document

from cms.public import set_up_site
from config.demo.watching import MEDIA
from core.models import Organisation
from lms.courses.actions import write_course
from lms.models import CoursePage, Enrolment, LessonPage, Thread
from tests.factories import give_role, make_user
from tests.journeys.steps import hand_in, sign_in
from tests.lms.outlines import enrol, make_index, outline

PLAYER = "https://player.example.com/v/1"
RICH = [
    {"type": "paragraph", "text": "先查原文，再看解读。" * 40},
    {"type": "external", "url": "https://www.mca.gov.cn/", "title": "民政部网站", "text": "查政策原文。"},
    {"type": "frame", "url": PLAYER, "title": "走访示范"},
    {"type": "talk", "title": "最难找的依据", "prompt": "你最难找的一条依据是什么？"},
]


@pytest.fixture
def course(live_server: Any, tree: dict[str, Organisation], settings: Any) -> CoursePage:
    """A course whose first lesson holds all there is."""
    settings.EMBED_HOSTS = ["player.example.com"]
    set_up_site()
    content = (MEDIA / "查依据六步.pdf").read_bytes()
    file = Document.objects.create(title="查依据六步", file=ContentFile(content, name="six-steps.pdf"))
    written = outline(1, 2, final=False)
    body = [*RICH, {"type": "attachments", "title": "", "documents": [file.pk]}]
    written["modules"][0]["lessons"][0]["body"] = body
    return write_course(parent=make_index(), outline=written, actor=None)


def test_an_author_mends_what_the_check_shows_and_releases_the_course(
    device: Page,
    check_page: Callable[..., None],
    live_server: Any,
    tree: dict[str, Organisation],
    course: CoursePage,
) -> None:
    author = make_user("元首善", tree["province"])
    give_role(author, "administrator", tree["province"])
    lesson = LessonPage.objects.order_by("path")[1]
    lesson.body = json.dumps([{"type": "lead", "id": "11111111-1111-4111-8111-111111111111", "value": ""}])
    lesson.save_revision().publish()
    sign_in(device, author, live_server.url)
    check = reverse("courses:check", args=[course.pk])
    device.goto(reverse("wagtailadmin_pages:edit", args=[course.pk]))
    publish(device)
    device.wait_for_url(f"**{check}")
    expect(device.get_by_text("课时是空的")).to_be_visible()
    expect(device.locator("main")).to_contain_text("阅读时间")
    check_page(device)
    device.get_by_role("link", name=lesson.title).first.click()
    device.locator("textarea[name='body-0-value']").fill("把政策讲成居民听得懂的话。")
    publish(device)
    device.wait_for_load_state("networkidle")
    device.goto(check)
    expect(device.get_by_text("没有需要改的地方")).to_be_visible()
    device.get_by_role("link", name="返回课程页面发布").click()
    publish(device)
    expect(device.locator("body")).to_contain_text("第2版")
    assert course.versions.count() == 2


def publish(page: Page) -> None:
    """Wagtail keeps the way to publish in the menu beside “save”."""
    page.wait_for_load_state("networkidle")
    page.locator("footer").get_by_role("button", name="更多操作").click()
    page.locator("button[name='action-publish']").click()


def test_a_trainee_reads_follows_watches_and_discusses(
    device: Page,
    check_page: Callable[..., None],
    watch: Any,
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    course: CoursePage,
) -> None:
    enrolment: Enrolment = enrol(cast.trainee, course, tree["district"])
    lesson = enrolment.version.lessons.order_by("position")[0]
    watch.allow(f"foreign host: {PLAYER}")
    shown = "<!DOCTYPE html><html lang='zh'><title>走访示范</title><main><h1>示范片段</h1></main></html>"
    device.context.route(
        "https://player.example.com/**",
        lambda route: route.fulfill(body=shown, content_type="text/html; charset=utf-8"),
    )
    sign_in(device, cast.trainee, live_server.url)
    device.goto(reverse("lms:learning-lesson", args=[enrolment.pk, lesson.key]))
    expect(device.get_by_text("阅读约 2 分钟")).to_be_visible()
    link = device.get_by_role("link", name="民政部网站")
    expect(link).to_contain_text("将离开本站")
    expect(link).to_have_attribute("rel", "noopener noreferrer external")
    device.locator("iframe").scroll_into_view_if_needed()
    expect(device.frame_locator("iframe").get_by_role("heading", name="示范片段")).to_be_visible()
    expect(device.locator(".block-attachments")).to_contain_text("2 页")
    check_page(device)
    file = device.locator(".block-attachments a").get_attribute("href")
    assert device.request.get(f"{live_server.url}{file}").ok
    device.get_by_role("link", name="参加讨论").click()
    expect(device.get_by_text("你最难找的一条依据是什么？")).to_be_visible()
    check_page(device)
    device.get_by_label("话题").fill("残疾人补贴的依据")
    device.get_by_label("正文").fill("打电话问了区里，才知道文号改过。")
    hand_in(device.locator("form#start"))
    expect(device.locator("main")).to_contain_text("打电话问了区里")
    assert str(Thread.objects.get().place) == lesson.talks[0]["key"]
    device.goto(reverse("lms:talk-place", args=[enrolment.pk, lesson.key, lesson.talks[0]["key"]]))
    expect(device.get_by_role("link", name="残疾人补贴的依据")).to_be_visible()
    check_page(device)
