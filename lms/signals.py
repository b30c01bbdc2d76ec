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


course_completed = Signal()
