"""Reading timetables: what collides, the days of a person, who is told, the entries of a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.organisations.models import RoleAssignment
from core.people.models import Person, User
from core.templatetags.ui import day_time
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING, EnrolmentState
from lms.timetable.document import Entry
from lms.timetable.models import CalendarFeed, ClassSession
from lms.timetable.policy import (
    IMPOSSIBLE,
    Clash,
    Phase,
    Slot,
    clashes,
    fingerprint,
    minutes_until,
    phase_of,
)
from lms.timetable.states import Mode

PAST_IN_FEED = timedelta(days=180)
CANCELLED_IN_FEED = timedelta(days=60)
MOST_IN_FEED = 2000

# --- What collides ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conflict:
    """One class in the way of another one, in the officer's words; `url` leads to it, where they may see it."""

    kind: Clash
    slot: Slot
    other_id: int
    text: str
    url: str

    @property
    def is_impossible(self) -> bool:
        return self.kind in IMPOSSIBLE


def warnings_key(conflicts: Iterable[Conflict]) -> str:
    """The name of the warnings among these, for the tick "save anyway"."""
    return fingerprint((each.kind, each.slot.starts_at, each.other_id) for each in conflicts)


def conflicts_of(slots: Sequence[Slot], user: Asker | None) -> list[Conflict]:
    """Everything that is in the way of these slots of one cohort, by time. Four queries, one for each kind.

    What another organisation plans is told without its title: the officer learns that there is something, not what.
    """
    if not slots:
        return []
    others = {row.pk: row for row in _in_the_way(slots)}
    found: list[Conflict] = []
    for slot in slots:
        for row in others.values():
            kinds = clashes(slot, row.slot, getattr(row, "shared", 0))
            found.extend(_conflict(kind, slot, row, user) for kind in kinds)
    return sorted(found, key=lambda each: (each.slot.starts_at, not each.is_impossible, each.other_id))


def _in_the_way(slots: Sequence[Slot]) -> list[Any]:
    """The classes at these times in the same cohort, with the same instructor, in the same room, with the same people."""
    times = Q()
    for slot in slots:
        times |= Q(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at)
    cohort_id = slots[0].cohort_id
    rows = ClassSession.objects.standing().filter(times).select_related("cohort__organisation", "instructor")
    elsewhere = rows.exclude(cohort_id=cohort_id)
    teachers = {slot.instructor_id for slot in slots if slot.instructor_id is not None}
    rooms = Q()
    for place, room in {(slot.place, slot.room) for slot in slots if slot.is_on_site and slot.room}:
        rooms |= Q(place__iexact=place, room__iexact=room)
    found = list(rows.filter(cohort_id=cohort_id))
    found += elsewhere.filter(instructor_id__in=teachers) if teachers else []
    found += elsewhere.filter(rooms).exclude(mode=Mode.ONLINE) if rooms else []
    return found + list(_with_shared(elsewhere, cohort_id))  # last, since these know how many are shared


def _with_shared(rows: QuerySet[ClassSession], cohort_id: int) -> QuerySet[Any]:
    """Of these, the classes of cohorts in which somebody of this cohort learns too, with how many."""
    mine = Enrolment.objects.filter(cohort_id=cohort_id, state=EnrolmentState.ENROLLED).order_by()
    both = Enrolment.objects.filter(
        cohort=models.OuterRef("cohort"), state=EnrolmentState.ENROLLED, person__in=mine.values("person")
    )
    count = both.order_by().values("cohort").annotate(number=models.Count("pk")).values("number")
    return rows.annotate(shared=models.Subquery(count)).filter(shared__gt=0)


def _conflict(kind: Clash, slot: Slot, other: Any, user: Asker | None) -> Conflict:
    seen = user is not None and scope_of(user).covers(other.cohort.organisation, *READERS, Role.INSTRUCTOR)
    what = (
        f"{other.title_here} · {titled(other.cohort.title, other.cohort.title_en)}"
        if seen
        else _("a class of another organisation")
    )
    values = {
        "what": what,
        "time": f"{day_time(other.starts_at)}–{timezone.localtime(other.ends_at):%H:%M}",
        "who": other.instructor or "",
        "n": getattr(other, "shared", 0),
    }
    text = {
        Clash.COHORT: _("This cohort has another class then: %(what)s (%(time)s)."),
        Clash.TWO_PLACES: _("%(who)s teaches at another place then: %(what)s (%(time)s)."),
        Clash.INSTRUCTOR: _("%(who)s teaches another class then: %(what)s (%(time)s)."),
        Clash.ROOM: _("The room is taken: %(what)s (%(time)s)."),
        Clash.TRAINEES: ngettext(
            "%(n)s trainee of this cohort has another class then: %(what)s (%(time)s).",
            "%(n)s trainees of this cohort have another class then: %(what)s (%(time)s).",
            getattr(other, "shared", 0),
        ),
    }[kind]
    url = f"{reverse('timetable:cohort', args=[other.cohort_id])}#class-{other.pk}" if seen else ""
    return Conflict(kind, slot, other.pk, text % values, url)


# --- Whose days ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassRow:
    """One class as a page shows it to one reader, in their language."""

    session: ClassSession
    phase: Phase
    label: str
    tone: str
    where: str
    link: str
    room_url: str
    desk_url: str
    teaches: bool

    @property
    def day(self) -> date:
        return timezone.localtime(self.session.starts_at).date()


TONES = {
    Phase.CANCELLED: "bad",
    Phase.RUNNING: "good",
    Phase.SOON: "warn",
    Phase.TODAY: "info",
}


def phase_words(session: ClassSession, now: datetime) -> tuple[Phase, str]:
    """Where the class stands now, and the word for it ("" for one on a day to come)."""
    local = timezone.localtime(now)
    times = (timezone.localtime(session.starts_at), timezone.localtime(session.ends_at))
    phase = phase_of(*times, is_cancelled=session.cancelled_at is not None, now=local)
    minutes = minutes_until(times[0], local)
    words = {
        Phase.CANCELLED: pgettext("class", "Cancelled"),
        Phase.OVER: pgettext("class", "Over"),
        Phase.RUNNING: pgettext("class", "Going on now"),
        Phase.SOON: ngettext("In %(n)s minute", "In %(n)s minutes", minutes) % {"n": minutes},
        Phase.TODAY: _("Today"),
    }
    return phase, words.get(phase, "")


def my_classes(person: Person) -> QuerySet[ClassSession]:
    """The classes a person is enrolled for, and those they teach."""
    learned = Enrolment.objects.filter(person=person, state__in=LEARNING).values("cohort")
    rows = ClassSession.objects.filter(Q(cohort__in=learned) | Q(instructor=person))
    return rows.select_related("cohort__organisation", "instructor")


def upcoming(rows: QuerySet[ClassSession]) -> QuerySet[ClassSession]:
    """Those of today, over or not, and of the days to come; the next one first."""
    return rows.filter(ends_at__gte=_midnight()).order_by("starts_at", "pk")


def past(rows: QuerySet[ClassSession]) -> QuerySet[ClassSession]:
    """Those of the days before today, the last one first."""
    return rows.filter(ends_at__lt=_midnight()).order_by("-starts_at", "-pk")


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def rows_for(sessions: Iterable[ClassSession], user: Asker) -> list[ClassRow]:
    """These classes as the page shows them to this user. One query: where they learn."""
    mine: dict[int, int] = {}
    person = getattr(user, "person", None) if user.is_authenticated else None
    if person is not None:
        learned = Enrolment.objects.filter(person=person, state__in=LEARNING)
        mine = dict(learned.values_list("cohort_id", "pk"))
    now = timezone.now()
    return [_row(session, mine.get(session.cohort_id), person, user, now) for session in sessions]


def _row(
    session: ClassSession, enrolment_id: int | None, person: Person | None, user: Asker, now: datetime
) -> ClassRow:
    phase, label = phase_words(session, now)
    teaches = person is not None and session.instructor_id == person.pk
    desk = scope_of(user).covers(session.cohort.organisation, *READERS, Role.INSTRUCTOR)
    held = session.cancelled_at is None and session.mode != Mode.ON_SITE and phase != Phase.OVER
    return ClassRow(
        session=session,
        phase=phase,
        label=label,
        tone=TONES.get(phase, "plain"),
        where=session.where,
        link=session.link if held and (enrolment_id is not None or teaches or desk) else "",
        room_url=reverse("lms:timetable-enrolment", args=[enrolment_id]) if enrolment_id else "",
        desk_url=reverse("timetable:cohort", args=[session.cohort_id]) if teaches and desk else "",
        teaches=teaches,
    )


def by_day(rows: Iterable[ClassRow]) -> list[tuple[date, list[ClassRow]]]:
    """The rows, which stand in the order of time, under their days."""
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: row.day)]


@dataclass(frozen=True)
class NextClass:
    """One class to come, for a dashboard; words in the reader's language."""

    title: str
    cohort_title: str
    starts_at: datetime
    ends_at: datetime
    where: str
    url: str


def classes_of(person: Person | None, *, limit: int = 3) -> list[NextClass]:
    """The next classes that a person attends or teaches, those going on included. One query."""
    if person is None:
        return []
    rows = my_classes(person).filter(cancelled_at=None, ends_at__gt=timezone.now())
    return [
        NextClass(
            title=row.title_here,
            cohort_title=titled(row.cohort.title, row.cohort.title_en),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            where=row.where or str(_("online")),
            url=f"{reverse('lms:timetable-mine')}#class-{row.pk}",
        )
        for row in rows.order_by("starts_at", "pk")[:limit]
    ]


# --- Who teaches, who is told ---------------------------------------------------------------------------------------


def instructors_for(cohort: Cohort) -> QuerySet[Person]:
    """The people with an instructor's role that covers the organisation of the cohort, by pinyin."""
    step, path = type(cohort.organisation).steplen, cohort.organisation.path
    above = [path[:end] for end in range(step, len(path) + 1, step)]
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        role=Role.INSTRUCTOR, organisation__path__in=above, user__is_active=True
    )
    return Person.objects.filter(user__in=held.values("user")).order_by("pinyin", "pk")


def enrolled_users(cohort_id: int, *states: str) -> list[User]:
    """The accounts of those who learn in a cohort, with their persons. One query."""
    rows = Enrolment.objects.filter(cohort_id=cohort_id, state__in=states or LEARNING)
    people = Person.objects.filter(pk__in=rows.values("person"), user__is_active=True).select_related("user")
    return [person.user for person in people]


# --- Calendars --------------------------------------------------------------------------------------------------------


def feed_entries(feed: CalendarFeed) -> tuple[str, list[Entry]]:
    """The name and the entries of a calendar, in Chinese, whoever asks. At most two queries."""
    with override(settings.LANGUAGE_CODE):
        if feed.cohort is not None:
            rows = _in_feed(ClassSession.objects.filter(cohort=feed.cohort).select_related("cohort"))
            return feed.cohort.title, [_entry(row, None, with_link=False) for row in rows]
        assert feed.person is not None
        return str(_("My timetable")), _entries_of(feed.person)


def _entries_of(person: Person) -> list[Entry]:
    """What a person attends and teaches; what they have left stands as cancelled for a while, so that it goes away
    from calendars that keep what is no longer named."""
    since = timezone.now() - CANCELLED_IN_FEED
    learned = Q(state__in=LEARNING) | Q(state=EnrolmentState.WITHDRAWN, decided_at__gte=since)
    left: dict[int, datetime | None] = {}
    for cohort_id, state, decided_at in (
        Enrolment.objects.filter(learned, person=person)
        .order_by("pk")
        .values_list("cohort_id", "state", "decided_at")
    ):
        gone = decided_at if state == EnrolmentState.WITHDRAWN else None
        left[cohort_id] = gone if left.get(cohort_id, gone) is not None else None
    rows = ClassSession.objects.filter(Q(cohort__in=list(left)) | Q(instructor=person))
    found = []
    for row in _in_feed(rows.select_related("cohort")):
        gone = None if row.instructor_id == person.pk else left.get(row.cohort_id)
        if gone is None or row.ends_at > gone:
            found.append(_entry(row, gone, with_link=True))
    return found


def _in_feed(rows: QuerySet[ClassSession]) -> QuerySet[ClassSession]:
    now = timezone.now()
    kept = Q(ends_at__gte=now - PAST_IN_FEED) | Q(cancelled_at__gte=now - CANCELLED_IN_FEED)
    return rows.filter(kept).order_by("starts_at", "pk")[:MOST_IN_FEED]


def _entry(row: ClassSession, gone: datetime | None, *, with_link: bool) -> Entry:
    is_cancelled = row.cancelled_at is not None or gone is not None
    link = row.link if with_link and not is_cancelled and row.mode != Mode.ON_SITE else ""
    lines = [row.cohort.title]
    if row.mode != Mode.ON_SITE and not is_cancelled:
        lines.append(
            _("Online: %(link)s") % {"link": link} if link else _("Online: the link is on the site.")
        )
    if row.cancel_reason:
        lines.append(_("Cancelled: %(reason)s") % {"reason": row.cancel_reason})
    return Entry(
        uid=f"{row.uid}@xinhuo",
        sequence=row.sequence + (gone is not None),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=row.title,
        description="\n".join(lines),
        location=row.where or str(_("online")),
        url=link,
        changed_at=max(row.updated_at, gone) if gone else row.updated_at,
        is_cancelled=is_cancelled,
    )
