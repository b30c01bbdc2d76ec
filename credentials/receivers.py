"""What credentials does when the other apps speak: one line each, idempotent by a unique key on the source."""

from typing import Any

from core.models import User
from core.signals import EmployerDecided, IdNumberKept, OrganisationChanged, ProfileSaved
from credentials.awards import actions as awards
from credentials.certificates import actions as certificates
from credentials.claims.actions import hold_to_number, settle_noticed, unpost_claims
from credentials.hours import actions as hours
from credentials.public_notices import actions as public_notices
from credentials.signals import NoticeEnded, NoticeWithdrawn, StandingChanged
from credentials.talent import actions as talent
from credentials.talent.queries import out_of_place
from lms.signals import AttendanceSettled, CourseCompleted
from supervision.public import people_paired_with
from supervision.signals import (
    ParticipationAmended,
    ParticipationConfirmed,
    PlacesChanged,
    SessionAmended,
    SessionConfirmed,
)


def on_course_completed(sender: object, event: CourseCompleted, **_: Any) -> None:
    hours.credit_course(event=event)
    certificates.issue(event=event)


def on_attendance_settled(sender: object, event: AttendanceSettled, **_: Any) -> None:
    hours.credit_attendance(event=event)


def on_session_confirmed(sender: object, event: SessionConfirmed, **_: Any) -> None:
    hours.credit_session(event=event)


def on_session_amended(sender: object, event: SessionAmended, **_: Any) -> None:
    hours.credit_session(event=event)


def on_participation_confirmed(sender: object, event: ParticipationConfirmed, **_: Any) -> None:
    hours.credit_participation(event=event)


def on_participation_amended(sender: object, event: ParticipationAmended, **_: Any) -> None:
    hours.credit_participation(event=event)


def on_standing_changed(sender: object, event: StandingChanged, **_: Any) -> None:
    talent.refresh_soon(lambda: event.person_ids)


def on_pairs_changed(sender: object, event: PlacesChanged, **_: Any) -> None:
    talent.refresh_soon(lambda: people_paired_with(event.supervisor_id))


def on_person_changed(sender: object, event: EmployerDecided | ProfileSaved, **_: Any) -> None:
    # At once: whoever leaves a tree is no longer found in it.
    talent.refresh_profiles(person_ids=[event.person_id])


def on_id_number_kept(sender: object, event: IdNumberKept, **_: Any) -> None:
    hold_to_number(event.person_id)


def on_organisation_changed(sender: object, event: OrganisationChanged, **_: Any) -> None:
    # Later, by the queue: nobody is found where they must not be for it, and there may be thousands of rows.
    talent.refresh_soon(lambda: out_of_place(event.organisation_id))


def on_notice_ended(sender: object, event: NoticeEnded, **_: Any) -> None:
    awards.settle_winners(event=event)
    settle_noticed(event)


def on_notice_withdrawn(sender: object, event: NoticeWithdrawn, **_: Any) -> None:
    awards.take_back(event=event)
    unpost_claims(event)


def on_account_deleted(sender: object, instance: User, **_: Any) -> None:
    public_notices.forget_objector(user=instance)
