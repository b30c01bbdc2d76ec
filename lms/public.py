"""What other apps may ask of lms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.access.scope import Asker
from lms.admissions.queries import ask_levels_by, handed_in_by
from lms.approvals.queries import waiting_for
from lms.assessments.actions import expire_due
from lms.assignments.queries import submission_data_of
from lms.attendance.actions import reconcile as reconcile_attendance
from lms.attendance.queries import attendances_of, attended_of, settled_attendances
from lms.cohorts.actions import cancel_cohort, change_cohort, create_cohort
from lms.cohorts.models import Cohort
from lms.cohorts.queries import CohortOffer, CohortSummary, cohorts_for, offers_for
from lms.conversations.queries import talk_data_of
from lms.courses.actions import write_course
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
from lms.enrolments.states import OPEN
from lms.pathways.actions import reconcile as reconcile_pathways
from lms.pathways.queries import pathway_data_of
from lms.signals import AttendanceSettled, CourseCompleted
from lms.surveys.queries import SurveyCard, ask_supervisors_by, survey_data_of, surveys_waiting_for
from lms.timetable.queries import NextClass, classes_of


def cohorts_visible_to(user: Asker) -> QuerySet[Cohort]:
    """The cohorts that the user may see at the desk."""
    return Cohort.objects.visible_to(user).select_related("organisation", "course")


def applications_waiting(user: Asker) -> int:
    """How many applications this administrator is to decide on now, of all cohorts; the list is `approvals:index`."""
    return waiting_for(user).count()


def completed_enrolments(cohort_id: int) -> list[CourseCompleted]:
    """Every completion of one cohort, as the event once told it. Three queries."""
    return [
        candidate.completion for candidate in candidates_in(cohort_id) if candidate.completion is not None
    ]


@dataclass(frozen=True)
class OpenCourse:
    """A course that a visitor could apply for now: what it brings, and its best offer."""

    title: str
    title_en: str
    minutes: int
    offer: CohortOffer


def open_courses(user: Asker, limit: int = 3) -> list[OpenCourse]:
    """The courses with an announced cohort that takes applications now and that this user neither learns, has applied for
    nor has completed in any cohort, the next to begin first. Up to three queries."""
    now = timezone.now()
    taking = Cohort.objects.filter(
        Q(closes_at=None) | Q(closes_at__gt=now), opens_at__lte=now, is_public=True, cancelled_at=None
    )
    mine = Cohort.objects.filter(enrolments__person__user_id=user.pk or 0, enrolments__state__in=sorted(OPEN))
    taking = taking.exclude(enrolments__person__user_id=user.pk or 0).exclude(
        course__in=mine.values("course")
    )
    versions = {
        cohort.pk: cohort.version for cohort in taking.select_related("version").order_by("starts_on")[:50]
    }
    offers = offers_for({version.course_id for version in versions.values()}, user)
    best = (found[0] for found in offers.values() if found)
    open_ = sorted(
        (offer for offer in best if offer.cohort_id in versions and offer.url),
        key=lambda offer: offer.starts_on or date.max,
    )
    return [
        OpenCourse(version.title, version.title_en, version.minutes, offer)
        for offer in open_[:limit]
        for version in (versions[offer.cohort_id],)
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
    "CourseCompleted",
    "EnrolmentCard",
    "Evidence",
    "NextClass",
    "OpenCourse",
    "SurveyCard",
    "applications_waiting",
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
    "enrolments_of",
    "evidence_of",
    "handed_in_by",
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
    "withdraw",
    "write_course",
]
