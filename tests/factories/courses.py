"""Courses: their pages, versions and papers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.factories.numbers import numbers

if TYPE_CHECKING:
    from lms.models import CoursePage, CourseVersion


@contextmanager
def unindexed() -> Iterator[None]:
    """Pages that are made in here stand in none of Wagtail's indexes (search, references): a third of what a page costs."""
    from django.test import override_settings

    with override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}):
        yield


def make_paper(questions: int = 2, *, multiple: bool = False) -> list[dict[str, object]]:
    """The questions of a paper: choice `a` is right (of a multiple choice `a` and `b`)."""
    return [
        {
            "key": f"question-{number}",
            "kind": "multiple" if multiple else "single",
            "prompt": f"第{number}题",
            "choices": [{"key": f"{number}{letter}", "text": f"选项{letter}"} for letter in "abc"],
            "correct": [f"{number}a", f"{number}b"] if multiple else [f"{number}a"],
            "explanation": f"解析{number}",
        }
        for number in range(1, questions + 1)
    ]


def make_version(
    lessons: int = 1, quizzes: int = 1, course: object = None, assignments: int = 0, **fields: object
) -> CourseVersion:
    """A version of a course without pages: lessons, quizzes of two questions, assignments; keys are kept per course.

    How the quizzes are sat is given as `sat`: fields of PaperVersion; what the assignments ask for as `task`: fields of
    AssignmentVersion; what each lesson asks of whoever watches as `videos`: see `make_video`; what each lesson discusses as
    `talks`.
    """
    from lms.models import AssignmentVersion, CourseVersion, LessonVersion, PaperVersion

    course = course or make_course_page()
    paper = fields.pop("questions", None) or make_paper()
    task, sat = fields.pop("task", {}), fields.pop("sat", {})
    package = fields.pop("package", None)
    videos, talks = fields.pop("videos", None), fields.pop("talks", None)
    limits = {name: fields.pop(name) for name in ("minutes_left", "max_attempts") if name in fields}
    number = CourseVersion.objects.filter(course=course).count() + 1
    keys = [
        str(uuid.uuid5(uuid.NAMESPACE_OID, f"{course.pk}-{place}"))
        for place in range(lessons + quizzes + assignments)
    ]
    minutes = int(fields.get("minutes", 90))  # of the course, shared among its lessons
    kinds = ["lesson"] * lessons + ["quiz"] * quizzes + ["assignment"] * assignments
    words = {"lesson": "课时", "quiz": "测验", "assignment": "作业"}
    items = [
        {
            "key": key,
            "kind": kind,
            "title": f"{words[kind]}{place}",
            "title_en": "",
            "minutes": minutes // lessons if kind == "lesson" else 30,
            "requires": [],
        }
        for place, (key, kind) in enumerate(zip(keys, kinds, strict=True), start=1)
    ]
    defaults = {
        "number": number,
        "code": course.code,
        "title": course.title,
        "title_en": "Practice",
        "minutes": 90,
        "rule": {"lessons": True, "quizzes": True},
        "outline": [{"key": "module", "title": "模块", "title_en": "", "items": items}],
        "fingerprint": uuid.uuid4().hex,
    }
    version = CourseVersion.objects.create(course=course, **defaults | fields)
    for place, item in enumerate(items, start=1):
        common = {"version": version, "key": item["key"], "position": place, "title": item["title"]}
        if item["kind"] == "lesson":
            html = "".join(
                f"<figure><video controls></video></figure><!--video:{v['key']}-->" for v in videos or ()
            )
            LessonVersion.objects.create(**common, html=html, videos=videos, talks=talks, package=package)
        elif item["kind"] == "assignment":
            AssignmentVersion.objects.create(**common, **{"html": "<p>写一份记录</p>"} | task)
        else:
            clock = limits.get("minutes_left")
            attempts = limits.get("max_attempts", 3)
            common |= {"questions": paper, "minutes": clock, "max_attempts": attempts}
            PaperVersion.objects.create(**common | sat)
    return version


def make_video(
    duration: int = 600_000, *, points: tuple[int, ...] = (), **fields: object
) -> dict[str, object]:
    """A video as a version keeps it, with a question at each of these milliseconds."""
    questions = make_paper(len(points))
    checkpoints = [
        {"at": at, "key": f"point-{number}", "question": question}
        for number, (at, question) in enumerate(zip(points, questions, strict=True), start=1)
    ]
    facts = {
        "key": "f0",
        "medium": "film0",
        "title": "入户走访",
        "document": 1,
        "file": "0",
        "duration": duration,
    }
    return {**facts, "may_skip": True, "max_speed": 100, "share": 95, "checkpoints": checkpoints, **fields}


def make_course_page(title: str = "社会工作实务") -> CoursePage:
    """A published course page without anything below it, which no search finds."""
    from wagtail.models import Page

    from lms.models import CourseIndexPage, CoursePage

    root = Page.objects.get(depth=1)
    code = f"course-{next(numbers)}"
    with unindexed():
        index = CourseIndexPage.objects.first() or root.add_child(
            instance=CourseIndexPage(title="课程", slug="courses")
        )
        return index.add_child(instance=CoursePage(title=title, slug=code, code=code))
