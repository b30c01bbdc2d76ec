"""What other apps may ask of lms."""

from __future__ import annotations

from django.db.models import QuerySet

from core.access.scope import Asker
from lms.admissions.queries import ask_levels_by, handed_in_by
from lms.assessments.actions import expire_due
from lms.assignments.queries import submission_data_of
from lms.attendance.actions import reconcile as reconcile_attendance
from lms.attendance.queries import attendances_of, attended_of, settled_attendances
from lms.cohorts.actions import cancel_cohort, change_cohort, create_cohort
from lms.cohorts.models import Cohort
from lms.cohorts.queries import (
    CohortOffer,
    CohortSummary,
    OpenCourse,
    cohorts_for,
    offers_for,
    open_courses,
)
from lms.conversations.queries import talk_data_of
from lms.courses.actions import write_course
from lms.courses.versions import has_courses
from lms.enrolments.actions import apply, approve, refuse, withdraw
from lms.enrolments.actions import reconcile as reconcile_enrolments
from lms.enrolments.policy import Attended
from lms.enrolments.queries import (
    Candidate,
    EnrolmentCard,
    Evidence,
    candidates_in,
    completion_told,
    completions,
    enrolments_of,
    evidence_of,
)
from lms.pathways.actions import reconcile as reconcile_pathways
from lms.pathways.queries import deadlines_of, pathway_data_of
from lms.signals import AttendanceSettled, CourseCompleted
from lms.surveys.queries import SurveyCard, ask_supervisors_by, survey_data_of, surveys_waiting_for
from lms.teaching.queries import CohortWork, work_for
from lms.teaching.queries.taught import TaughtCohort, taught_for
from lms.timetable.queries import NextClass, classes_of


def cohorts_visible_to(user: Asker) -> QuerySet[Cohort]:
    """The cohorts that the user may see at the desk."""
    return Cohort.objects.visible_to(user).select_related("organisation", "course")


def completed_enrolments(cohort_id: int) -> list[CourseCompleted]:
    """Every completion of one cohort, as the event once told it. Three queries."""
    return [
        candidate.completion for candidate in candidates_in(cohort_id) if candidate.completion is not None
    ]


def reconcile() -> list[str]:
    """Find and mend what a crash could leave behind in lms; a line for each thing mended."""
    closed = expire_due()
    found = [f"attempts closed after their time: {closed}"] if closed else []
    return found + reconcile_attendance() + reconcile_enrolments() + reconcile_pathways()


__all__ = [
    "AttendanceSettled",
    "Attended",
    "Candidate",
    "CohortOffer",
    "CohortSummary",
    "CohortWork",
    "CourseCompleted",
    "EnrolmentCard",
    "Evidence",
    "NextClass",
    "OpenCourse",
    "SurveyCard",
    "TaughtCohort",
    "apply",
    "approve",
    "ask_levels_by",
    "ask_supervisors_by",
    "attendances_of",
    "attended_of",
    "cancel_cohort",
    "candidates_in",
    "change_cohort",
    "classes_of",
    "cohorts_for",
    "cohorts_visible_to",
    "completed_enrolments",
    "completion_told",
    "completions",
    "create_cohort",
    "deadlines_of",
    "enrolments_of",
    "evidence_of",
    "handed_in_by",
    "has_courses",
    "offers_for",
    "open_courses",
    "pathway_data_of",
    "reconcile",
    "refuse",
    "settled_attendances",
    "submission_data_of",
    "survey_data_of",
    "surveys_waiting_for",
    "talk_data_of",
    "taught_for",
    "withdraw",
    "work_for",
    "write_course",
]
