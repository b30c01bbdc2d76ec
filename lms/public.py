"""What other apps may ask of lms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from core.access.scope import Asker
from core.people.models import Person
from lms.admissions.queries import ask_levels_by, handed_in_by
from lms.assessments.actions import expire_due
from lms.assignments.queries import submission_data_of
from lms.attendance.actions import reconcile as reconcile_attendance
from lms.attendance.queries import (
    AttendanceEvidence,
    attendance_evidence_of,
    attendances_of,
    settled_attendances,
)
from lms.cohorts.actions import cancel_cohort
from lms.cohorts.models import Cohort
from lms.cohorts.queries import (
    CohortOffer,
    CohortSummary,
    OpenCourse,
    cohorts_for,
    offers_for,
    open_courses,
    titled,
)
from lms.conversations.queries import talk_data_of
from lms.courses.actions import write_course
from lms.courses.versions import has_courses
from lms.enrolments.actions import apply, withdraw
from lms.enrolments.actions import reconcile as reconcile_enrolments
from lms.enrolments.models import Enrolment
from lms.enrolments.queries import (
    Candidate,
    CompletedCourse,
    EnrolmentCard,
    Evidence,
    candidates_in,
    completed_courses_of,
    completed_in_year,
    completion_told,
    completions,
    course_titles,
    enrolments_of,
    evidence_of,
)
from lms.enrolments.states import EnrolmentState
from lms.marking.queries import reading_data_of
from lms.packages.actions import reconcile as reconcile_packages
from lms.packages.queries import package_data_of
from lms.pathways.actions import reconcile as reconcile_pathways
from lms.pathways.queries import deadlines_of, pathway_data_of
from lms.signals import AttendanceSettled, CourseCompleted
from lms.surveys.queries import SurveyCard, ask_supervisors_by, survey_data_of, surveys_waiting_for
from lms.teaching.queries import CohortWork, work_for
from lms.teaching.queries.taught import TaughtCohort, taught_for
from lms.timetable.queries import NextClass, classes_of
from lms.transfers.actions import reconcile as reconcile_transfers


def cohorts_visible_to(user: Asker) -> QuerySet[Cohort]:
    """The cohorts that the user may see at the desk."""
    return Cohort.objects.visible_to(user).select_related("organisation", "course")


def cohorts_with_completed(user: Asker) -> QuerySet[Cohort]:
    """Those of `cohorts_visible_to` in which somebody has completed the course, with `completed`: how many have."""
    done = Enrolment.objects.filter(cohort=OuterRef("pk"), state=EnrolmentState.COMPLETED).order_by()
    number = done.values("cohort").annotate(number=Count("pk")).values("number")
    # Not a join: whoever annotates more would have it worked out again for each person of each cohort.
    return cohorts_visible_to(user).annotate(completed=Coalesce(Subquery(number), 0)).filter(completed__gt=0)


@dataclass(frozen=True)
class DeskEnrolment:
    """One enrolment or application of a person, for an officer who may read it."""

    course_title: str
    cohort_title: str
    state_label: str
    applied_at: datetime
    url: str


def desk_enrolments_of(person: Person, user: Asker, *, limit: int = 20) -> list[DeskEnrolment]:
    """The enrolments and applications of a person that this officer may read, the newest first. One query."""
    rows = Enrolment.objects.readable_by(user).filter(person=person).select_related("cohort", "version")
    return [
        DeskEnrolment(
            course_title=titled(row.version.title, row.version.title_en),
            cohort_title=titled(row.cohort.title, row.cohort.title_en),
            state_label=row.get_state_display(),
            applied_at=row.applied_at,
            url=reverse("approvals:detail", args=[row.pk]),
        )
        for row in rows.order_by("-applied_at", "-pk")[:limit]
    ]


def reconcile() -> list[str]:
    """Find and mend what a crash could leave behind in lms; a line for each thing mended."""
    closed = expire_due()
    found = [f"attempts closed after their time: {closed}"] if closed else []
    found += reconcile_attendance() + reconcile_enrolments()
    return found + reconcile_pathways() + reconcile_transfers() + reconcile_packages()


__all__ = [
    "AttendanceEvidence",
    "AttendanceSettled",
    "Candidate",
    "CohortOffer",
    "CohortSummary",
    "CohortWork",
    "CompletedCourse",
    "CourseCompleted",
    "DeskEnrolment",
    "EnrolmentCard",
    "Evidence",
    "NextClass",
    "OpenCourse",
    "SurveyCard",
    "TaughtCohort",
    "apply",
    "ask_levels_by",
    "ask_supervisors_by",
    "attendance_evidence_of",
    "attendances_of",
    "cancel_cohort",
    "candidates_in",
    "classes_of",
    "cohorts_for",
    "cohorts_visible_to",
    "cohorts_with_completed",
    "completed_courses_of",
    "completed_in_year",
    "completion_told",
    "completions",
    "course_titles",
    "deadlines_of",
    "desk_enrolments_of",
    "enrolments_of",
    "evidence_of",
    "handed_in_by",
    "has_courses",
    "offers_for",
    "open_courses",
    "package_data_of",
    "pathway_data_of",
    "reading_data_of",
    "reconcile",
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
