import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.models import AnnouncementRead, Enrolment, Mute, Post, Question, Thread
from tests.factories import make_announcement, make_cohort, make_enrolment, make_post, make_question
from tests.lms.conversations.steps import ATTACK, at, desk, keyed


def test_the_three_parts_are_empty_and_teach(trainee, enrolment):
    for name in ("talk", "talk-questions", "talk-discussion"):
        page = trainee.get(at(name, enrolment))
        assert page.status_code == 200
        assert "empty__title" in page.text


def test_the_three_parts_keep_the_heading_of_the_course(trainee, enrolment):
    for name in ("talk", "talk-questions", "talk-discussion"):
        assert f"<h1>{enrolment.version.title}</h1>" in trainee.get(at(name, enrolment)).text


def test_opening_an_announcement_counts_as_reading_and_asking_for_its_head_does_not(
    trainee, cohort, cast, enrolment
):
    row = make_announcement(cohort, cast.instructor, body=ATTACK)
    trainee.head(at("talk-announcement", enrolment, row.pk))
    assert not AnnouncementRead.objects.exists()
    page = trainee.get(at("talk-announcement", enrolment, row.pk))
    assert AnnouncementRead.objects.count() == 1
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert 'href="https://example.com/a?b=1"' in page.text


def test_a_pinned_announcement_says_so_in_a_word(trainee, cohort, cast, enrolment):
    make_announcement(cohort, cast.instructor)
    assert "置顶" not in trainee.get(at("talk", enrolment)).text
    make_announcement(cohort, cast.instructor, is_pinned=True)
    assert ">置顶<" in trainee.get(at("talk", enrolment)).text


def test_what_is_withdrawn_or_for_later_is_not_read(trainee, cohort, cast, enrolment):
    gone = make_announcement(cohort, cast.instructor, body="作废的内容", withdrawn_at=timezone.now())
    later = make_announcement(
        cohort, cast.instructor, body="未到时间", publish_at=timezone.now() + timedelta(days=1)
    )
    page = trainee.get(at("talk-announcement", enrolment, gone.pk))
    assert page.status_code == 200
    assert "作废的内容" not in page.text
    assert "周六停课" not in page.text
    assert trainee.get(at("talk-announcement", enrolment, later.pk)).status_code == 404
    assert not trainee.get(at("talk", enrolment)).context["page"].object_list


def test_asking_reading_and_solving(trainee, client, cast, enrolment, cohort):
    lesson = cohort.version.outline[0]["items"][0]
    asked = trainee.post(
        at("talk-ask", enrolment),
        keyed(title="要签协议吗", body=ATTACK, lesson=lesson["key"], audience="cohort"),
    )
    question = Question.objects.get()
    assert (question.lesson_title, question.is_public) == (lesson["title"], True)
    assert asked.url == at("talk-question", enrolment, question.pk)
    client.force_login(cast.instructor)
    client.post(desk("question", question.pk), keyed(body="要签。"))
    client.force_login(cast.trainee)
    page = client.get(asked.url)
    assert "要签。" in page.text
    assert "<script>alert" not in page.text
    client.post(asked.url, keyed(body="明白了"))
    client.post(desk_solve := at("talk-solve", enrolment, question.pk))
    client.post(desk_solve)
    assert Question.objects.get().state == "solved"


def test_a_refused_question_stays_in_the_form(trainee, enrolment):
    page = trainee.post(
        at("talk-ask", enrolment),
        keyed(title="急", body="他的电话13800138000", audience="teachers", lesson=""),
    )
    assert page.status_code == 200
    assert "13800138000" in page.text
    assert page.context["form"].errors["body"]
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"key": "nonsense"}, {"lesson": str(uuid.uuid4())}, {"audience": "everybody"}, {"title": "长" * 200}, {"body": "\x00"}],
)  # fmt: skip
def test_nonsense_asks_nothing(trainee, enrolment, fields):
    data = keyed(title="问", body="问", audience="teachers", lesson="") | fields
    assert trainee.post(at("talk-ask", enrolment), data).status_code == 200
    assert not Question.objects.exists()


def test_a_private_question_of_another_is_not_there(trainee, cohort, cast, enrolment):
    private = make_question(cohort, cast.other_trainee)
    public = make_question(cohort, cast.other_trainee, is_public=True)
    assert trainee.get(at("talk-question", enrolment, private.pk)).status_code == 404
    assert trainee.get(at("talk-question", enrolment, public.pk)).status_code == 200
    assert trainee.post(at("talk-question", enrolment, public.pk), keyed(body="插话")).status_code == 404
    assert trainee.post(at("talk-solve", enrolment, public.pk)).status_code == 404


def test_a_discussion_from_its_beginning_to_the_hidden_post(trainee, client, cohort, cast, enrolment):
    started = trainee.post(at("talk-start", enrolment), keyed(title="家访", body=ATTACK))
    thread = Thread.objects.get()
    assert started.url == at("talk-thread", enrolment, thread.pk)
    page = trainee.get(started.url)
    assert "<script>alert" not in page.text
    assert cast.trainee.person.employer.name in page.text
    other = Enrolment.objects.get(person=cast.other_trainee.person)
    client.force_login(cast.other_trainee)
    post = Post.objects.get()
    assert at("talk-report", other, post.pk) in client.get(at("talk-thread", other, thread.pk)).text
    client.post(at("talk-report", other, post.pk), {"reason": "泄露隐私"})
    client.force_login(cast.instructor)
    assert "泄露隐私" in client.get(desk("discussion", cohort.pk)).text
    client.post(desk("hide", post.pk), {"reason": "写出了姓名"})
    client.force_login(cast.other_trainee)
    shown = client.get(at("talk-thread", other, thread.pk)).text
    assert "写出了姓名" in shown
    assert "alert(1)" not in shown
    assert client.get(at("talk-report", other, post.pk)).status_code == 404


def test_in_a_thread_teachers_are_marked_and_the_reporter_sees_the_report(
    trainee, client, cohort, cast, enrolment
):
    post = make_post(cohort, cast.other_trainee)
    place = at("talk-thread", enrolment, post.thread_id)
    assert "talk-post--teacher" not in trainee.get(place).text
    make_post(cohort, cast.instructor, post.thread)
    assert trainee.get(place).text.count("talk-post--teacher") == 1
    report = at("talk-report", enrolment, post.pk)
    assert report in trainee.get(place).text
    trainee.post(report, {"reason": "泄露隐私"})
    shown = trainee.get(place).text
    assert "你已举报" in shown and report not in shown
    client.force_login(cast.other_trainee)
    other = cohort.enrolments.get(person=cast.other_trainee.person)
    assert "你已举报" not in client.get(at("talk-thread", other, post.thread_id)).text


def test_changing_ones_own_post(trainee, cohort, cast, enrolment):
    own, other = make_post(cohort, cast.trainee), make_post(cohort, cast.other_trainee)
    assert trainee.post(at("talk-edit", enrolment, own.pk), {"body": "改过"}).status_code == 302
    assert Post.objects.get(pk=own.pk).body == "改过"
    assert trainee.post(at("talk-edit", enrolment, other.pk), {"body": "别人的"}).status_code == 404
    assert trainee.post(at("talk-report", enrolment, own.pk), {"reason": "x"}).status_code == 404


def test_a_silenced_member_reads_why_and_keeps_the_text(trainee, cohort, cast, enrolment):
    thread = make_post(cohort, cast.other_trainee).thread
    Mute.objects.create(
        cohort=cohort,
        user=cast.trainee,
        until=timezone.localdate(),
        reason="辱骂同学",
        muted_by=cast.instructor,
    )
    assert "辱骂同学" in trainee.get(at("talk-thread", enrolment, thread.pk)).text
    page = trainee.post(at("talk-thread", enrolment, thread.pk), keyed(body="偏要说"))
    assert page.status_code == 200
    assert Post.objects.count() == 1


@pytest.mark.parametrize("state", ["withdrawn", "refused", "applied", "waiting"])
def test_whoever_does_not_learn_here_finds_nothing(trainee, cohort, cast, enrolment, state):
    row, thread = make_announcement(cohort, cast.instructor), make_post(cohort, cast.trainee).thread
    question = make_question(cohort, cast.trainee)
    Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
    pages = [
        at(name, enrolment)
        for name in ("talk", "talk-questions", "talk-ask", "talk-discussion", "talk-start")
    ]
    pages += [
        at("talk-announcement", enrolment, row.pk),
        at("talk-question", enrolment, question.pk),
        at("talk-thread", enrolment, thread.pk),
    ]
    assert {trainee.get(page).status_code for page in pages} == {404}


def test_what_belongs_to_another_cohort_is_not_there(trainee, tree, cast, enrolment):
    other = make_cohort(tree["district"], enrolment.version)
    make_enrolment(other, cast.trainee.person)
    row, thread = make_announcement(other, cast.instructor), make_post(other, cast.trainee).thread
    assert trainee.get(at("talk-announcement", enrolment, row.pk)).status_code == 404
    assert trainee.get(at("talk-thread", enrolment, thread.pk)).status_code == 404
