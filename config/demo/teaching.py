"""The sample cohorts in every state, and the people on their way through them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.utils import timezone

from config.demo.watching import watch
from core.models import Organisation, Person, User
from credentials.certificates.actions import replace, revoke
from credentials.models import Certificate
from lms.assessments.actions import Chosen, save_answers, start_attempt, submit_attempt
from lms.cohorts.actions import cancel_cohort, create_cohort
from lms.cohorts.models import Cohort
from lms.courses.models import CoursePage
from lms.courses.versions import CourseVersion
from lms.enrolments.actions import apply, approve
from lms.enrolments.models import Enrolment
from lms.learning.actions import complete_lesson
from lms.learning.models import LessonProgress


@dataclass(frozen=True)
class Plan:
    """One sample cohort. Days are counted from the day the demo is loaded; None means not set yet."""

    key: str
    title: str
    title_en: str
    capacity: int
    opens: int | None
    closes: int | None
    starts: int | None
    ends: int | None
    waiting_list: bool = True


SPARK = (
    Plan("open", "薪火计划训练营 · 秋季班", "Spark Plan camp · autumn", 40, -20, 11, 19, 80),
    Plan("opens", "薪火计划训练营 · 春季班", "Spark Plan camp · spring", 60, 60, 90, 110, 170),
    Plan("full", "薪火计划训练营 · 周末班", "Spark Plan camp · weekends", 5, -15, 8, 15, 75),
    Plan("closed", "薪火计划训练营 · 夜间班", "Spark Plan camp · evenings", 30, -40, -2, 6, 66),
    Plan("joinable", "薪火计划训练营 · 常年自学班", "Spark Plan camp · self-paced", 200, -60, 60, -50, 120),
    Plan("running", "薪火计划训练营 · 夏季班", "Spark Plan camp · summer", 30, -90, -60, -45, 30),
    Plan("ended", "薪火计划训练营 · 上一期", "Spark Plan camp · last run", 30, -240, -200, -190, -100),
    Plan(
        "planned",
        "薪火计划训练营 · 骨干班（待定）",
        "Spark Plan camp · advanced (to be scheduled)",
        30,
        *(None,) * 4,
    ),
    Plan(
        "cancelled", "薪火计划训练营 · 外区班（停办）", "Spark Plan camp · cancelled run", 30, -30, 10, 20, 60
    ),
)
ALL_ROUND = (
    Plan("past", "全科社工培训 · 第一期", "All-round social worker · run 1", 40, -60, -30, -20, 100),
    Plan("open", "全科社工培训 · 第三期", "All-round social worker · run 3", 80, -10, 20, 30, 120),
    Plan("running", "全科社工培训 · 第二期", "All-round social worker · run 2", 60, -100, -70, -60, 20),
)


@contextmanager
def as_of(then: datetime.datetime) -> Iterator[None]:
    """What is done inside happened at that moment: a certificate that has expired today, sessions confirmed in autumn."""
    with patch("django.utils.timezone.now", lambda: then):
        yield


def days_ago(days: float) -> AbstractContextManager[None]:
    """The same, counted back from now."""
    return as_of(timezone.now() - datetime.timedelta(days=days))


def at_desk(days: int, hour: int = 10) -> AbstractContextManager[None]:
    """The same, so many days ago at an hour at which offices are open."""
    then = timezone.localtime() - datetime.timedelta(days=days)
    return as_of(then.replace(hour=hour, minute=days * 7 % 60))


def open_cohorts(
    course: CoursePage, plans: Sequence[Plan], by: Organisation, actor: User
) -> dict[str, Cohort]:
    """The planned cohorts of a course. Idempotent by title."""
    found = {cohort.title: cohort for cohort in Cohort.objects.filter(course=course)}
    return {plan.key: found.get(plan.title) or _open(course, plan, by, actor) for plan in plans}


def _open(course: CoursePage, plan: Plan, by: Organisation, actor: User) -> Cohort:
    today = timezone.localdate()

    def day(offset: int | None) -> datetime.date | None:
        return None if offset is None else today + datetime.timedelta(days=offset)

    def moment(offset: int | None, hour: int) -> datetime.datetime | None:
        found = day(offset)
        return (
            None
            if found is None
            else timezone.make_aware(datetime.datetime.combine(found, datetime.time(hour)))
        )

    return create_cohort(
        course=course,
        organisation=by,
        title=plan.title,
        title_en=plan.title_en,
        capacity=plan.capacity,
        actor=actor,
        opens_at=moment(plan.opens, 9),
        closes_at=moment(plan.closes, 18),
        starts_on=day(plan.starts),
        ends_on=day(plan.ends),
        has_waiting_list=plan.waiting_list,
    )


def fill(cohort: Cohort, people: Sequence[Person], admitted: int, actor: User) -> list[Enrolment]:
    """Let these people apply, and admit the first ones. Done while the window was open, so it is opened for it."""
    if cohort.enrolments.exists():
        return list(cohort.enrolments.select_related("person__user").order_by("applied_at", "pk"))
    window = {"opens_at": cohort.opens_at, "closes_at": cohort.closes_at}
    dates = {"starts_on": cohort.starts_on, "ends_on": cohort.ends_on}
    now = timezone.now()
    with transaction.atomic():
        held = Cohort.objects.filter(pk=cohort.pk)
        held.update(
            opens_at=now - datetime.timedelta(days=1),
            closes_at=now + datetime.timedelta(days=1),
            starts_on=timezone.localdate() + datetime.timedelta(days=1),
            ends_on=timezone.localdate() + datetime.timedelta(days=30),
        )
        fresh = Cohort.objects.select_related("organisation", "version").get(pk=cohort.pk)
        enrolments = [
            apply(
                cohort=fresh,
                person=person,
                actor=person.user,
                statement="希望系统学习实务方法，带回社工站使用。",
            ).enrolment
            for person in people
        ]
        for enrolment in enrolments[:admitted]:
            approve(enrolment=enrolment, actor=actor)
        held.update(**window, **dates)
    return enrolments


def study(enrolment: Enrolment, share: float, *, mistakes: int = 0, began: int = 40, pace: int = 2) -> None:
    """Take the enrolment through this share of its items as a trainee would: from `began` days ago, one in `pace` days."""
    enrolment.refresh_from_db()
    version = CourseVersion.objects.get(pk=enrolment.version_id)
    lessons = {str(lesson.key): lesson for lesson in version.lessons.all()}
    papers = {str(paper.key): paper for paper in version.papers.all()}
    everything: list[dict[str, Any]] = [item for module in version.outline for item in module["items"]]
    items = [item for item in everything if item["kind"] != "assignment"]
    for step, item in enumerate(items[: round(len(items) * share)]):
        with days_ago(max(began - step * pace - enrolment.pk % 5 / 24, 0)):
            _do(enrolment, item, lessons, papers, mistakes)


def _do(
    enrolment: Enrolment,
    item: dict[str, Any],
    lessons: dict[str, Any],
    papers: dict[str, Any],
    mistakes: int,
) -> None:
    if item["kind"] != "lesson":
        _sit(enrolment, papers[item["key"]], mistakes)
        return
    lesson = lessons[item["key"]]
    answers = {check["key"]: {"chosen": check["correct"], "correct": True} for check in lesson.checks}
    opened = timezone.now() - datetime.timedelta(minutes=lesson.minutes)
    LessonProgress.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"opened_at": opened, "answers": answers}
    )
    watch(enrolment, lesson)
    complete_lesson(enrolment=enrolment, lesson=lesson)


def _sit(enrolment: Enrolment, paper: Any, mistakes: int) -> None:
    if enrolment.attempts.filter(paper=paper, passed=True).exists():
        return
    attempt = start_attempt(enrolment=enrolment, paper=paper)
    answers = [
        Chosen(question["key"], tuple(question["correct"]))
        for number, question in enumerate(paper.questions)
        if number >= mistakes
    ]
    save_answers(attempt=attempt, answers=answers)
    submit_attempt(attempt=attempt)


def end_certificates(enrolments: Sequence[Enrolment], officer: User) -> None:
    """One certificate revoked and one replaced, so that the verify page has something to say of each kind."""
    held = [
        Certificate.objects.filter(enrolment=enrolment, replaces=None).first() for enrolment in enrolments
    ]
    revoked, renewed = held
    if revoked is not None and revoked.state == "valid":
        revoke(
            certificate=revoked, reason="结业材料经复核不属实（示例）。", reason_class="untrue", actor=officer
        )
    if renewed is not None and renewed.state == "valid":
        replace(certificate=renewed, reason="姓名用字更正（示例）。", actor=officer)


def cancel(cohort: Cohort, actor: User) -> None:
    if cohort.cancelled_at is None:
        cancel_cohort(cohort=cohort, actor=actor, reason="报名人数不足，本期停办（示例）。")
