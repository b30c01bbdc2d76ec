import uuid
from types import SimpleNamespace

import pytest

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from lms.conversations.actions import announcements, discussion, moderation, questions
from lms.models import Announcement, AnnouncementRead, Enrolment, Post, Question, Report, Thread
from tests.factories import (
    give_role,
    make_announcement,
    make_cohort,
    make_enrolment,
    make_organisation,
    make_post,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
CLICKS = range(10)


@pytest.fixture
def scene():
    organisation = make_organisation("示例机构")
    teachers = [make_user(f"老师{number}") for number in range(4)]
    for teacher in teachers:
        give_role(teacher, "instructor", organisation)
    cohort = make_cohort(organisation)
    trainee, other = make_user("学员一"), make_user("学员二")
    enrolments = [make_enrolment(cohort, user.person) for user in (trainee, other)]
    return SimpleNamespace(
        cohort=cohort, teachers=teachers, trainee=trainee, other=other, enrolment=enrolments[0]
    )


def test_clicks_upon_clicks_post_once(scene):
    key, thread_key, question_key = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    thread = make_post(scene.cohort, scene.other).thread

    def click(_):
        row = Thread.objects.select_related("cohort__organisation", "author").get(pk=thread.pk)
        enrolment = Enrolment.objects.select_related("cohort__organisation").get(pk=scene.enrolment.pk)
        discussion.write_post(thread=row, actor=scene.trainee, key=key, body="一次")
        discussion.open_thread(
            cohort=row.cohort, actor=scene.trainee, key=thread_key, title="一次", body="一次"
        )
        questions.ask_question(
            enrolment=enrolment, actor=scene.trainee, key=question_key, title="一次", body="一次"
        )

    at_once(click, CLICKS)
    assert Post.objects.filter(author=scene.trainee).count() == 2
    assert Thread.objects.filter(author=scene.trainee).count() == 1
    assert Question.objects.count() == 1


def test_one_announcement_is_told_once_however_often_it_is_sent(scene):
    key = uuid.uuid4()

    def send(_):
        announcements.publish_announcement(
            cohort=scene.cohort, actor=scene.teachers[0], key=key, title="一次", body="一次"
        )

    at_once(send, CLICKS)
    assert Announcement.objects.count() == 1
    assert Notice.objects.filter(kind="lms.announcement").count() == 2


def test_several_clocks_tell_a_due_announcement_once(scene):
    make_announcement(scene.cohort, scene.teachers[0])
    at_once(lambda _: announcements.tell_due_announcements(), CLICKS)
    assert Notice.objects.filter(kind="lms.announcement").count() == 2


def test_one_reader_with_many_tabs_has_read_once(scene):
    row = make_announcement(scene.cohort, scene.teachers[0])
    at_once(lambda _: announcements.note_read(announcement=row, enrolment=scene.enrolment), CLICKS)
    assert AnnouncementRead.objects.count() == 1


def test_of_moderators_who_hide_and_show_at_once_one_decides(scene):
    post = make_post(scene.cohort, scene.trainee, state="held")
    rows = Post.objects.select_related("thread__cohort__organisation", "thread__author", "author")
    held = [rows.get(pk=post.pk) for _ in scene.teachers]

    def decide(number):
        try:
            if number % 2:
                moderation.keep_post(post=held[number], actor=scene.teachers[number])
            else:
                moderation.hide_post(post=held[number], actor=scene.teachers[number], reason="跑题")
        except IllegalMove:
            return 0
        return 1

    assert sum(at_once(decide, range(4))) == 1
    assert AuditEntry.objects.filter(action__in=["lms.hide_post", "lms.keep_post"]).count() == 1


def test_one_person_reports_once_and_the_moderators_hear_once(scene):
    post = make_post(scene.cohort, scene.trainee)

    def report(_):
        row = Post.objects.select_related("thread__cohort__organisation").get(pk=post.pk)
        discussion.report_post(post=row, actor=scene.other, reason="隐私")

    at_once(report, CLICKS)
    assert Report.objects.count() == 1
    assert Notice.objects.filter(kind="lms.post_to_look_at").count() == len(scene.teachers)
