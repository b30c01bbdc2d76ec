from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lms.models import Announcement, Mute, Post, Question, Report, ReviewWord, Thread
from tests.factories import make_announcement, make_post, make_question
from tests.lms.conversations.steps import at, desk, keyed


def test_announcing_with_a_file_and_reading_how_many_read_it(teacher, client, cohort, cast, enrolment):
    data = keyed(title="材料", body="见附件", file=SimpleUploadedFile("表.pdf", b"%PDF-1"), is_pinned="on")
    assert teacher.post(desk("announce", cohort.pk), data).status_code == 302
    row = Announcement.objects.get()
    client.force_login(cast.trainee)
    client.get(at("talk-announcement", enrolment, row.pk))
    file = client.get(at("talk-announcement-file", enrolment, row.pk))
    assert b"".join(file.streaming_content) == b"%PDF-1"
    client.force_login(cast.instructor)
    page = client.get(desk("announcements", cohort.pk))
    assert (page.context["page"][0].reads_now, page.context["people"]) == (1, 2)
    assert b"".join(client.get(desk("file", row.pk)).streaming_content) == b"%PDF-1"
    client.post(desk("withdraw", row.pk))
    client.force_login(cast.trainee)
    assert client.get(at("talk-announcement-file", enrolment, row.pk)).status_code == 404


def test_changing_an_announcement_that_somebody_else_changed_is_said(teacher, cohort, cast):
    row = make_announcement(cohort, cast.administrator, told_at=timezone.now())
    data = {"title": "新", "body": "新", "seen": ""}
    assert teacher.post(desk("announcement", row.pk), data).status_code == 302
    page = teacher.post(desk("announcement", row.pk), data | {"title": "又新"})
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert Announcement.objects.get().title == "新"


def test_one_for_later_can_still_be_moved(teacher, cohort, cast):
    row = make_announcement(cohort, cast.instructor, publish_at=timezone.now() + timedelta(days=2))
    sooner = timezone.localtime() + timedelta(days=1)
    data = {"title": "新", "body": "新", "seen": "", "publish_at": f"{sooner:%Y-%m-%d %H:%M}"}
    assert teacher.post(desk("announcement", row.pk), data).status_code == 302
    assert Announcement.objects.get().publish_at < timezone.now() + timedelta(days=1, minutes=1)
    assert teacher.post(desk("announcement", row.pk), data | {"seen": "x"}).status_code == 200


@pytest.mark.parametrize("when", ["nonsense", "0001-01-01 00:00", "9999-12-31 23:59"])
def test_no_time_breaks_the_form(teacher, cohort, when):
    answer = teacher.post(desk("announce", cohort.pk), keyed(title="时间", body="时间", publish_at=when))
    assert answer.status_code in (200, 302)


@pytest.mark.parametrize(("page", "field", "like"), [("announce", "publish_at", "2026-03-14 09:00"), ("mute", "until", "2026-03-14")])  # fmt: skip
def test_a_time_is_picked_or_written_in_the_form_that_stands_at_it(
    teacher, cohort, enrolment, page, field, like
):
    address = desk(page, cohort.pk if page == "announce" else enrolment.pk)
    shown = teacher.get(address)
    assert "date-time-chooser.js" in shown.text
    assert like in shown.context["form"].fields[field].help_text
    refused = teacher.post(address, keyed(title="时间", body="时间", reason="辱骂", **{field: "明天"}))
    assert like in refused.context["form"].errors[field][0]


def test_the_desk_calls_things_by_the_words_of_the_place(teacher, cohort, cast, enrolment):
    make_announcement(cohort, cast.instructor, told_at=timezone.now())
    assert ">已发布<" in teacher.get(desk("announcements", cohort.pk)).text
    Report.objects.create(post=make_post(cohort, cast.other_trainee), reporter=cast.trainee, reason="跑题")
    shown = teacher.get(desk("discussion", cohort.pk)).text
    assert ">原因<" in shown and "申请理由" not in shown
    question = teacher.get(desk("question", make_question(cohort, cast.trainee).pk)).text
    assert ">回答<" in question and "提交答案" not in question


def test_a_time_that_is_past_is_refused_and_tells_nobody(teacher, cohort, cast):
    past = f"{timezone.localtime() - timedelta(hours=1):%Y-%m-%d %H:%M}"
    refused = teacher.post(desk("announce", cohort.pk), keyed(title="时间", body="时间", publish_at=past))
    assert refused.status_code == 200 and refused.context["form"].errors["publish_at"]
    assert not Announcement.objects.exists()
    row = make_announcement(cohort, cast.instructor, publish_at=timezone.now() + timedelta(days=2))
    data = {"title": "新", "body": "新", "seen": "", "publish_at": past}
    assert teacher.post(desk("announcement", row.pk), data).status_code == 200
    assert not row.is_published


def test_the_page_of_an_announcement_names_its_cohort(teacher, cohort):
    assert f"<p>{cohort.title}</p>" in teacher.get(desk("announce", cohort.pk)).text


def test_frequent_and_private(teacher, cohort, cast):
    row = make_question(cohort, cast.other_trainee, is_public=True)
    teacher.post(desk("frequent", row.pk), {"frequent": "1"})
    assert Question.objects.get().is_frequent
    teacher.post(desk("private", row.pk))
    assert not Question.objects.get().is_frequent
    teacher.post(desk("frequent", row.pk), {"frequent": "1"})
    assert not Question.objects.get().is_frequent


def test_moderating_from_the_desk(teacher, cohort, cast, enrolment):
    post = make_post(cohort, cast.trainee, state="held")
    thread = desk("thread", post.thread_id)
    teacher.post(desk("keep", post.pk))
    assert Post.objects.get().state == "visible"
    assert teacher.post(thread, keyed(body="老师的话")).status_code == 302
    assert "老师的话" in teacher.get(thread).text
    until = timezone.localdate() + timedelta(days=2)
    teacher.post(desk("mute", enrolment.pk), {"until": until.isoformat(), "reason": "刷屏"})
    mute = Mute.objects.get()
    assert "刷屏" in teacher.get(desk("discussion", cohort.pk)).text
    teacher.post(desk("lift", mute.pk))
    assert Mute.objects.get().lifted_at
    teacher.post(desk("close", post.thread_id), {"closed": "1"})
    assert Thread.objects.get().closed_at
    teacher.post(desk("close", post.thread_id), {"closed": "0"})
    assert not Thread.objects.get().closed_at


def test_administrators_keep_the_words_and_instructors_do_not(client, cast, tree):
    place = tree["district"].pk
    ReviewWord.objects.create(organisation=tree["city"], word="上级词")
    client.force_login(cast.administrator)
    assert "上级词" in client.get(desk("words", place)).text
    assert client.post(desk("words", place), {"words": "代考\n加微信"}).status_code == 302
    assert client.post(desk("words", place), {"words": "长" * 41}).status_code == 200
    assert ReviewWord.objects.filter(organisation=place).count() == 2
    client.force_login(cast.instructor)
    assert client.get(desk("words", place)).status_code == 404


ACTS = [
    ("announce", "cohort"), ("announcement", "row"), ("withdraw", "row"), ("question", "question"), ("frequent", "question"),
    ("private", "question"), ("thread", "thread"), ("close", "thread"), ("hide", "post"), ("keep", "post"),
    ("mute", "enrolment"), ("start", "cohort"),
]  # fmt: skip


@pytest.mark.parametrize("part", ["auditor", "outsider", "trainee", "finance", "supervisor"])
def test_only_teachers_of_the_cohort_act(client, cast, cohort, enrolment, part):
    post = make_post(cohort, cast.other_trainee)
    rows = {
        "cohort": cohort.pk,
        "row": make_announcement(cohort, cast.instructor).pk,
        "question": make_question(cohort, cast.other_trainee, is_public=True).pk,
        "thread": post.thread_id,
        "post": post.pk,
        "enrolment": enrolment.pk,
    }
    client.force_login(getattr(cast, part))
    for name, row in ACTS:
        assert client.post(desk(name, rows[row]), {}).status_code in (302, 403, 404), name
    assert Announcement.objects.get().withdrawn_at is None
    assert not Thread.objects.get().closed_at
    if part == "auditor":
        for name, row in (
            ("announcements", "cohort"),
            ("questions", "cohort"),
            ("discussion", "cohort"),
            ("thread", "thread"),
        ):
            assert client.get(desk(name, rows[row])).status_code == 200


def test_a_moderator_finds_no_button_at_their_own_post(teacher, cohort, cast):
    post = make_post(cohort, cast.instructor)
    assert desk("hide", post.pk) not in teacher.get(desk("thread", post.thread_id)).text
    assert teacher.get(desk("hide", post.pk)).status_code == 404


def test_a_teacher_starts_a_thread_from_the_desk(teacher, client, cohort, cast):
    assert desk("start", cohort.pk) in teacher.get(desk("discussion", cohort.pk)).text
    key = teacher.get(desk("start", cohort.pk)).context["form"]["key"].value()
    sent = {"key": key, "title": "下周的案例", "body": "谁愿意先讲？"}
    for _ in range(2):
        assert teacher.post(desk("start", cohort.pk), sent).status_code == 302
    assert [(row.title, row.author) for row in Thread.objects.all()] == [("下周的案例", cast.instructor)]
    assert teacher.post(desk("start", cohort.pk), sent | {"title": ""}).context["form"].errors
    client.force_login(cast.auditor)
    assert client.get(desk("start", cohort.pk)).status_code == 404
