"""What is measured upon: the sample data, one course of 24 activities, and a fresh cohort of trainees for each run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from config.demo.load import read
from config.demo.names import invented_name
from config.demo.packages import TITLES
from config.demo.people import crowd
from config.demo.teaching import Plan, fill, open_cohorts, study
from config.demo.watching import put_media
from core.models import Organisation, Person, User
from lms.attendance.actions import open_register
from lms.attendance.models import Register
from lms.cohorts.models import Cohort
from lms.courses.models import CourseIndexPage, CoursePage
from lms.courses.versions import LessonVersion, PaperVersion
from lms.enrolments.models import Enrolment
from lms.packages.models import Package
from lms.public import withdraw, write_course
from lms.timetable.models import ClassSession

MODULES, LESSONS, QUESTIONS = 4, 5, 20  # 4 × (5 lessons + 1 quiz of 20 questions on 4 pages) = 24 activities
CODE = "bench"


class RealPeople(Exception):
    """The database holds people who are not samples; nothing is measured there, because measuring writes."""


@dataclass(frozen=True)
class Stage:
    """Everything a unit needs: those who go through it once, one who is half way, and an officer."""

    enrolments: list[Enrolment]
    halfway: Enrolment
    officer: User

    @cached_property
    def lesson(self) -> LessonVersion:
        """The first lesson, which holds a check question."""
        return LessonVersion.objects.filter(version=self.halfway.version_id).order_by("position")[0]

    @cached_property
    def film(self) -> LessonVersion:
        """The lesson with a video whose watching is judged."""
        return next(row for row in self._lessons if row.videos)

    @cached_property
    def package(self) -> LessonVersion:
        """The lesson with a package of SCORM."""
        return next(row for row in self._lessons if row.package_id)

    @cached_property
    def _lessons(self) -> list[LessonVersion]:
        return list(LessonVersion.objects.filter(version=self.halfway.version_id))

    @cached_property
    def register(self) -> Register:
        """The register of a class that runs now, in a cohort of its own, with room for everybody who comes."""
        now, model = timezone.now(), self.halfway.cohort
        cohort = Cohort.objects.create(
            course_id=model.course_id,
            version_id=model.version_id,
            organisation_id=model.organisation_id,
            title=f"签到测速班 {now:%Y%m%d%H%M%S}",
            capacity=100_000,
            is_public=False,
        )
        times = {"starts_at": now - timedelta(minutes=5), "ends_at": now + timedelta(hours=3)}
        klass = ClassSession.objects.create(cohort=cohort, title="签到测速", **times)
        return open_register(klass=klass, actor=self.officer)

    @cached_property
    def papers(self) -> list[PaperVersion]:
        return list(PaperVersion.objects.filter(version=self.halfway.version_id).order_by("position"))


def set_stage(people: int) -> Stage:
    """Load the sample data and put `people` new trainees into a cohort of their own. Raises RealPeople."""
    if Person.objects.filter(is_sample=False).exists():
        raise RealPeople
    call_command("demo", verbosity=0)
    officer = User.objects.get(email="city@example.com")
    course = _course(officer)
    moment = timezone.now()
    plan = Plan(CODE, f"测速班 {moment:%Y%m%d%H%M%S%f}", "", people + 1, -60, 60, -50, 120)
    by = Organisation.objects.get(pk=officer.roles.get().organisation_id)
    cohort = open_cohorts(course, [plan], by, officer)[CODE]
    crowd_ = crowd(f"{CODE}{cohort.pk}-", people, [by], "trainee", 100_000 + Person.objects.count())
    known = Person.objects.select_related("user").get(user__email="halfway@example.com")
    for row in Enrolment.objects.active().filter(person=known, cohort__course=course):
        withdraw(enrolment=row, actor=officer, reason="测速")  # of a run before: one place in a course
    halfway, *rest = fill(cohort, [known, *crowd_], people + 1, officer)
    study(halfway, 0.5)
    return Stage(enrolments=rest, halfway=halfway, officer=officer)


def invented_people(kind: str, number: int, places: Sequence[Organisation] = ()) -> list[Person]:
    """New sample people without a password; `places` are their employers in turn."""
    first = User.objects.count()
    users = User.objects.bulk_create(
        [User(email=f"{kind}{first + place}@example.com") for place in range(number)]
    )
    people = [
        Person(
            user=user,
            name=invented_name(200_000 + place),
            is_sample=True,
            employer=places[13 * place % len(places)] if places else None,
        )
        for place, user in enumerate(users)
    ]
    Person.objects.bulk_create(people)
    return list(
        Person.objects.filter(user__in=users).select_related("user__person", "employer").order_by("pk")
    )


def _course(actor: User) -> CoursePage:
    """The course to measure on; its items may be taken in any order, so that a quiz can be sat at once."""
    package = Package.objects.filter(title=TITLES["package"]).order_by("pk").first()
    course = write_course(
        parent=CourseIndexPage.objects.get(), outline=put_media(outline(package)), actor=actor
    )
    if course.in_order:
        course.in_order = False
        course.save_revision(user=actor).publish(user=actor)
    return course


def outline(package: Package | None = None) -> dict[str, Any]:
    """The course to measure on, put together from the texts of a sample course, with a video and a package at its end."""
    sample = read("courses/spark-practice.yaml")
    lessons = itertools.cycle([lesson for module in sample["modules"] for lesson in module["lessons"]])
    questions = itertools.cycle(_single_choice(sample))
    modules = [_module(number, lessons, questions) for number in range(1, MODULES + 1)]
    modules[-1]["lessons"][0]["body"].append(_video(sample))
    modules[-1]["lessons"][1]["package"] = package
    return {
        "code": CODE,
        "title": "测速课程",
        "title_en": "Course to measure on",
        "aims": sample["aims"],
        "modules": modules,
    }


def _module(number: int, lessons: Iterator[dict[str, Any]], questions: Iterator[Any]) -> dict[str, Any]:
    written = [
        {
            **lesson,
            "slug": f"lesson-{number}-{place}",
            "body": [one for one in lesson["body"] if one["type"] != "video"],
        }
        for place, lesson in enumerate(itertools.islice(lessons, LESSONS), start=1)
    ]
    quiz = {"title": f"测验{number}", "title_en": f"Quiz {number}", "pass_percent": 60, "attempts": 3}
    quiz |= {"minutes": 60, "questions": list(itertools.islice(questions, QUESTIONS))}
    titles = {"title": f"第{number}单元", "title_en": f"Module {number}", "summary": "用于测量的单元。"}
    return {**titles, "lessons": written, "quiz": quiz}


def _video(sample: dict[str, Any]) -> dict[str, Any]:
    """A copy of the sample's video."""
    bodies = (lesson["body"] for module in sample["modules"] for lesson in module["lessons"])
    return dict(next(block for body in bodies for block in body if block["type"] == "video"))


def _single_choice(sample: dict[str, Any]) -> list[dict[str, Any]]:
    """The sample's questions of one right answer among several."""
    quizzes = [module["quiz"] for module in sample["modules"]] + [sample["final"]]
    return [row for quiz in quizzes for row in quiz["questions"] if row["kind"] == "single"]
