"""What people have completed, for those who show or count it elsewhere: never how they learned."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from core.people.models import Person
from lms.courses.models import CoursePage
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState


@dataclass(frozen=True)
class CompletedCourse:
    """One completed course of a person. `minutes` were learned, as frozen then; `field_id`: the service field it is of."""

    title: str
    organisation_name: str
    minutes: int
    completed_on: datetime.date
    field_id: int | None


def completed_courses_of(person: Person) -> list[CompletedCourse]:
    """The courses that this person has completed, the latest first. One query."""
    rows = _completed().filter(person=person).select_related("version__course", "cohort__organisation")
    return [
        CompletedCourse(
            title=row.version.title_here,
            organisation_name=row.cohort.organisation.name,
            minutes=sum((row.learned or {}).values()),
            completed_on=timezone.localtime(row.completed_at).date(),
            field_id=row.version.course.field_id,
        )
        for row in rows.order_by("-completed_at", "-pk")
    ]


def completed_in_year(path: str, year: int) -> list[tuple[str, int, int]]:
    """Who completed which course in a calendar year (Asia/Shanghai), of the people employed below a tree path: the path
    of the employer, the person, the course. A course that somebody completed twice counts once. One query."""
    zone = timezone.get_current_timezone()
    first, last = (datetime.datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    rows = _completed().filter(
        person__employer__path__startswith=path, completed_at__gte=first, completed_at__lt=last
    )
    return list(
        rows.order_by().values_list("person__employer__path", "person_id", "version__course_id").distinct()
    )


def course_titles() -> list[tuple[int, str]]:
    """Number and Chinese title of every published course, for a choice among them. One query."""
    return list(CoursePage.objects.live().order_by("title").values_list("pk", "title"))


def _completed() -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(state=EnrolmentState.COMPLETED)
