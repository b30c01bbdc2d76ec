"""What lms tells the other apps. Sent inside the transaction of the act, with `event=` one of these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.dispatch import Signal


@dataclass(frozen=True)
class CourseCompleted:
    """A person has met the completion rule of the course version their enrolment is pinned to.

    `lessons` are the planned minutes of the lessons that were done, by the lesson's key (which outlives versions and is
    the same in every cohort of the course); `minutes` is their sum, frozen at completion.
    """

    enrolment_id: int
    person_id: int
    organisation_id: int
    course_code: str
    course_title: str
    course_title_en: str
    version_number: int
    cohort_title: str
    minutes: int
    completed_at: datetime
    certificate_years: int | None = None
    by_lessons: bool = True  # what the completion rule asked for
    by_quizzes: bool = True
    lessons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class AttendanceSettled:
    """How long a person was in a class is fixed (`revision` 1), or was fixed anew later (2, 3 …; 0 minutes: not at all).

    The newest revision replaces those before it. `organisation_id` runs the cohort; times are those of the class.
    """

    attendance_id: int
    revision: int
    person_id: int
    organisation_id: int
    class_id: int
    enrolment_id: int
    title: str
    title_en: str
    cohort_title: str
    course_code: str
    minutes: int
    starts_at: datetime
    ends_at: datetime
    method: str  # how it was found: qr, paper, online, officer


@dataclass(frozen=True)
class PersonAdmitted:
    """An application was approved: the person learns in the cohort from now on."""

    enrolment_id: int


@dataclass(frozen=True)
class EnrolmentEnded:
    """An application was refused or taken back, or a place given up or taken back, and not because the whole cohort is
    cancelled. `actor_id` is the account of whoever did it."""

    enrolment_id: int
    actor_id: int | None


@dataclass(frozen=True)
class PlacesAdded:
    """A cohort may have got places for those who wait: more of them, or some that are kept for nobody any more."""

    cohort_id: int


@dataclass(frozen=True)
class CohortCancelled:
    """A cohort does not take place. `actor_id` is the account of the officer who said so."""

    cohort_id: int
    reason: str
    actor_id: int | None


@dataclass(frozen=True)
class ApplicationDecided:
    """An application waits no longer where it waited: it was decided at a step or at all, or was taken back. `actor_id`
    is the account of whoever did it."""

    cohort_id: int
    actor_id: int | None


course_completed = Signal()
attendance_settled = Signal()
person_admitted = Signal()
enrolment_ended = Signal()
places_added = Signal()
cohort_cancelled = Signal()
application_decided = Signal()
