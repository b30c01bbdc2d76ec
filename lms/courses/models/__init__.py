"""The pages that courses are written on, and the versions that trainees get."""

from lms.courses.models.assignments import AssignmentPage
from lms.courses.models.courses import CourseIndexPage, CoursePage
from lms.courses.models.lessons import LessonPage, ModulePage
from lms.courses.models.pages import ForTheEnrolled, WrittenPage
from lms.courses.models.quizzes import QuizPage
from lms.courses.versions import (
    AssignmentVersion,
    CourseVersion,
    LessonMedia,
    LessonVersion,
    PaperVersion,
)

__all__ = [
    "AssignmentPage",
    "AssignmentVersion",
    "CourseIndexPage",
    "CoursePage",
    "CourseVersion",
    "ForTheEnrolled",
    "LessonMedia",
    "LessonPage",
    "LessonVersion",
    "ModulePage",
    "PaperVersion",
    "QuizPage",
    "WrittenPage",
]
