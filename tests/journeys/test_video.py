"""A video with a question on a bad network, gone on with on another device; and what a script reports earns nothing."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import Page, expect
from wagtail.documents.models import Document

from config.demo.watching import MEDIA
from core.models import Organisation
from lms.courses.actions import write_course
from lms.models import Enrolment, LessonProgress, Watching
from lms.videos.policy import TOLERANCE
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, sign_in
from tests.lms.outlines import enrol, make_index, outline, question

FORGED = """async (claims) => {
  const panel = document.querySelector("[data-watch]");
  const form = new FormData();
  const csrfmiddlewaretoken = panel.querySelector("[name=csrfmiddlewaretoken]").value;
  const said = { token: "forged", csrfmiddlewaretoken, number: 1, runs: 1, played: 1e9, position: 48000, claims };
  Object.entries(said).forEach(([key, value]) => form.append(key, value));
  await fetch(panel.dataset.watch + "begin/", { method: "POST", body: form });
  for (let round = 0; round < 10; round += 1) {
    form.set("number", round + 1);
    await fetch(panel.dataset.watch + "beat/", { method: "POST", body: form });
  }
}"""


@pytest.fixture
def enrolment(live_server: Any, cast: SimpleNamespace, tree: dict[str, Organisation]) -> Enrolment:
    """In a course whose one lesson shows the sample video: a question at second 2, two fifths of it to watch."""
    files = {
        name: Document.objects.create(
            title=name, file=ContentFile((MEDIA / f"home-visit.{ending}").read_bytes(), name=f"film.{ending}")
        ).pk
        for name, ending in (("file", "mp4"), ("captions", "vtt"))
    }
    film = {
        "type": "video",
        "title": "入户走访三步",
        "may_skip": False,
        "max_speed": "100",
        "share": 40,
        **files,
    }
    film["checkpoints"] = [{"second": 2, **question("不方便的时候怎么办？")}]
    content = outline(1, 1, final=False, code="film")
    content["modules"][0]["lessons"][0]["body"] = [film]
    return enrol(
        cast.trainee, write_course(parent=make_index(), outline=content, actor=None), tree["district"]
    )


def lesson_of(enrolment: Enrolment) -> str:
    return reverse("lms:learning-lesson", args=[enrolment.pk, enrolment.version.lessons.get().key])


def play(page: Page) -> None:
    page.locator("video").evaluate("video => { video.muted = true; return video.play(); }")


def stop(page: Page) -> None:
    page.locator("video").evaluate("video => video.pause()")


def wait_until(page: Page, second: float) -> None:
    page.wait_for_function(
        "second => document.querySelector('video').currentTime >= second", arg=second, timeout=40_000
    )


@pytest.mark.parametrize(("first", "second"), [(PHONE, DESKTOP), (DESKTOP, PHONE)], ids=["phone", "desktop"])
def test_a_video_is_watched_on_a_bad_network_and_gone_on_with_elsewhere(
    first: dict[str, Any],
    second: dict[str, Any],
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    enrolment: Enrolment,
) -> None:
    page = open_browser(**first)
    sign_in(page, cast.trainee, live_server.url)
    page.goto(lesson_of(enrolment))
    check_page(page)
    play(page)
    answer_the_question(page, check_page)
    watch_through_a_cut(page)
    credited = Watching.objects.get().credited
    page.evaluate(FORGED, "0-48000@9999,20000-48000@100")
    assert Watching.objects.get().credited <= credited + 2_000 + TOLERANCE
    other = open_browser(**second)
    sign_in(other, cast.trainee, live_server.url)
    go_on_elsewhere(page, other, check_page, lesson_of(enrolment))
    assert LessonProgress.objects.get().completed_at is not None
    page.goto("about:blank")  # its last report arrives while there is a database


def answer_the_question(page: Page, check_page: Callable[..., None]) -> None:
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert page.locator("video").evaluate("video => video.paused")
    check_page(page)
    page.keyboard.press("Space")  # the first choice has the focus
    dialog.locator("form button").click()
    expect(dialog.get_by_text("原因在这里")).to_be_visible()
    check_page(page)
    page.keyboard.press("Enter")  # the way on has the focus
    expect(dialog).to_be_hidden()


def watch_through_a_cut(page: Page) -> None:
    """What was played while the network was away counts once it is back."""
    wait_until(page, 3)
    page.context.set_offline(True)
    wait_until(page, 7)
    stop(page)
    expect(page.locator("[data-said]")).to_contain_text("没有网络")
    page.context.set_offline(False)
    with page.expect_response("**/beat/") as reported:
        play(page)
    assert reported.value.json()["spans"][0][1] >= 6_900
    with page.expect_response("**/beat/"):
        page.locator("video").evaluate("video => { video.currentTime = 40; }")
        expect(page.locator("[data-said]")).to_contain_text("按顺序")
        stop(page)


def go_on_elsewhere(page: Page, other: Page, check_page: Callable[..., None], address: str) -> None:
    """The second device goes on where the first stopped; while it runs, the first is asked, and then told."""
    other.goto(address)
    expect(other.locator("[data-said]")).to_contain_text("上次看到 00:")
    play(other)
    other.locator("[data-take]").click()  # the script still holds the turn
    wait_until(other, 15)
    play(page)
    expect(page.locator("[data-said]")).to_contain_text("另一台设备")
    check_page(page)
    wait_until(other, 24)
    with other.expect_response("**/beat/") as reported:
        stop(other)
    assert reported.value.json()["left"] == 0
    expect(other.locator("[data-percent]")).to_have_text("100")
    check_page(other)
    hand_in(other.locator("form[action*='/complete/']"))
