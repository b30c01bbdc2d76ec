"""What lms does when others speak, or when one of its own features does to those above it. One line each."""

from __future__ import annotations

from typing import Any

from wagtail.models import Revision
from wagtail.signals import page_published

from core.people.models import User
from lms.approvals import actions as approvals
from lms.attendance import actions as attendance
from lms.cohorts.models import Cohort
from lms.courses.actions import publish_version
from lms.courses.models import CoursePage
from lms.enrolments import actions as enrolments
from lms.pathways import actions as pathways
from lms.signals import (
    ApplicationDecided,
    CohortCancelled,
    CourseCompleted,
    PersonAdmitted,
    PlacesAdded,
    application_decided,
    cohort_cancelled,
    course_completed,
    person_admitted,
    places_added,
)
from lms.timetable import actions as timetable
from lms.transfers import actions as transfers


def on_application_decided(sender: object, event: ApplicationDecided, **_: Any) -> None:
    approvals.settle_decided(cohort_id=event.cohort_id, actor_id=event.actor_id)


def on_person_admitted(sender: object, event: PersonAdmitted, **_: Any) -> None:
    attendance.bring_along(enrolment_id=event.enrolment_id)


def on_places_added(sender: object, event: PlacesAdded, **_: Any) -> None:
    enrolments.fill_places(cohort=Cohort.objects.get(pk=event.cohort_id))


def on_cohort_cancelled(sender: object, event: CohortCancelled, **_: Any) -> None:
    actor = User.objects.filter(pk=event.actor_id).first() if event.actor_id else None
    cohort = Cohort.objects.get(pk=event.cohort_id)
    enrolments.end_all(cohort=cohort, reason=event.reason, actor=actor)
    transfers.end_wishes(cohort=cohort, reason=event.reason, actor=actor)
    timetable.cancel_all(cohort=cohort, reason=event.reason, actor=actor)
    approvals.settle_told(cohort_id=cohort.pk)


def on_course_completed(sender: object, event: CourseCompleted, **_: Any) -> None:
    pathways.complete_reached(person_id=event.person_id)


def on_course_published(
    sender: object, instance: CoursePage, revision: Revision | None = None, **_: Any
) -> None:
    publish_version(course=instance, actor=revision.user if revision else None)


def connect() -> None:
    """Called once by apps.py."""
    page_published.connect(on_course_published, sender=CoursePage, dispatch_uid="lms.course_published")
    application_decided.connect(on_application_decided, dispatch_uid="lms.application_decided")
    course_completed.connect(on_course_completed, dispatch_uid="lms.course_completed")
    person_admitted.connect(on_person_admitted, dispatch_uid="lms.person_admitted")
    places_added.connect(on_places_added, dispatch_uid="lms.places_added")
    cohort_cancelled.connect(on_cohort_cancelled, dispatch_uid="lms.cohort_cancelled")
