"""All models of lms, found here by Django; they live in their features."""

from lms.assessments.models import Answer, Attempt
from lms.cohorts.models import Cohort
from lms.courses.models import CoursePage, LessonPage, ModulePage, QuizPage
from lms.courses.versions import CourseVersion, LessonVersion, PaperVersion
from lms.enrolments.models import Enrolment
from lms.learning.models import LessonProgress

__all__ = [
    "Answer",
    "Attempt",
    "Cohort",
    "CoursePage",
    "CourseVersion",
    "Enrolment",
    "LessonPage",
    "LessonProgress",
    "LessonVersion",
    "ModulePage",
    "PaperVersion",
    "QuizPage",
]
