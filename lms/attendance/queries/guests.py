"""Who makes a class up in another cohort: what the timetable asks of attendance (see lms/timetable/queries/guests.py)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from core.people.models import Person
from lms.attendance.models import AbsenceRequest, Attendance
from lms.attendance.states import Presence, RequestKind, RequestState
from lms.enrolments.states import LEARNING
from lms.timetable.queries import GuestBook, Leave, Visit


def _guests() -> QuerySet[Attendance]:
    return Attendance.objects.filter(makes_up__isnull=False, enrolment__state__in=LEARNING).order_by()


def classes_visited(person: Person) -> QuerySet[Any, int]:
    """The ids of the classes of other cohorts in which a person makes one up."""
    return _guests().filter(enrolment__person=person).values_list("class_session", flat=True)


def guests_in(class_id: int) -> QuerySet[Any, int]:
    """The ids of the people of other cohorts who make a class up in this one."""
    return _guests().filter(class_session=class_id).values_list("enrolment__person", flat=True)


def visits_of(person: Person) -> list[Visit]:
    """The classes of other cohorts that a person was to make one up in, also when that was taken back later. One query."""
    rows = AbsenceRequest.objects.filter(
        enrolment__person=person, instead__isnull=False, decided_at__isnull=False
    ).exclude(state=RequestState.REFUSED)
    found = rows.order_by().values_list("instead", "decided_at", "state", "enrolment__state")
    return [
        Visit(class_id, state == RequestState.AGREED and learns in LEARNING, at)
        for class_id, at, state, learns in found
        if class_id is not None and at is not None
    ]


def leave_of(person: Person) -> list[Leave]:
    """The classes that a person has asked leave from, refused or taken back ones left out. One query."""
    rows = AbsenceRequest.objects.standing().filter(enrolment__person=person, kind=RequestKind.LEAVE)
    return [
        Leave(class_id, state == RequestState.AGREED)
        for class_id, state in rows.order_by("pk").values_list("class_session", "state")
    ]


def people_away(class_id: int) -> QuerySet[Any, int]:
    """The ids of the people who have leave from this class."""
    rows = Attendance.objects.filter(class_session=class_id, presence=Presence.ON_LEAVE).order_by()
    return rows.values_list("enrolment__person", flat=True)


GUESTS = GuestBook(classes_visited, guests_in, visits_of, leave_of, people_away)
