"""A quiz that people read: answers that wait, were read by one, differ or have their points; and enough results to analyse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from wagtail.models import Page

from config.demo.teaching import Plan, fill, open_cohorts
from core.models import Organisation, Person, User
from lms.assessments.actions import Chosen, save_answers, start_attempt, submit_attempt
from lms.cohorts.models import Cohort
from lms.courses.versions import CourseVersion, LessonVersion, PaperVersion
from lms.enrolments.models import Enrolment
from lms.marking.actions import give_reading, take_next
from lms.marking.policy import criteria_of
from lms.marking.queries import scheme_of
from lms.public import write_course
from lms.questions.policy import Kind, Part, Question, content_of, question_from

PLAN = Plan("marking", "个案实务结业测评 · 示例班", "Casework final quiz · sample", 60, -30, -6, -5, 120)
ESSAY = Question(
    "essay",
    Kind.ESSAY,
    "结合你的工作，谈谈个案工作中怎样落实“服务对象自决”。",
    points=Decimal(10),
    model="要点：自决的含义；前提是充分知情；社工提供信息和选择，不替人决定；自决的限度（危及自己或他人、能力受限）。",
)
CASE = Question(
    "case",
    Kind.CASE,
    "【示例】孙伯，72岁，独居，腿脚不便，三个月没有下楼。邻居担心他，找到社工站。",
    points=Decimal(10),
    parts=(
        Part("A", "孙伯有哪些需要？", Decimal(4), Kind.ESSAY, "出行与照料、健康、社会交往、安全。"),
        Part(
            "B",
            "写出介入的主要步骤。",
            Decimal(6),
            Kind.ESSAY,
            "建立关系、预估、订计划、链接资源、跟进评估。",
        ),
    ),
)
ESSAYS = (
    "自决是让服务对象自己拿主意。我会先把几种办法和后果讲清楚，再请他选；遇到伤害自己的情况，先保证安全。",
    "我尊重老人不去养老院的决定，同时帮他申请助餐和紧急呼叫器，每周核对一次风险。",
    "自决就是服务对象说什么就是什么。",
    "要先看对方是不是真的知情。我会用对方听得懂的话解释，请他复述，再一起写下来。",
    "帮助他做出正确的选择，必要时由社工决定。",
    "自决有限度：涉及未成年人受侵害必须报告。平时则提供信息、陪伴，不催促。",
    "我在工作中常问一句“你自己怎么想”，把选择权交回去。",
    "把政策、资源、后果都列出来，对方选了再一起走第一步。",
)
STEPS = "需要照料、看病、有人说话。先上门建立关系，再评估，联系助餐和志愿者，定期回访。"
# The readers in their order and the share of the points that each gives; three have read, one pair differs, one has one reading.
READ = ((0.8, 0.75), (0.9, 0.85), (0.6, 0.7), (0.8, 0.3), (0.7,))


def mark_by_hand(
    parent: Page,
    outline: Mapping[str, Any],
    organisation: Organisation,
    people: Sequence[Person],
    readers: Sequence[User],
    *,
    actor: User,
) -> None:
    """Write the course, let these people sit its quiz, and read some of the answers. Done once."""
    if Cohort.objects.filter(title=PLAN.title).exists():
        return
    course = write_course(parent=parent, outline=outline, actor=actor)
    version = _with_essays(CourseVersion.objects.filter(course=course).order_by("-number")[0], actor)
    cohort = open_cohorts(course, [PLAN], organisation, actor)["marking"]
    enrolments = fill(cohort, people, len(people), actor)
    paper = version.papers.get()
    for number, enrolment in enumerate(enrolments):
        _sit(Enrolment.objects.get(pk=enrolment.pk), paper, number)
    for shares in READ:
        for reader, share in zip(readers, shares, strict=False):
            _read(paper, reader, share)


def _with_essays(version: CourseVersion, actor: User) -> CourseVersion:
    """The next version: the same with an essay and a case, which the editor of quizzes does not offer; and the quiz does not wait
    for the lesson."""
    names = ("code", "title", "title_en", "minutes", "rule", "outline", "course")
    facts = {name: getattr(version, name) for name in names}
    made = CourseVersion.objects.create(
        **facts,
        number=version.number + 1,
        fingerprint=f"{version.fingerprint[:50]}-with-essays",
        created_by=actor,
    )
    for lesson in LessonVersion.objects.filter(version=version):
        lesson.pk, lesson.version = None, made
        lesson.save()
    for paper in PaperVersion.objects.filter(version=version):
        paper.pk, paper.version = None, made
        paper.questions = [*paper.questions, content_of(ESSAY), content_of(CASE)]
        paper.save()
    return made


def _sit(enrolment: Enrolment, paper: PaperVersion, number: int) -> None:
    """Choices as somebody of some ability takes them; the third question has a key that the able do not share."""
    luck = Random(number)
    ability = number % 12 / 12
    attempt = start_attempt(enrolment=enrolment, paper=paper)
    answers = []
    for place, row in enumerate(paper.questions[:4]):
        keys = [choice["key"] for choice in row["choices"]]
        knows = luck.random() < (0.97 if place == 0 else 0.15 + 0.8 * ability)
        best = keys[1] if place == 2 else keys[0]
        guess = luck.choice([key for key in keys if key != best])
        answers.append(Chosen(row["key"], [best if knows else guess]))
    if number < len(ESSAYS):
        answers.append(Chosen("essay", ESSAYS[number]))
        answers.append(Chosen("case", {"A": STEPS, "B": STEPS}))
    save_answers(attempt=attempt, answers=answers)
    submit_attempt(attempt=attempt)


def _read(paper: PaperVersion, reader: User, share: float) -> None:
    """The next essay and the next case, if there are any, each with this share of the points."""
    scheme = scheme_of(paper.pk)
    asked = {row["key"]: question_from(row) for row in paper.questions[4:]}
    for key, question in asked.items():
        reading = take_next(paper=paper, question=key, actor=reader)
        if reading is None:
            continue
        points = {
            row.key: (row.most * Decimal(str(share)) * 2).quantize(Decimal(1)) / 2
            for row in criteria_of(question, scheme)
        }
        remark = "要点清楚，可以再写写自决的限度。" if share > 0.5 else "只有结论，缺少理由和做法。"
        give_reading(reading=reading, points=points, remark=remark, actor=reader)
