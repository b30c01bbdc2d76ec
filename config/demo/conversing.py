"""What is said in a sample cohort: announcements, questions, a discussion with a reported post, work to be marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo.teaching import days_ago
from core.models import User
from lms.assignments.actions import open_peer_round, save_draft, submit_assignment, submit_peer_review
from lms.assignments.policy import Pick, rubric_of
from lms.cohorts.models import Cohort
from lms.conversations.actions.announcements import note_read, publish_announcement
from lms.conversations.actions.discussion import open_thread, report_post, write_post
from lms.conversations.actions.questions import add_reply, ask_question, mark_frequent, solve_question
from lms.conversations.models import Question, Thread
from lms.courses.versions import CourseVersion
from lms.enrolments.models import Enrolment

RECORD = """转介：社区居委会。代号甲，女，六十岁上下，独居。

来意（原话）：“楼上漏水半年了，没人管。”面谈四十分钟，前半段讲漏水，后半段提到老伴去年过世，晚上睡不着。

观察：衣着整洁，说话有条理，提到老伴时停顿较久，两次看向窗外。没有自伤、自杀的表达。

判断：漏水是真问题，也是开口的理由。丧偶后的支持不足可能更需要回应，目前没有危机信号。

去向：接案。先陪同联系物业（本周内），同时约第二次面谈谈睡眠和日常安排。理由：先解决看得见的事，信任才建得起来。"""
OPINION = "事实和判断分得很清楚，去向也写了理由。“楼上漏水半年”容易让邻里认出来，建议改成“房屋漏水较久”。"
# The smallest page that readers open; what is written on it is sample data as everything here.
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def converse(cohort: Cohort, members: Sequence[Enrolment], teacher: User) -> None:
    """Let a cohort talk, as its members and a teacher would have done in the last weeks. Done once."""
    cohort = Cohort.objects.select_related("organisation", "version").get(pk=cohort.pk)
    if cohort.announcements.exists():
        return
    for member in members:
        member.cohort = cohort
    _announce(cohort, members, teacher)
    _ask(members, teacher)
    _discuss(cohort, members, teacher)


def _announce(cohort: Cohort, members: Sequence[Enrolment], teacher: User) -> None:
    said: tuple[tuple[float, str, str, bool], ...] = (
        (
            20,
            "关于学习进度的提醒",
            "各位同学：\n\n课程可以按自己的节奏学，建议每周两个课时。遇到卡住的地方，请在“提问”里告诉我们，一般两天内回答。\n\n"
            "交流时请注意去识别化：不写服务对象的姓名、号码和住址。",
            True,
        ),
        (
            3,
            "模块一作业已经开放",
            "模块一末尾的作业“写一份去识别化的接案记录”已经开放，是选做，建议完成。老师收到后会逐份批阅并写评语。",
            False,
        ),
    )
    for ago, title, body, is_pinned in said:
        with days_ago(ago):
            announcement = publish_announcement(
                cohort=cohort,
                actor=teacher,
                key=_key(cohort, title),
                title=title,
                body=body,
                is_pinned=is_pinned,
            )
        for member in members[1:]:
            note_read(announcement=announcement, enrolment=member)


def _ask(members: Sequence[Enrolment], teacher: User) -> None:
    with days_ago(12):
        first = _question(
            members[1], "第一次见面就要签服务协议吗？", "对方还很防备，拿出表格怕把人吓走。", True
        )
    with days_ago(11):
        _reply(
            first,
            teacher,
            "不必当场签。先口头说清你能做什么、记什么、谁会看到，第二次见面再签，也是来得及的。",
        )
        mark_frequent(question=first, actor=teacher, is_frequent=True)
    with days_ago(10):
        solve_question(question=Question.objects.get(pk=first.pk), actor=members[1].person.user)
    with days_ago(5):
        second = _question(
            members[2], "预估时家人的说法不一致怎么办？", "母亲和女儿讲的完全是两件事，该信谁？", True
        )
    with days_ago(4):
        _reply(second, teacher, "先不判断谁对。把两边的说法分开记，再看有没有第三方的资料可以对照。")
    with days_ago(1.5):
        _question(
            members[0],
            "危机信号要报告给谁？",
            "夜里联系不上督导时，应该先打给谁？想私下确认一下流程。",
            False,
        )


def _discuss(cohort: Cohort, members: Sequence[Enrolment], teacher: User) -> None:
    with days_ago(6):
        opening = open_thread(
            cohort=cohort,
            actor=members[3].person.user,
            key=_key(cohort, "thread"),
            title="家访时对方不开门，大家怎么做？",
            body="约好了时间，敲门没人应，打电话说“改天吧”，已经第三次了。",
        )
    thread = Thread.objects.select_related("cohort__organisation", "author").get(pk=opening.thread_id)
    with days_ago(5):
        _post(thread, members[4], "我会请楼栋长陪着去一次，先在楼下聊，不急着进门。")
    with days_ago(4):
        _post(thread, teacher, "两个办法都可以试。也想一想：改到社区活动室见，会不会让对方更自在？")
    with days_ago(2):
        wrong = _post(thread, members[5], "这种人就是不配合，别管了，把名额让给别人。")
    with days_ago(1):
        report_post(post=wrong, actor=members[1].person.user, reason="对服务对象不尊重，不符合职业伦理。")


def _question(asker: Enrolment, title: str, body: str, is_public: bool) -> Question:
    return ask_question(
        enrolment=asker,
        actor=asker.person.user,
        key=_key(asker.cohort, title),
        title=title,
        body=body,
        is_public=is_public,
    )


def _reply(question: Question, teacher: User, body: str) -> None:
    row = Question.objects.select_related("cohort__organisation", "author").get(pk=question.pk)
    add_reply(question=row, actor=teacher, key=_key(row.cohort, body), body=body)


def _post(thread: Thread, author: Enrolment | User, body: str) -> Any:
    actor = author.person.user if isinstance(author, Enrolment) else author
    return write_post(thread=thread, actor=actor, key=_key(thread.cohort, body), body=body)


def hand_in_work(enrolment: Enrolment) -> None:
    """Hand in the course's first assignment, to be marked. Done once."""
    version = CourseVersion.objects.get(pk=enrolment.version_id)
    assignment = version.assignments.first()
    if assignment is None or enrolment.submissions.exists():
        return
    with days_ago(3):
        file = SimpleUploadedFile("接案记录表（示例）.pdf", PDF)
        actor = enrolment.person.user
        draft = save_draft(
            enrolment=enrolment, assignment=assignment, actor=actor, text=RECORD, uploads=[file]
        )
        submit_assignment(submission=draft, actor=actor)


def review_work(cohort: Cohort, teacher: User) -> None:
    """Share the work out among those who have handed in; all but the first have written one review. Done once."""
    cohort = Cohort.objects.select_related("version").get(pk=cohort.pk)
    assignment = cohort.version.assignments.first()
    if assignment is None or cohort.peer_rounds.exists():
        return
    made = open_peer_round(cohort=cohort, assignment=assignment, actor=teacher)
    rubric = rubric_of(assignment.rubric)
    picks = {row.key: Pick(row.levels[0 if place else 1].key) for place, row in enumerate(rubric)}
    for review in made.reviews.filter(place=1).select_related("reviewer__person__user").order_by("pk")[1:]:
        actor = review.reviewer.person.user
        submit_peer_review(review=review, actor=actor, picks=picks, score=None, comment=OPINION)


def _key(cohort: Cohort, place: str) -> UUID:
    """The same saying in the same cohort has the same key on every machine."""
    return uuid5(NAMESPACE_URL, f"xinhuo:talk:{cohort.title}:{place}")
