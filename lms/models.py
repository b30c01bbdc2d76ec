"""All models of lms, found here by Django; they live in their features."""

from lms.assessments.models import Answer, Attempt
from lms.attendance.models import (
    AbsenceRequest,
    Attendance,
    AttendanceRule,
    CheckInFlag,
    ParticipantList,
    Register,
)
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
from lms.teaching.models import Contact, RiskLimits
from lms.timetable.models import CalendarFeed, ClassSession

__all__ = [
    "AbsenceRequest",
    "Answer",
    "Attempt",
    "Attendance",
    "AttendanceRule",
    "CalendarFeed",
    "CheckInFlag",
    "ClassSession",
    "Cohort",
    "Contact",
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
    "ParticipantList",
    "QuizPage",
    "Register",
    "RiskLimits",
]
