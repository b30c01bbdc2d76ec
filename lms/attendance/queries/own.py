"""A trainee's own classes: what is known, what they have asked, what they may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import pgettext

from core.people.models import Person
from lms.attendance.models import AbsenceRequest, Attendance, Register
from lms.attendance.policy import (
    AskFacts,
    leave_refusal,
    make_up_refusal,
)
from lms.attendance.queries.registers import TONES, rule_for
from lms.attendance.states import STANDING, Presence, RequestKind, RequestState
from lms.cohorts.policy import Title
from lms.cohorts.queries import words
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.timetable.models import ClassSession


@dataclass(frozen=True)
class OwnClass:
    """One class as its trainee sees it: what is known, what they have asked, and what they may ask."""

    klass: ClassSession
    attendance: Attendance | None
    presence: str
    label: str
    tone: str
    note: str
    leave: AbsenceRequest | None
    make_up: AbsenceRequest | None
    may_ask_leave: bool
    may_make_up: bool
    door: str  # "in" or "out" while the person can check in or out, else ""
    is_guest: bool = False

    def is_awaited(self, now: datetime) -> bool:
        """Whether the person is still to check in to this class, today or on a day to come."""
        came = self.attendance is not None and self.attendance.was_there
        return self.klass.cancelled_at is None and self.klass.ends_at > now and not came

    @property
    def requests(self) -> list[AbsenceRequest]:
        return [asked for asked in (self.leave, self.make_up) if asked is not None]


def own_classes(enrolment: Enrolment, *, now: datetime | None = None) -> list[OwnClass]:
    """The classes of a trainee's cohort, and those attended elsewhere, by time. Four queries."""
    moment = now or timezone.now()
    known = {
        row.class_session_id: row
        for row in Attendance.objects.filter(enrolment=enrolment)
        .select_related("makes_up__class_session")
        .order_by()
    }
    rows = ClassSession.objects.filter(Q(cohort=enrolment.cohort_id) | Q(pk__in=list(known)))
    classes = rows.select_related("cohort", "register").order_by("starts_at", "pk")
    asked: dict[tuple[int, str], AbsenceRequest] = {}
    requests = AbsenceRequest.objects.filter(enrolment=enrolment).select_related(
        "instead__cohort", "document"
    )
    for request in requests.order_by("pk"):
        asked[request.class_session_id, request.kind] = request
    days = rule_for(enrolment.cohort_id).leave_days_after
    return [
        _own_class(
            klass,
            known.get(klass.pk),
            asked.get((klass.pk, RequestKind.LEAVE)),
            asked.get((klass.pk, RequestKind.MAKE_UP)),
            enrolment,
            moment,
            days,
        )
        for klass in classes
    ]


def _own_class(
    klass: ClassSession,
    row: Attendance | None,
    leave: AbsenceRequest | None,
    make_up: AbsenceRequest | None,
    enrolment: Enrolment,
    now: datetime,
    days: int,
) -> OwnClass:
    register = getattr(klass, "register", None)
    presence = Presence(row.presence if row else Presence.EXPECTED)
    why = row.measured(register.rule).why if row and register else None
    is_to_come = presence == Presence.EXPECTED and now < klass.starts_at
    return OwnClass(
        klass=klass,
        attendance=row,
        presence=presence,
        label=pgettext("class", "Not begun") if is_to_come else str(presence.label),
        tone="plain" if is_to_come else TONES[presence],
        note=words(why) if why else (row.reason if row and row.entered_by_id else ""),
        leave=leave,
        make_up=make_up,
        may_ask_leave=leave_refusal(_ask_facts(klass, enrolment, presence, leave, days), now) is None,
        may_make_up=make_up_refusal(_ask_facts(klass, enrolment, presence, make_up, days), now) is None,
        door=_door(klass, row, register, now),
        is_guest=klass.cohort_id != enrolment.cohort_id,
    )


def _door(klass: ClassSession, row: Attendance | None, register: Register | None, now: datetime) -> str:
    """Whether the class waits for the person to check in, or out; the door itself decides again."""
    if klass.cancelled_at is not None or register is None or register.opened_at is None or register.is_closed:
        return ""
    register.class_session = klass
    if row is not None and row.was_there:
        came = register.needs_check_out and row.checked_in_at is not None and row.checked_out_at is None
        return "out" if came and klass.starts_at <= now <= register.facts.out_until else ""
    return "in" if register.facts.opens_at <= now <= klass.ends_at else ""


def ask_facts(klass: ClassSession, enrolment: Enrolment, kind: str) -> AskFacts:
    """What policy needs to know before somebody asks for this kind of thing about a class. Three queries."""
    row = Attendance.objects.filter(class_session=klass, enrolment=enrolment).first()
    asked = AbsenceRequest.objects.standing().filter(class_session=klass, enrolment=enrolment, kind=kind)
    days = rule_for(enrolment.cohort_id).leave_days_after
    presence = row.presence if row else Presence.EXPECTED
    return _ask_facts(klass, enrolment, presence, asked.select_related("instead__cohort").first(), days)


def _ask_facts(
    klass: ClassSession, enrolment: Enrolment, presence: str, asked: AbsenceRequest | None, days: int
) -> AskFacts:
    stands = asked is not None and asked.state in STANDING
    instead = asked.instead if asked is not None and asked.state == RequestState.AGREED else None
    return AskFacts(
        starts_at=timezone.localtime(klass.starts_at),
        ends_at=timezone.localtime(klass.ends_at),
        learns_here=enrolment.state in LEARNING and klass.cohort_id == enrolment.cohort_id,
        is_cancelled=klass.cancelled_at is not None,
        presence=presence,
        leave_days=days,
        has_asked=stands,
        instead_at=timezone.localtime(instead.starts_at) if instead else None,
        instead_in=Title(instead.cohort.title, instead.cohort.title_en) if instead else None,
    )


def make_up_choices(enrolment: Enrolment, *, now: datetime | None = None) -> QuerySet[ClassSession]:
    """The classes of announced cohorts of the same course in which a missed one can be made up."""
    moment = now or timezone.now()
    rows = ClassSession.objects.standing().filter(
        cohort__course=enrolment.cohort.course_id,
        cohort__is_public=True,
        cohort__cancelled_at=None,
        ends_at__gt=moment,
    )
    return rows.exclude(cohort=enrolment.cohort_id).select_related("cohort").order_by("starts_at", "pk")


def attendances_of(person: Person) -> list[dict[str, Any]]:
    """Everything that is known of a person's presence and what they have asked for, ready for JSON. Two queries."""
    rows = Attendance.objects.filter(enrolment__person=person).select_related("class_session")
    requests = AbsenceRequest.objects.filter(enrolment__person=person).select_related("class_session")
    known = [
        {
            "class": row.class_session.title,
            "begins": row.class_session.starts_at,
            "presence": row.presence,
            "came": row.checked_in_at,
            "left": row.checked_out_at,
            "minutes": row.minutes,
        }
        for row in rows
    ]
    asked = [
        {"class": one.class_session.title, "asked": one.kind, "state": one.state, "reason": one.reason}
        for one in requests
    ]
    return [*known, *asked]
