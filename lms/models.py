"""All models of lms, found here by Django; they live in their features."""

from lms.assessments.models import Answer, Attempt
from lms.assignments.models import Submission
from lms.cohorts.models import Cohort
from lms.conversations.models import (
    Announcement,
    AnnouncementRead,
    Mute,
    Post,
    Question,
    Reply,
    Report,
    ReviewWord,
    Thread,
)
from lms.courses.models import (
    AssignmentPage,
    CourseIndexPage,
    CoursePage,
    LessonPage,
    ModulePage,
    QuizPage,
)
from lms.courses.versions import (
    AssignmentMedia,
    AssignmentVersion,
    CourseVersion,
    LessonMedia,
    LessonVersion,
    PaperVersion,
)
from lms.enrolments.models import Enrolment
from lms.learning.models import LessonProgress
from lms.timetable.models import CalendarFeed, ClassSession

__all__ = [
    "Announcement",
    "AnnouncementRead",
    "Answer",
    "AssignmentMedia",
    "AssignmentPage",
    "AssignmentVersion",
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
    "Mute",
    "PaperVersion",
    "Post",
    "Question",
    "QuizPage",
    "Reply",
    "Report",
    "ReviewWord",
    "Submission",
    "Thread",
]
