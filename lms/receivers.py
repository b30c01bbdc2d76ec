"""What lms does when others speak, or when one of its own features does to those above it. One line each."""

from __future__ import annotations

from typing import Any

from wagtail.models import Revision
from wagtail.signals import page_published

from core.people.models import User
from lms.approvals import actions as approvals
from lms.attendance import actions as attendance
from lms.cohorts.models import Cohort
from lms.courses.actions import release
from lms.courses.models import CoursePage
from lms.enrolments import actions as enrolments
from lms.pathways import actions as pathways
from lms.signals import (
    ApplicationDecided,
    CohortCancelled,
    CourseCompleted,
    EnrolmentEnded,
    PersonAdmitted,
    PlacesAdded,
    application_decided,
    cohort_cancelled,
    course_completed,
    enrolment_ended,
    person_admitted,
    places_added,
)
from lms.timetable import actions as timetable
from lms.transfers import actions as transfers


def on_application_decided(sender: object, event: ApplicationDecided, **_: Any) -> None:
    approvals.settle_decided(cohort_id=event.cohort_id, actor_id=event.actor_id)


def on_person_admitted(sender: object, event: PersonAdmitted, **_: Any) -> None:
    attendance.bring_along(enrolment_id=event.enrolment_id)


def on_enrolment_ended(sender: object, event: EnrolmentEnded, **_: Any) -> None:
    transfers.end_wish(enrolment_id=event.enrolment_id, actor=_actor(event.actor_id))


def on_places_added(sender: object, event: PlacesAdded, **_: Any) -> None:
    enrolments.fill_places(cohort=_cohort(event.cohort_id))


# Of a cancelled cohort these four are right in whatever order, since whoever cancels it holds its lock; enrolments end
# first because they are locked before wishes everywhere.
def end_enrolments_of_cancelled(sender: object, event: CohortCancelled, **_: Any) -> None:
    enrolments.end_all(cohort=_cohort(event.cohort_id), reason=event.reason, actor=_actor(event.actor_id))


def end_wishes_of_cancelled(sender: object, event: CohortCancelled, **_: Any) -> None:
    transfers.end_wishes(cohort=_cohort(event.cohort_id), reason=event.reason, actor=_actor(event.actor_id))


def cancel_classes_of_cancelled(sender: object, event: CohortCancelled, **_: Any) -> None:
    timetable.cancel_all(cohort=_cohort(event.cohort_id), reason=event.reason, actor=_actor(event.actor_id))


def settle_notices_of_cancelled(sender: object, event: CohortCancelled, **_: Any) -> None:
    approvals.settle_told(cohort_id=event.cohort_id)


def on_course_completed(sender: object, event: CourseCompleted, **_: Any) -> None:
    pathways.complete_reached(person_id=event.person_id)


def end_wish_of_completed(sender: object, event: CourseCompleted, **_: Any) -> None:
    transfers.end_wish(enrolment_id=event.enrolment_id, actor=None)


def on_course_published(
    sender: object, instance: CoursePage, revision: Revision | None = None, **_: Any
) -> None:
    if instance.live:  # a page that is only scheduled is said to be published as well
        source = f"{instance.pk}:{revision.pk if revision else 0}"
        release(course=instance, actor=revision.user if revision else None, source=source)


def _cohort(cohort_id: int) -> Cohort:
    """The cohort that an event names."""
    return Cohort.objects.get(pk=cohort_id)


def _actor(user_id: int | None) -> User | None:
    """The account that an event names."""
    return User.objects.filter(pk=user_id).first() if user_id else None


def connect() -> None:
    """Called once by apps.py."""
    page_published.connect(on_course_published, sender=CoursePage, dispatch_uid="lms.course_published")
    application_decided.connect(on_application_decided, dispatch_uid="lms.application_decided")
    course_completed.connect(on_course_completed, dispatch_uid="lms.course_completed")
    course_completed.connect(end_wish_of_completed, dispatch_uid="lms.end_wish_of_completed")
    enrolment_ended.connect(on_enrolment_ended, dispatch_uid="lms.enrolment_ended")
    person_admitted.connect(on_person_admitted, dispatch_uid="lms.person_admitted")
    places_added.connect(on_places_added, dispatch_uid="lms.places_added")
    for end in (
        end_enrolments_of_cancelled,
        end_wishes_of_cancelled,
        cancel_classes_of_cancelled,
        settle_notices_of_cancelled,
    ):
        cohort_cancelled.connect(end, dispatch_uid=f"lms.{end.__name__}")
