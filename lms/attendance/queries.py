"""Reading attendance: who belongs to a class, what is known of them, what a person and a cohort have attended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from lms.attendance.models import AbsenceRequest, Attendance, AttendanceRule, CheckInFlag, Register
from lms.attendance.policy import (
    AskFacts,
    Match,
    Participant,
    PersonFacts,
    Seat,
    Span,
    gather,
    leave_refusal,
    make_up_refusal,
    match,
    percent_of,
    union_minutes,
)
from lms.attendance.states import STANDING, THERE, Method, Presence, RequestKind
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.signals import AttendanceSettled
from lms.timetable.models import ClassSession

PER_PAGE = 100
MOST_OPTIONS = 20_000

TONES = {
    Presence.PRESENT: "good",
    Presence.LATE: "warn",
    Presence.LEFT_EARLY: "warn",
    Presence.ON_LEAVE: "info",
    Presence.ABSENT: "bad",
    Presence.MADE_UP: "good",
    Presence.EXPECTED: "wait",
}


# --- Who belongs to a class -----------------------------------------------------------------------------------


def belonging(klass: ClassSession) -> QuerySet[Enrolment]:
    """The enrolments a class is about: those who learn in its cohort, and whoever has a row (guests, people who left)."""
    rows = Attendance.objects.filter(class_session=klass).values("enrolment")
    own = Q(cohort=klass.cohort_id, state__in=LEARNING)
    return Enrolment.objects.filter(own | Q(pk__in=rows)).order_by("person__pinyin", "pk")


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


def counts_of(klass: ClassSession) -> Counts:
    """Two queries."""
    found = dict(
        Attendance.objects.filter(class_session=klass)
        .order_by()
        .values_list("presence")
        .annotate(number=Count("pk"))
    )
    return Counts(
        total=belonging(klass).order_by().count(),
        there=sum(found.get(presence, 0) for presence in THERE),
        on_leave=found.get(Presence.ON_LEAVE, 0) + found.get(Presence.MADE_UP, 0),
        absent=found.get(Presence.ABSENT, 0),
    )


def newest_in(klass: ClassSession, limit: int = 8) -> list[Attendance]:
    """Those who checked in last, the last one first."""
    rows = Attendance.objects.filter(class_session=klass, checked_in_at__isnull=False, presence__in=THERE)
    return list(rows.select_related("enrolment__person").order_by("-checked_in_at", "-pk")[:limit])


def flags_of(klass: ClassSession) -> list[CheckInFlag]:
    """The shared phones of a class."""
    rows = CheckInFlag.objects.filter(class_session=klass)
    return list(rows.select_related("enrolment__person", "used_by__enrolment__person"))


# --- At the door ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AtDoor:
    """Who stands at the door: the facts for policy, the enrolment that counts, the row there is, whose phone it was."""

    facts: PersonFacts
    enrolment: Enrolment | None = None
    attendance: Attendance | None = None
    phone_of: Attendance | None = None


def at_door(klass: ClassSession, person: Person, device: str, *, lock: bool = False) -> AtDoor:
    """What policy needs of a person at the door of a class. Two queries, one or two more where a row stands already.

    With `lock` the row of the missed class stays locked, so that of the two classes only one is attended.
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
        has_made_up=_has_made_up(row, lock),
    )
    return AtDoor(facts, enrolment, row, other)


def _standing(klass: ClassSession, person: Person, row: Attendance | None) -> tuple[Enrolment | None, str]:
    """The enrolment that this class would count for; else the title of the cohort of the course one does learn in."""
    if row is not None and row.enrolment.state in LEARNING:
        return row.enrolment, ""
    own = Enrolment.objects.filter(person=person, cohort__course=klass.cohort.course_id)
    enrolments = sorted(
        own.select_related("cohort").order_by(), key=lambda one: (one.state in LEARNING, one.pk), reverse=True
    )
    here = next((one for one in enrolments if one.cohort_id == klass.cohort_id), None)
    elsewhere = next((one for one in enrolments if one.state in LEARNING), None)
    if here is not None and (here.state in LEARNING or elsewhere is None):
        return here, ""
    return (None, elsewhere.cohort.title) if elsewhere is not None else (here, "")


def _has_made_up(row: Attendance | None, lock: bool) -> bool:
    """Whether the class that goes with this row (made up here, or made up elsewhere) has been attended."""
    if row is None or row.was_there:
        return False
    missed = Attendance.objects.select_for_update(of=("self",)) if lock else Attendance.objects.all()
    presence = missed.values_list("presence", flat=True).get(pk=row.makes_up_id or row.pk)
    if row.makes_up_id is not None:
        return presence in THERE
    return row.made_up_by.filter(presence__in=THERE).exists()


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None


# --- What somebody has attended -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attended:
    """Of one enrolment: minutes that count, required classes attended (or made up), and required classes held."""

    minutes: int = 0
    attended: int = 0
    held: int = 0

    @property
    def percent(self) -> int:
        return percent_of(self.attended, self.held)


def attended_of(enrolment_ids: Iterable[int]) -> dict[int, Attended]:
    """What each of these enrolments has attended; every id has its answer. One query.

    Held are the required classes of the own cohort whose register was closed while the person belonged to it. A class
    made up elsewhere counts as attended, and its minutes count; the class it was made up in is not held for them.
    """
    ids = list(enrolment_ids)
    own = Q(class_session__cohort=F("enrolment__cohort"), class_session__is_required=True)
    came = Q(presence__in=THERE, minutes__gt=0) | Q(presence=Presence.MADE_UP)
    rows = (
        Attendance.objects.settled()
        .filter(enrolment__in=ids, class_session__cancelled_at=None)
        .order_by()
        .values("enrolment")
        .annotate(total=Sum("minutes"), held=Count("pk", filter=own), attended=Count("pk", filter=own & came))
    )
    found = {row["enrolment"]: Attended(row["total"] or 0, row["attended"], row["held"]) for row in rows}
    return {pk: found.get(pk, Attended()) for pk in ids}


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
    is_guest: bool = False

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
    return OwnClass(
        klass=klass,
        attendance=row,
        presence=presence,
        label=str(presence.label),
        tone=TONES[presence],
        note=words(why) if why else (row.reason if row and row.entered_by_id else ""),
        leave=leave,
        make_up=make_up,
        may_ask_leave=leave_refusal(_ask_facts(klass, enrolment, presence, leave, days), now) is None,
        may_make_up=make_up_refusal(_ask_facts(klass, enrolment, presence, make_up, days), now) is None,
        is_guest=klass.cohort_id != enrolment.cohort_id,
    )


def ask_facts(klass: ClassSession, enrolment: Enrolment, kind: str) -> AskFacts:
    """What policy needs to know before somebody asks for this kind of thing about a class. Three queries."""
    row = Attendance.objects.filter(class_session=klass, enrolment=enrolment).first()
    asked = AbsenceRequest.objects.standing().filter(class_session=klass, enrolment=enrolment, kind=kind)
    days = rule_for(enrolment.cohort_id).leave_days_after
    presence = row.presence if row else Presence.EXPECTED
    return _ask_facts(klass, enrolment, presence, asked.first(), days)


def _ask_facts(
    klass: ClassSession, enrolment: Enrolment, presence: str, asked: AbsenceRequest | None, days: int
) -> AskFacts:
    return AskFacts(
        starts_at=timezone.localtime(klass.starts_at),
        ends_at=timezone.localtime(klass.ends_at),
        learns_here=enrolment.state in LEARNING and klass.cohort_id == enrolment.cohort_id,
        is_cancelled=klass.cancelled_at is not None,
        presence=presence,
        leave_days=days,
        has_asked=asked is not None and asked.state in STANDING,
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


# --- A whole cohort -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GridRow:
    """One person: a cell for each class in order (None: nothing known), and what it comes to."""

    enrolment: Enrolment
    cells: tuple[Attendance | None, ...]
    attended: Attended


@dataclass(frozen=True)
class Grid:
    classes: tuple[ClassSession, ...]
    rows: tuple[GridRow, ...]
    page: Page[Enrolment] = field(repr=False)


def grid_of(cohort: Cohort, page: Any = 1, per_page: int = 50) -> Grid:
    """People × classes of a cohort, one page of people by pinyin. Five queries however many there are."""
    classes = tuple(cohort.classes.standing().select_related("register").order_by("starts_at", "pk"))
    people = cohort.enrolments.learning().select_related("person").order_by("person__pinyin", "pk")
    shown = Paginator(people, per_page).get_page(page)
    enrolments = list(shown.object_list)
    ids = [one.pk for one in enrolments]
    cells = known_of(cohort, ids)
    attended = attended_of(ids)
    rows = tuple(
        GridRow(one, tuple(cells.get((one.pk, klass.pk)) for klass in classes), attended[one.pk])
        for one in enrolments
    )
    return Grid(classes, rows, shown)


def known_of(cohort: Cohort, enrolment_ids: Collection[int]) -> dict[tuple[int, int], Attendance]:
    """What is known of these people in the classes of their cohort, by enrolment and class. One query."""
    rows = Attendance.objects.filter(enrolment__in=enrolment_ids, class_session__cohort=cohort).order_by()
    return {(row.enrolment_id, row.class_session_id): row for row in rows}


def missed_in_a_row(enrolment_ids: Collection[int]) -> dict[int, int]:
    """How many required classes each of these missed without leave, one after another up to the last. One query."""
    rows = (
        Attendance.objects.settled()
        .filter(
            enrolment__in=enrolment_ids,
            class_session__cohort=F("enrolment__cohort"),
            class_session__is_required=True,
            class_session__cancelled_at=None,
        )
        .order_by("enrolment", "-class_session__starts_at")
        .values_list("enrolment", "presence")
    )
    found = dict.fromkeys(enrolment_ids, 0)
    came: set[int] = set()
    for pk, presence in rows:
        if presence != Presence.ABSENT:
            came.add(pk)
        elif pk not in came:
            found[pk] += 1
    return found


def requests_in(cohort_ids: Collection[int]) -> dict[int, int]:
    """How many requests wait for a decision in each of these cohorts. One query."""
    rows = AbsenceRequest.objects.open().filter(class_session__cohort__in=cohort_ids).order_by()
    return dict(rows.values_list("class_session__cohort").annotate(number=Count("pk")))


def cohort_classes(cohort: Cohort) -> list[tuple[ClassSession, Counts]]:
    """The classes of a cohort with what is known of each. Three queries."""
    classes = list(cohort.classes.select_related("register", "instructor").order_by("starts_at", "pk"))
    total = cohort.enrolments.learning().count()
    found: dict[int, dict[str, int]] = {}
    counted = (
        Attendance.objects.filter(class_session__cohort=cohort)
        .order_by()
        .values_list("class_session", "presence")
        .annotate(number=Count("pk"))
    )
    for klass, presence, number in counted:
        found.setdefault(klass, {})[presence] = number
    return [(klass, _counts(found.get(klass.pk, {}), total)) for klass in classes]


def _counts(found: dict[str, int], total: int) -> Counts:
    return Counts(
        total=max(total, sum(found.values())),
        there=sum(found.get(presence, 0) for presence in THERE),
        on_leave=found.get(Presence.ON_LEAVE, 0) + found.get(Presence.MADE_UP, 0),
        absent=found.get(Presence.ABSENT, 0),
    )


def open_requests(user: Asker, cohort: Cohort) -> QuerySet[AbsenceRequest]:
    """What people of this cohort ask for and nobody has decided yet."""
    rows = AbsenceRequest.objects.visible_to(user).open().filter(class_session__cohort=cohort)
    return rows.select_related(
        "class_session__cohort__organisation", "enrolment__person", "instead__cohort", "document"
    ).order_by("asked_at", "pk")


# --- What others are told -------------------------------------------------------------------------------------


def settled_event(row: Attendance) -> AttendanceSettled:
    """The event that tells the other apps of a settled row (its class with cohort and version, its enrolment loaded)."""
    klass = row.class_session
    return AttendanceSettled(
        attendance_id=row.pk,
        revision=row.revision,
        person_id=row.enrolment.person_id,
        organisation_id=klass.cohort.organisation_id,
        class_id=klass.pk,
        enrolment_id=row.enrolment_id,
        title=klass.title,
        title_en=klass.title_en,
        cohort_title=klass.cohort.title,
        course_code=klass.cohort.version.code,
        minutes=row.minutes,
        starts_at=klass.starts_at,
        ends_at=klass.ends_at,
        method=row.method or Method.OFFICER,
    )


def settled_attendances() -> Iterator[AttendanceSettled]:
    """The newest event of every row that ever told one, so that a gap can be found. One query."""
    rows = (
        Attendance.objects.settled()
        .filter(Q(minutes__gt=0) | Q(revision__gt=1))
        .select_related("class_session__cohort__version", "enrolment")
        .order_by("pk")
    )
    return (settled_event(row) for row in rows.iterator(chunk_size=2000))


# --- Participant lists ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """What applying a list would do for one participant; `choices` are the people it can mean."""

    participant: Participant
    enrolment_id: int | None
    minutes: int
    kind: str  # matched | ambiguous | unmatched | unchanged | other
    choices: tuple[int, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A whole list as it would be applied, and the names of all whom it can mean."""

    proposals: tuple[Proposal, ...]
    names: dict[int, str]

    @property
    def doubtful(self) -> list[tuple[int, Proposal]]:
        """The participants whom the officer must name, with their place in the list."""
        return [
            (number, one)
            for number, one in enumerate(self.proposals)
            if one.kind in ("ambiguous", "unmatched")
        ]

    def options(self, one: Proposal) -> list[tuple[int, str, bool]]:
        """Whom a participant may be, the likely ones first; in a long list only those, or the page would be endless."""
        likely = set(one.choices)
        if len(self.names) * len(self.doubtful) > MOST_OPTIONS:
            return [(pk, self.names[pk], True) for pk in one.choices]
        named = [(pk, name, pk in likely) for pk, name in self.names.items()]
        return sorted(named, key=lambda option: not option[2])

    def of(self, kind: str) -> list[Proposal]:
        return [one for one in self.proposals if one.kind == kind]


def seats_of(klass: ClassSession) -> list[Seat]:
    """Those who belong to a class, as a list can name them. One query."""
    rows = belonging(klass).values_list("pk", "person__name", "person__user__phone_hash")
    return [Seat(pk, name, phone or "") for pk, name, phone in rows]


def preview_of(
    register: Register, rows: Sequence[Sequence[str]], chosen: dict[str, int] | None = None
) -> Preview:
    """What applying these rows would change. `chosen` are the officer's answers by participant. Two queries."""
    klass = register.class_session
    seats = seats_of(klass)
    known = {row.enrolment_id: row for row in Attendance.objects.filter(class_session=klass).order_by()}
    people = gather(
        (name, phone, datetime.fromisoformat(joined), datetime.fromisoformat(left))
        for name, phone, joined, left in rows
    )
    answers, ids = chosen or {}, {seat.enrolment_id for seat in seats}
    matches = match(people, seats)
    whose = [
        found.enrolment_ids[0] if found.is_sure else answers.get(found.participant.key) for found in matches
    ]
    spans: dict[int, list[Span]] = {}
    for found, pk in zip(matches, whose, strict=True):
        spans.setdefault(pk or 0, []).extend(found.participant.spans)
    proposals = []
    for found, pk in zip(matches, whose, strict=True):
        known_pk = pk if pk in ids else None  # with two devices under two names, the time of both counts once
        own = spans[known_pk] if known_pk else found.participant.spans
        minutes = union_minutes(own, klass.starts_at, klass.ends_at)
        kind = _kind(found, known_pk, known, minutes)
        proposals.append(Proposal(found.participant, known_pk, minutes, kind, found.enrolment_ids))
    return Preview(tuple(proposals), {seat.enrolment_id: seat.name for seat in seats})


def _kind(found: Match, pk: int | None, known: dict[int, Attendance], minutes: int) -> str:
    if pk is None:
        return "ambiguous" if found.enrolment_ids else "unmatched"
    row = known.get(pk)
    if row is not None and row.was_there and row.method != Method.ONLINE:
        return "other"
    if row is not None and row.method == Method.ONLINE and row.proven_minutes == minutes:
        return "unchanged"
    return "matched"
