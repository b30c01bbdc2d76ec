"""What a register shows: who belongs to a class, what is known of them, what a cohort's classes come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Func, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.access.scope import Asker
from lms.attendance.models import AbsenceRequest, Attendance, AttendanceRule, CheckInFlag, Register
from lms.attendance.policy import closing_refusal
from lms.attendance.states import THERE, Presence
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.timetable.models import ClassSession
from lms.timetable.policy import cancelling_refusal

PER_PAGE = 100


TONES = {
    Presence.PRESENT: "good",
    Presence.LATE: "warn",
    Presence.LEFT_EARLY: "warn",
    Presence.ON_LEAVE: "info",
    Presence.ABSENT: "bad",
    Presence.MADE_UP: "good",
    Presence.EXPECTED: "wait",
}


def belonging(klass: ClassSession) -> QuerySet[Enrolment]:
    """The enrolments a class is about: those who learn in its cohort, and whoever has a row (guests, people who left)."""
    rows = Attendance.objects.filter(class_session=klass).values("enrolment")
    own = Q(cohort=klass.cohort_id, state__in=LEARNING)
    return Enrolment.objects.filter(own | Q(pk__in=rows)).order_by("person__pinyin", "pk")


COPIED = (
    "opens_before_minutes",
    "late_after_minutes",
    "needs_check_out",
    "check_out_after_minutes",
    "counting",
    "min_percent",
    "closes_after_hours",
)


def register_as_it_is(klass: ClassSession) -> Register:
    """The register of a class; where there is none, one that is not kept, with the cohort's rule of today.

    Two queries at most.
    """
    found = Register.objects.filter(pk=klass.pk).first()
    if found is None:
        rule = rule_for(klass.cohort_id)
        found = Register(**{name: getattr(rule, name) for name in COPIED})
    found.class_session = klass
    return found


def rule_for(cohort_id: int) -> AttendanceRule:
    """The rule of a cohort, or the one of everybody who has written none."""
    return AttendanceRule.objects.filter(pk=cohort_id).first() or AttendanceRule(cohort_id=cohort_id)


@dataclass
class Line:
    """One person of a register: the enrolment, what is known (None: nothing yet), and what speaks against it."""

    enrolment: Enrolment
    attendance: Attendance | None
    is_guest: bool
    why: str = ""

    @property
    def presence(self) -> str:
        return self.attendance.presence if self.attendance else Presence.EXPECTED

    @property
    def tone(self) -> str:
        return TONES[Presence(self.presence)]


def lines_of(
    register: Register, number: Any = 1, per_page: int = PER_PAGE
) -> tuple[list[Line], Page[Enrolment]]:
    """One page of a register by pinyin. Three queries however many people there are."""
    klass = register.class_session
    people = belonging(klass).select_related("person__employer", "cohort")
    page = Paginator(people, per_page).get_page(number)
    enrolments = list(page.object_list)
    known = {
        row.enrolment_id: row
        for row in Attendance.objects.filter(
            class_session=klass, enrolment__in=[one.pk for one in enrolments]
        ).order_by()
    }
    return [_line(one, known.get(one.pk), register) for one in enrolments], page


def _line(enrolment: Enrolment, row: Attendance | None, register: Register) -> Line:
    why = row.measured(register.rule).why if row else None
    return Line(
        enrolment, row, enrolment.cohort_id != register.class_session.cohort_id, words(why) if why else ""
    )


@dataclass(frozen=True)
class Counts:
    """How many of those who belong to a class are there, on leave or absent; the rest is expected."""

    total: int
    there: int
    on_leave: int
    absent: int

    @property
    def open(self) -> int:
        return max(0, self.total - self.there - self.on_leave - self.absent)


def counts_of(klass: ClassSession, total: int | None = None) -> Counts:
    """How one class stands. Two queries; one where it is known how many belong to it, or its register is closed: who has
    no row then has joined later and missed nothing."""
    if is_closed(klass):
        total = 0
    rows = Attendance.objects.filter(class_session=klass).order_by().values_list("presence")
    if total is None:
        total = belonging(klass).order_by().count()
    return _counts(dict(rows.annotate(number=Count("pk"))), total)


def is_closed(klass: ClassSession) -> bool:
    """Whether its register is closed. No query where the register was selected with it."""
    register = getattr(klass, "register", None)
    return register is not None and register.closed_at is not None


def _counts(found: dict[str, int], total: int) -> Counts:
    """From how many there are of each presence; whoever has no row is expected."""
    return Counts(
        total=max(total, sum(found.values())),
        there=sum(found.get(presence, 0) for presence in THERE),
        on_leave=found.get(Presence.ON_LEAVE, 0) + found.get(Presence.MADE_UP, 0),
        absent=found.get(Presence.ABSENT, 0),
    )


@dataclass(frozen=True)
class Ends:
    """How a register can be brought to its end now, for whoever may: closed, or by saying that the class was not held."""

    can_close: bool
    can_say_not_held: bool


def ends_of(register: Register, counts: Counts) -> Ends:
    """What the verbs would say of it (see close_register and cancel_class), for the buttons of its page. No query."""
    klass, now = register.class_session, timezone.now()
    can_close = not register.is_closed and closing_refusal(register.facts, now=now) is None
    kept = cancelling_refusal(klass.starts_at, klass.ends_at, somebody_came=counts.there > 0, now=now)
    return Ends(can_close, can_close and kept is None)


def is_taken(class_id: int) -> bool:
    """Whether somebody is known to have been in this class, or its register is closed. Three queries at most.

    Within a transaction the register is locked, so that nobody is checked in between this answer and what follows of it.
    """
    if connection.in_atomic_block:
        rows = Register.objects.select_for_update(of=("self",), no_key=True)
        list(rows.filter(pk=class_id).values_list("pk"))
    there = Attendance.objects.there().filter(class_session=class_id)
    return there.exists() or Register.objects.filter(pk=class_id, closed_at__isnull=False).exists()


def newest_in(klass: ClassSession, limit: int = 8) -> list[Attendance]:
    """Those who checked in last, the last one first."""
    rows = Attendance.objects.filter(class_session=klass, checked_in_at__isnull=False, presence__in=THERE)
    return list(rows.select_related("enrolment__person").order_by("-checked_in_at", "-pk")[:limit])


def flags_of(klass: ClassSession) -> list[CheckInFlag]:
    """The shared phones of a class."""
    rows = CheckInFlag.objects.filter(class_session=klass)
    return list(rows.select_related("enrolment__person", "used_by__enrolment__person"))


def known_of(cohort: Cohort, enrolment_ids: Collection[int]) -> dict[tuple[int, int], Attendance]:
    """What is known of these people in the classes of their cohort, by enrolment and class. One query."""
    rows = Attendance.objects.filter(enrolment__in=enrolment_ids, class_session__cohort=cohort).order_by()
    return {(row.enrolment_id, row.class_session_id): row for row in rows}


def cohort_classes(cohort: Cohort) -> list[tuple[ClassSession, Counts]]:
    """The classes of a cohort with what is known of each, counted as on its register (see `belonging`). Three queries."""
    classes = list(cohort.classes.select_related("register", "instructor").order_by("starts_at", "pk"))
    total = cohort.enrolments.learning().count()
    found: dict[int, dict[str, int]] = {}
    others: Counter[int] = Counter()  # guests, and people who have left since
    own = Q(enrolment__cohort=cohort, enrolment__state__in=LEARNING)
    counted = (
        Attendance.objects.filter(class_session__cohort=cohort)
        .order_by()
        .values_list("class_session", "presence")
        .annotate(number=Count("pk"), other=Count("pk", filter=~own))
    )
    for klass, presence, number, other in counted:
        found.setdefault(klass, {})[presence] = number
        others[klass] += other
    return [
        (klass, _counts(found.get(klass.pk, {}), 0 if is_closed(klass) else total + others[klass.pk]))
        for klass in classes
    ]


class _Hours(Func):
    """A whole number of hours as a duration; SQLite keeps durations in microseconds."""

    template = "(%(expressions)s * 3600000000)"
    output_field = DurationField()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="make_interval(hours => %(expressions)s)")


def forgotten(rows: QuerySet[ClassSession]) -> QuerySet[ClassSession]:
    """Those of these classes that are over and in which nobody has taken attendance, so many hours after the end as an
    open register has until it closes by itself."""
    now = timezone.now()
    hours = Coalesce("register__closes_after_hours", "cohort__attendance_rule__closes_after_hours", 24)
    due = ExpressionWrapper(F("ends_at") + _Hours(hours), output_field=DateTimeField())
    never = rows.filter(cancelled_at=None, ends_at__lt=now - timedelta(hours=1), register__opened_at=None)
    return never.annotate(due=due).filter(due__lte=now).order_by("starts_at", "pk")


def forgotten_in(cohort_ids: Collection[int]) -> QuerySet[Any, tuple[int, int]]:
    """How many classes of each of these cohorts are over, and nobody has taken attendance in them."""
    rows = forgotten(ClassSession.objects.filter(cohort__in=cohort_ids)).order_by()
    return rows.values_list("cohort").annotate(number=Count("pk"))


def requests_in(cohort_ids: Collection[int]) -> QuerySet[Any, tuple[int, int]]:
    """How many requests wait for a decision in each of these cohorts."""
    rows = AbsenceRequest.objects.open().filter(class_session__cohort__in=cohort_ids).order_by()
    return rows.values_list("class_session__cohort").annotate(number=Count("pk"))


def standing_requests(user: Asker, klass: ClassSession) -> list[AbsenceRequest]:
    """What people have asked for about one class, and what was agreed. One query."""
    rows = AbsenceRequest.objects.visible_to(user).standing().filter(class_session=klass)
    return list(_with_all(rows))


def open_requests(user: Asker, cohort: Cohort) -> QuerySet[AbsenceRequest]:
    """What people of this cohort ask for and nobody has decided yet."""
    return _with_all(AbsenceRequest.objects.visible_to(user).open().filter(class_session__cohort=cohort))


def _with_all(rows: QuerySet[AbsenceRequest]) -> QuerySet[AbsenceRequest]:
    return rows.select_related(
        "class_session__cohort__organisation",
        "class_session__instructor",
        "enrolment__person",
        "instead__cohort",
        "document",
    ).order_by("asked_at", "pk")
