"""What lms tells the other apps. Sent inside the transaction of the act, with `event=` one of these."""

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal


@dataclass(frozen=True)
class CourseCompleted:
    """A person has met the completion rule of the course version their enrolment is pinned to."""

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


@dataclass(frozen=True)
class PlacesAdded:
    """A cohort has got more places than it had: whoever waits may move up."""

    cohort_id: int


@dataclass(frozen=True)
class CohortCancelled:
    """A cohort does not take place. `actor_id` is the account of the officer who said so."""

    cohort_id: int
    reason: str
    actor_id: int | None


course_completed = Signal()
places_added = Signal()
cohort_cancelled = Signal()
