"""Who stands at the door of a class, and the doors that are open to somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from lms.attendance.models import Attendance, Register
from lms.attendance.policy import (
    PersonFacts,
)
from lms.attendance.states import THERE, Presence
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.timetable.models import ClassSession


@dataclass(frozen=True)
class AtDoor:
    """Who stands at the door: the facts for policy, the enrolment that counts, the row there is, whose phone it was."""

    facts: PersonFacts
    enrolment: Enrolment | None = None
    attendance: Attendance | None = None
    phone_of: Attendance | None = None


def at_door(klass: ClassSession, person: Person, device: str, *, lock: bool = False) -> AtDoor:
    """What policy needs of a person at the door of a class. Two queries, two more where a row stands already.

    `lock` as in `attended_elsewhere`.
    """
    mine = Q(enrolment__person=person)
    same_phone = Q(in_device=device) | Q(out_device=device) if device else Q(pk__in=())
    rows = list(
        Attendance.objects.filter(mine | same_phone, class_session=klass)
        .select_related("enrolment")
        .order_by()
    )
    own = [row for row in rows if row.enrolment.person_id == person.pk]
    row = next(iter(sorted(own, key=lambda one: one.enrolment.state in LEARNING, reverse=True)), None)
    other = next((one for one in rows if one.enrolment.person_id != person.pk), None)
    enrolment, cohort = _standing(klass, person, row)
    is_guest = row is not None and row.makes_up_id is not None
    facts = PersonFacts(
        standing=enrolment.state if enrolment and not is_guest else "",
        is_guest=is_guest and enrolment is not None and enrolment.state in LEARNING,
        cohort=cohort,
        checked_in_at=_local(row.checked_in_at) if row and row.was_there else None,
        checked_out_at=_local(row.checked_out_at) if row and row.was_there else None,
        is_entered=row is not None and row.was_there and row.checked_in_at is None,
        device_is_taken=other is not None,
        takes_it=person.user.has_perm("lms.take_attendance", klass),
        has_made_up=row is not None and not row.was_there and attended_elsewhere(row, lock=lock),
    )
    return AtDoor(facts, enrolment, row, other)


def _standing(klass: ClassSession, person: Person, row: Attendance | None) -> tuple[Enrolment | None, str]:
    """The enrolment that this class would count for, which for whoever is in it is that of their row, also when it has
    ended since; else the title of the cohort of the course one does learn in."""
    if row is not None and (row.enrolment.state in LEARNING or (row.was_there and row.checked_in_at)):
        return row.enrolment, ""
    own = Enrolment.objects.filter(person=person, cohort__course=klass.cohort.course_id)
    enrolments = sorted(
        own.select_related("cohort").order_by(), key=lambda one: (one.state in LEARNING, one.pk), reverse=True
    )
    here = next((one for one in enrolments if one.cohort_id == klass.cohort_id), None)
    elsewhere = next((one for one in enrolments if one.state in LEARNING), None)
    if here is not None and (here.state in LEARNING or elsewhere is None):
        return here, ""
    return (None, elsewhere.cohort.title_here) if elsewhere is not None else (here, "")


def attended_elsewhere(row: Attendance, *, lock: bool = False) -> bool:
    """Whether a class that goes with this one has been attended: the one it makes up, or another that makes it up.

    With `lock` the row of the missed class stays locked, so that of all of them only one is attended. Two queries.
    """
    missed = Attendance.objects.select_for_update(of=("self",)) if lock else Attendance.objects.all()
    home = row.makes_up_id or row.pk
    presence = missed.values_list("presence", flat=True).get(pk=home)
    if presence in (THERE if row.makes_up_id else {Presence.MADE_UP}):
        return True
    return Attendance.objects.there().filter(makes_up=home).exclude(pk=row.pk).exists()


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None


def open_registers_of(user: Asker, now: datetime, most: int = 20) -> list[Register]:
    """The open registers of the classes of these hours in which this person learns or is a guest. One query."""
    own = Q(
        class_session__cohort__enrolments__person__user=user,
        class_session__cohort__enrolments__state__in=LEARNING,
    )
    guest = Q(class_session__attendances__enrolment__person__user=user)
    rows = Register.objects.filter(
        own | guest,
        opened_at__isnull=False,
        closed_at=None,
        class_session__starts_at__lt=now + timedelta(hours=24),
        class_session__ends_at__gt=now - timedelta(hours=1),  # the longest that a check-out stays open
    )
    return list(rows.select_related("class_session").distinct()[:most])
