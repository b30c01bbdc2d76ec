"""The content check of a course as its editors meet it: found, told, and heeded however publishing is asked for."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document

from core.models import Job, Notice, User
from lms.courses.actions import NotPublishable, publish_version, write_course
from lms.courses.checking import Fault
from lms.courses.queries import findings_in
from lms.models import BankQuestion, CoursePage, LessonPage, Package, QuizPage
from lms.questions.states import QuestionState
from tests.factories import make_bank, make_bank_question
from tests.lms.outlines import make_course, make_index, outline


@pytest.fixture
def course(tree):
    return make_course(modules=1, lessons=1, final=False)


@pytest.fixture
def lesson(course):
    return LessonPage.objects.get()


@pytest.fixture
def desk(client, cast):
    User.objects.filter(pk=cast.city_administrator.pk).update(is_superuser=True)
    client.force_login(User.objects.get(pk=cast.city_administrator.pk))
    return client


def put(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def told(course):
    return [finding.fault for finding in findings_in(CoursePage.objects.get(pk=course.pk))]


def drawn(course, tree, number=2):
    """The quiz of the course draws from a bank that can serve it now."""
    bank = make_bank(tree["city"])
    for _number in range(number):
        make_bank_question(bank)
    put(QuizPage.objects.get(), bank=bank, blueprint=f"不限 | 不限 | 单选 | {number} | 1", questions=[])
    return bank


def shrink():
    BankQuestion.objects.update(state=QuestionState.RETIRED)


def release(course, **fields):
    page = CoursePage.objects.get(pk=course.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(user=fields.pop("user", None)).publish()


def test_a_course_that_is_in_order_has_nothing_to_mend(course):
    assert told(course) == []


def test_empty_items_are_found_and_stop_the_version(course, lesson):
    put(lesson, body=[("heading", "只有标题"), ("text", "<p> </p>")])
    put(QuizPage.objects.get(), questions=[])
    assert told(course) == [Fault.EMPTY_LESSON, Fault.EMPTY_QUIZ]
    with pytest.raises(NotPublishable) as refused:
        publish_version(course=course, actor=None)
    assert len(refused.value.findings) == 2
    assert course.versions.count() == 1


def test_the_same_pages_again_are_no_new_version_and_not_refused(course, tree):
    drawn(course, tree)
    release(course)
    shrink()
    assert publish_version(course=course, actor=None).number == 2


def test_a_package_that_has_no_version_yet_stops_the_version(course, lesson, tree):
    package = Package.objects.create(organisation=tree["city"], title="课件", kind="scorm12")
    put(lesson, package=package)
    assert told(course) == [Fault.PACKAGE_NOT_READY]


def test_a_video_whose_file_is_gone_stops_the_version_and_one_without_captions_does_not(tree):
    film, words = (
        Document.objects.create(title=name, file=ContentFile(content, name=name))
        for name, content in (("f.mp4", b"\0"), ("f.vtt", b"WEBVTT\n"))
    )
    content = outline(1, 1, final=False)
    video = {"type": "video", "title": "走访", "file": film.pk, "captions": words.pk, "seconds": 30}
    content["modules"][0]["lessons"][0]["body"].append(video)
    course = write_course(parent=make_index(), outline=content, actor=None)
    assert told(course) == [Fault.EMPTY_CAPTIONS]
    words.file.storage.delete(words.file.name)
    assert told(course) == [Fault.NO_CAPTIONS]
    film.file.storage.delete(film.file.name)
    assert told(course) == [Fault.NO_FILE]


def test_links_to_what_is_gone_not_published_or_odd_are_warnings(course, lesson):
    other = QuizPage.objects.get()
    file = Document.objects.create(title="表", file=ContentFile(b"x", name="x.txt"))
    links = [
        f'<a linktype="page" id="{other.pk}">测验</a>',
        f'<a linktype="document" id="{file.pk}">表</a>',
        '<a linktype="page" id="999999">没有</a>',
        '<a linktype="document" id="999999">没有</a>',
        '<a href="http://www.mca.gov.cn/">旧</a>',
        '<a href="https://10.0.0.1/">内网</a>',
    ]
    put(lesson, body=[("text", f"<p>{''.join(links)}</p>")])
    expected = {Fault.PAGE_GONE, Fault.DOCUMENT_GONE, Fault.NOT_HTTPS, Fault.ODD_ADDRESS}
    assert set(told(course)) == expected
    file.delete()
    assert told(course).count(Fault.DOCUMENT_GONE) == 2
    assert publish_version(course=course, actor=None).number == 2


def test_changes_that_are_not_published_are_named(course, lesson):
    lesson.title = "改过的课时"
    lesson.save_revision()
    assert told(course) == [Fault.DRAFT_LEFT_OUT]


# --- Publishing, by hand and by a schedule --------------------------------------------------------------------
def test_a_scheduled_course_whose_bank_has_shrunk_meanwhile_is_not_released(course, tree, cast):
    drawn(course, tree)
    page = CoursePage.objects.get(pk=course.pk)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision(user=cast.city_administrator)
    revision.publish()
    assert course.versions.count() == 1
    shrink()
    type(revision).objects.filter(pk=revision.pk).update(
        approved_go_live_at=timezone.now() - timedelta(hours=1)
    )
    content = revision.content | {"go_live_at": (timezone.now() - timedelta(hours=1)).isoformat()}
    type(revision).objects.filter(pk=revision.pk).update(content=content)
    call_command("publish_scheduled", stdout=StringIO())
    assert course.versions.count() == 1
    notice = Notice.objects.get(user=cast.city_administrator)
    assert notice.kind == "lms.version_refused"
    assert notice.url == reverse("courses:check", args=[course.pk])


def test_a_course_that_is_only_scheduled_releases_nothing_yet(course):
    page = CoursePage.objects.get(pk=course.pk)
    page.unpublish()
    put(LessonPage.objects.get(), title="改过的课时")
    page = CoursePage.objects.get(pk=course.pk)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    assert course.versions.count() == 1


def test_the_publish_button_keeps_the_draft_and_leads_to_what_is_to_be_mended(desk, course, lesson):
    put(lesson, body=[])
    here = reverse("wagtailadmin_pages:edit", args=[course.pk])
    form = desk.get(here).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    data |= {
        "summary": "新的简介",
        "action-publish": "1",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    answer = desk.post(here, data)
    assert answer["Location"] == reverse("courses:check", args=[course.pk])
    page = CoursePage.objects.get(pk=course.pk)
    assert page.get_latest_revision_as_object().summary == "新的简介"
    assert page.summary != "新的简介"
    assert page.versions.count() == 1
    assert "课时是空的" in desk.get(answer["Location"]).content.decode()


# --- The page ----------------------------------------------------------------------------------------------------
def test_the_page_names_the_place_and_leads_to_it(desk, course, lesson):
    put(lesson, body=[("lead", "开头"), ("text", '<p><a href="http://a.cn/">旧</a></p>')])
    html = desk.get(reverse("courses:check", args=[course.pk])).content.decode()
    block = list(LessonPage.objects.get().body)[1]
    where = f"{reverse('wagtailadmin_pages:edit', args=[lesson.pk])}#block-{block.id}-section"
    assert f'href="{where}"' in html
    assert "第 2 块" in html
    assert "来源：示例" in html
    panel = desk.get(reverse("wagtailadmin_pages:edit", args=[course.pk])).content.decode()
    assert where in panel


@pytest.mark.parametrize("part", ["outsider", "trainee", "finance", "auditor"])
def test_who_may_not_edit_the_course_finds_no_check(client, cast, course, part):
    CoursePage.objects.filter(pk=course.pk).update(owner=cast.administrator)
    client.force_login(getattr(cast, part))
    for name in ("check", "ask-links"):
        answer = client.post(reverse(f"courses:{name}", args=[course.pk]))
        assert answer.status_code in (302, 403, 404, 405)
        assert not Job.objects.exists()


def test_links_are_asked_only_on_request_and_in_a_job(
    desk, course, lesson, django_capture_on_commit_callbacks
):
    urls = ["https://no-such-host.example/", "https://10.0.0.1/", "http://a.cn/"]
    text = "".join(f'<a href="{url}">链接</a>' for url in urls)
    put(lesson, body=[("text", f"<p>{text}</p>")])
    here = reverse("courses:check", args=[course.pk])
    assert Job.objects.filter(kind="lms.check_links").count() == 0
    desk.get(here)
    assert Job.objects.filter(kind="lms.check_links").count() == 0
    desk.post(reverse("courses:ask-links", args=[course.pk]))
    desk.post(reverse("courses:ask-links", args=[course.pk]))
    job = Job.objects.get(kind="lms.check_links")
    assert job.params == {"course": course.pk}


def test_the_job_tells_of_each_link_why_nobody_gets_there(desk, course, lesson, monkeypatch):
    import core.blocks.reaching
    from core.jobs.actions import run_job
    from lms.courses.jobs import check_links

    monkeypatch.setattr(
        core.blocks.reaching.socket, "getaddrinfo", _nobody
    )  # the library: no test asks the network
    put(lesson, body=[("text", '<p><a href="https://no-such-host.example/">链接</a></p>')])
    job = check_links(course=course, actor=course.owner or _anybody())
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"links": 1, "not_asked": 0})
    failure = job.failures.get()
    assert failure.label.endswith("https://no-such-host.example/")
    assert failure.reason in desk.get(reverse("courses:check", args=[course.pk])).content.decode()


def _nobody(*_args, **_kwargs):
    raise OSError


def _anybody():
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def test_the_command_says_the_same(course, lesson):
    out = StringIO()
    call_command("check_course", course.code, stdout=out)
    assert json.loads(out.getvalue()) == {"course": course.code, "ok": True, "findings": []}
    put(lesson, body=[])
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_course", course.code, stdout=out)
    [finding] = json.loads(out.getvalue())["findings"]
    assert (finding["severity"], finding["fault"], finding["page"]) == ("error", "empty_lesson", lesson.pk)


def test_questions_and_discussions_count_as_content(course, lesson):
    put(
        lesson, body=json.dumps([{"type": "talk", "id": "1", "value": {"title": "谈", "prompt": "怎么办？"}}])
    )
    assert told(course) == []
