"""The sample pathway 全科社工: somebody half way, and somebody whose result ran out and who learns it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from config.demo.teaching import Plan, days_ago, fill, open_cohorts, study
from core.models import Organisation, Person, User
from lms.courses.models import CoursePage
from lms.pathways.actions import Wanted, expire_pathways, join_pathway, make_pathway
from lms.pathways.models import Pathway

TITLE = "全科社工"
DESCRIPTION = "面向街道社工站的新任社工：三门必修课打基础，两门选修课任选一门。两年内有效，到期前三个月起可以复训（示例）。"
DUE = (120, 240, 60, 180, 180)  # days after joining, for each of the courses
MADE, BEGAN, LEARNED, RAN_OUT, AGAIN = 1000, 900, 830, 60, 50  # days ago


def walk_pathway(
    courses: Sequence[CoursePage], by: Organisation, officer: User, halfway: Person, renewing: Person
) -> None:
    """Make the pathway of these courses (three required, one of the last two) and put two people on it.

    Idempotent: where the pathway is there nothing happens.
    """
    if Pathway.objects.filter(title=TITLE, organisation=by).exists():
        return
    wanted = [
        Wanted(course, "a" if number >= 3 else "", DUE[number]) for number, course in enumerate(courses)
    ]
    fields = {"title": TITLE, "title_en": "All-round social worker", "description": DESCRIPTION}
    with days_ago(MADE):
        pathway = make_pathway(
            organisation=by, courses=wanted, actor=officer, is_public=True, valid_months=24, **fields
        )
    with days_ago(BEGAN):
        join_pathway(pathway=pathway, person=renewing, actor=renewing.user)
    for course in courses[:4]:
        _learn(course, by, officer, renewing, LEARNED)
    with days_ago(RAN_OUT):
        expire_pathways()
    with days_ago(AGAIN):
        join_pathway(pathway=pathway, person=renewing, actor=renewing.user)
    _learn(courses[2], by, officer, renewing, 40)
    with days_ago(70):
        join_pathway(pathway=pathway, person=halfway, actor=halfway.user)
    for course in (courses[2], courses[4]):
        _learn(course, by, officer, halfway, 35)
    for course in courses[2:]:
        open_cohorts(
            course,
            [Plan("open", f"{course.title} · 常年班", "Always open", 60, -10, 200, -5, 300)],
            by,
            officer,
        )


def _learn(course: CoursePage, by: Organisation, officer: User, person: Person, days: int) -> None:
    """The whole course in a cohort of that time, of which nobody else was a part; finished some days after."""
    day = timezone.localdate() - timedelta(days=days)
    plan = Plan(
        "past", f"{course.title} · {day.year}年{day.month}月{day.day}日班", "Former run", 30, -10, 5, 6, 60
    )
    with days_ago(days + 30):
        cohort = open_cohorts(course, [plan], by, officer)["past"]
    with days_ago(days + 20):
        (enrolment,) = fill(cohort, [person], 1, officer)
    study(enrolment, 1.0, began=days, pace=1)
