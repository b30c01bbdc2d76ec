"""Courses to test with, as short as they can be."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.models import Page

from core.models import Organisation, User
from lms.courses.actions import write_course
from lms.models import Cohort, CourseIndexPage, CoursePage, Enrolment
from tests.factories.courses import unindexed


def question(
    prompt: str = "哪一个对？", kind: str = "single", right: tuple[int, ...] = (0,), count: int = 2
) -> dict[str, Any]:
    choices = [{"text": f"选项{number}", "correct": number in right} for number in range(count)]
    return {"kind": kind, "prompt": prompt, "choices": choices, "explanation": "原因在这里"}


def lesson(slug: str, *, checks: int = 0, **fields: Any) -> dict[str, Any]:
    body = [{"type": "lead", "text": f"{slug}的开头"}, {"type": "paragraph", "text": "正文**重点**"}]
    body += [{"type": "check", **question(f"{slug}的第{number}题")} for number in range(checks)]
    return {
        "slug": slug,
        "title": f"课时{slug}",
        "title_en": f"Lesson {slug}",
        "minutes": 30,
        "body": body,
        **fields,
    }


def quiz(title: str = "测验") -> dict[str, Any]:
    questions = [question(f"{title}{number}") for number in range(2)]
    return {
        "title": title,
        "title_en": "Quiz",
        "pass_percent": 60,
        "attempts": 3,
        "minutes": 20,
        "questions": questions,
    }


def outline(
    modules: int = 2, lessons: int = 2, *, final: bool = True, checks: int = 0, **fields: Any
) -> dict[str, Any]:
    """A course of so many modules, each with so many lessons and a quiz, and a quiz at its end."""
    written = [
        {
            "title": f"模块{number}",
            "title_en": f"Module {number}",
            "lessons": [lesson(f"m{number}-l{place}", checks=checks) for place in range(lessons)],
            "quiz": quiz(f"测验{number}"),
        }
        for number in range(modules)
    ]
    course = {
        "code": "practice",
        "title": "实务课程",
        "title_en": "Practice",
        "aims": ["会做", "会想"],
        "modules": written,
    }
    return course | ({"final": quiz("结业考试")} if final else {}) | fields


def make_index() -> CourseIndexPage:
    found = CourseIndexPage.objects.first()
    home = Page.objects.filter(depth=2).first() or Page.objects.get(depth=1)
    return found or home.add_child(instance=CourseIndexPage(title="课程", slug="courses"))


def make_course(**fields: Any) -> CoursePage:
    """A course with its first version; no search finds it."""
    with unindexed():
        return write_course(parent=make_index(), outline=outline(**fields), actor=None)


def enrol(user: User, course: CoursePage, organisation: Organisation, **fields: Any) -> Enrolment:
    """The user, enrolled in a cohort of the latest version, past every application."""
    version = course.latest_version
    cohort = Cohort.objects.create(
        course=course, version=version, organisation=organisation, title="春季班", capacity=20, seats_taken=1
    )
    values = {"state": "enrolled", "applied_at": timezone.now(), **fields}
    return Enrolment.objects.create(cohort=cohort, person=user.person, version=version, **values)
