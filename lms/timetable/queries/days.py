"""The days of one reader: their classes, and how each stands now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS, Role
from core.people.models import Person
from lms.cohorts.queries import titled
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.timetable.models import ClassSession
from lms.timetable.policy import (
    Phase,
    minutes_until,
    phase_of,
)
from lms.timetable.queries.guests import guest_book
from lms.timetable.states import Mode


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
    register_url: str  # for whoever reads the class at the desk
    screen_url: str  # for whoever takes attendance, until the class is over
    check_in_url: str  # for whoever attends, from an hour before the class to its end
    teaches: bool
    is_guest: bool = False  # makes up a class of another cohort here
    attends: bool = False  # is to come and check in
    leave: str = ""  # what became of the leave that was asked for, in words
    leave_tone: str = "info"

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
    """The classes a person is enrolled for, those they make up as a guest, and those they teach."""
    learned = Enrolment.objects.filter(person=person, state__in=LEARNING).values("cohort")
    made_up = Q(pk__in=guest_book().classes_of(person))
    rows = ClassSession.objects.filter(Q(cohort__in=learned) | made_up | Q(instructor=person))
    return rows.select_related("cohort__organisation", "instructor")


def classes_of_enrolment(enrolment: Enrolment, user: Asker) -> QuerySet[ClassSession]:
    """The classes of the cohort of an enrolment that this user may see, and those of other cohorts of the course in which
    its person makes one up."""
    own = ClassSession.objects.visible_to(user).filter(cohort=enrolment.cohort_id).values("pk")
    made_up = Q(pk__in=guest_book().classes_of(enrolment.person), cohort__course=enrolment.cohort.course_id)
    rows = ClassSession.objects.filter(Q(pk__in=own) | made_up)
    return rows.select_related("cohort__organisation", "instructor")


def upcoming(rows: QuerySet[ClassSession]) -> QuerySet[ClassSession]:
    """Those of today, over or not, and of the days to come; the next one first."""
    return rows.filter(ends_at__gte=_midnight()).order_by("starts_at", "pk")


def past(rows: QuerySet[ClassSession]) -> QuerySet[ClassSession]:
    """Those of the days before today, the last one first."""
    return rows.filter(ends_at__lt=_midnight()).order_by("-starts_at", "-pk")


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def rows_for(sessions: Iterable[ClassSession], user: Asker, *, at_desk: bool = False) -> list[ClassRow]:
    """These classes as the page shows them to this user. Three queries, where they learn; none at the desk, which opens to
    those who look after the cohort and not to those who learn in it."""
    mine: dict[int, int] = {}
    guest: set[int] = set()
    leave: dict[int, bool] = {}
    person = getattr(user, "person", None) if user.is_authenticated else None
    if person is not None and not at_desk:
        learned = Enrolment.objects.filter(person=person, state__in=LEARNING)
        mine = dict(learned.values_list("cohort_id", "pk"))
        guest = set(guest_book().classes_of(person))
        leave = dict(guest_book().leave_of(person))
    now = timezone.now()
    return [
        _row(
            session,
            Place(mine.get(session.cohort_id), session.pk in guest, leave.get(session.pk)),
            person,
            user,
            now,
        )
        for session in sessions
    ]


class Place(NamedTuple):
    """What a reader is in a class: enrolled, a guest, or neither; and whether the leave they asked for is agreed."""

    enrolment_id: int | None
    is_guest: bool
    has_leave: bool | None = None


def _row(
    session: ClassSession,
    place: Place,
    person: Person | None,
    user: Asker,
    now: datetime,
) -> ClassRow:
    phase, label = phase_words(session, now)
    teaches = person is not None and session.instructor_id == person.pk
    scope, organisation = scope_of(user), session.cohort.organisation
    desk = scope.covers(organisation, *COURSE_READERS)
    takes = teaches or scope.covers(organisation, Role.ADMINISTRATOR, Role.INSTRUCTOR)
    on = session.cancelled_at is None and phase != Phase.OVER
    attends = (place.enrolment_id is not None or place.is_guest) and not teaches
    held = session.cancelled_at is None and session.mode != Mode.ON_SITE and phase != Phase.OVER
    return ClassRow(
        session=session,
        phase=phase,
        label=label,
        tone=TONES.get(phase, "plain"),
        where=session.where,
        link=session.link
        if held and (place.enrolment_id is not None or place.is_guest or teaches or desk)
        else "",
        room_url=reverse("lms:timetable-enrolment", args=[place.enrolment_id]) if place.enrolment_id else "",
        desk_url=reverse("timetable:cohort", args=[session.cohort_id]) if teaches and desk else "",
        register_url=reverse("attendance:register", args=[session.pk]) if desk else "",
        screen_url=reverse("lms:attendance-screen", args=[session.uid]) if takes and on else "",
        check_in_url=reverse("lms:attendance-type")
        if attends and phase in (Phase.RUNNING, Phase.SOON)
        else "",
        teaches=teaches,
        is_guest=place.is_guest and place.enrolment_id is None,
        attends=attends and on,
        leave=_leave_words(place.has_leave),
        leave_tone="info" if place.has_leave else "wait",
    )


def _leave_words(is_agreed: bool | None) -> str:
    if is_agreed is None:
        return ""
    return _("Leave agreed") if is_agreed else _("Leave asked for, not decided yet")


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
