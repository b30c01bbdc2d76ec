"""All models of lms, found here by Django; they live in their features."""

from lms.assessments.models import Answer, Attempt
from lms.cohorts.models import Cohort
from lms.courses.models import (
    CourseIndexPage,
    CoursePage,
    LessonPage,
    ModulePage,
    QuizPage,
)
from lms.courses.versions import CourseVersion, LessonMedia, LessonVersion, PaperVersion
from lms.enrolments.models import Enrolment
from lms.learning.models import LessonProgress
from lms.timetable.models import CalendarFeed, ClassSession
from lms.transfers.models import Transfer

__all__ = [
    "Answer",
    "Attempt",
    "CalendarFeed",
    "ClassSession",
    "Cohort",
    "CourseIndexPage",
    "CoursePage",
    "CourseVersion",
    "Enrolment",
    "LessonMedia",
    "LessonPage",
    "LessonProgress",
    "LessonVersion",
    "ModulePage",
    "PaperVersion",
    "QuizPage",
    "Transfer",
]
