"""Reading slots and meetings: one's calendar, what can be booked, clashes, holidays, and the entries of a feed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.access.scope import Asker
from core.calendars.document import Entry
from core.calendars.queries import holidays_on
from core.people.models import Person
from supervision.pairings.models import Pairing, read_from_desk
from supervision.pairings.states import PairingState
from supervision.slots.models import Meeting, MeetingFeed, MeetingRemark, Slot
from supervision.slots.states import IN_CALENDAR, MeetingState
from supervision.supervisors.models import Supervisor

Row = TypeVar("Row", Meeting, Slot)
IN_FEED = datetime.timedelta(days=180)
MOST_SHOWN = 100


@dataclass(frozen=True)
class Calendar:
    """One person's meetings from both sides: what to answer, what comes, what is still to be recorded or booked."""

    supervisor: Supervisor | None
    to_answer: list[Meeting]
    asked: list[Meeting]
    upcoming: list[Meeting]
    to_record: list[Meeting]
    offered: list[Slot]
    bookable: list[Slot]
    mentees: list[Pairing]
    supervisors: list[Pairing]

    @property
    def is_empty(self) -> bool:
        return not (self.to_answer or self.asked or self.upcoming or self.to_record)


def calendar_of(person: Person | None, user: Asker) -> Calendar:
    """What the calendar page shows this person. At most nine queries, however much is planned."""
    if person is None:
        return Calendar(None, [], [], [], [], [], [], [], [])
    now = timezone.now()
    supervisor = Supervisor.objects.filter(pk=person.pk).first()
    rows = list(
        Meeting.objects.of(person)
        .filter(state__in=[MeetingState.PLANNED, MeetingState.PROPOSED])
        .with_people()
        .order_by("starts_at", "pk")[: 5 * MOST_SHOWN]
    )
    proposed = _first_of_series([row for row in rows if row.is_proposed and row.starts_at > now])
    planned = with_holidays([row for row in rows if row.is_planned and row.ends_at > now][:MOST_SHOWN])
    pairs = list(
        Pairing.objects.filter(Q(supervisor=person.pk) | Q(mentee=person), state=PairingState.ACTIVE)
        .with_people()
        .order_by("mentee__pinyin", "pk")
    )
    received = [row for row in pairs if row.mentee_id == person.pk]
    return Calendar(
        supervisor=supervisor,
        to_answer=[row for row in proposed if row.made_by_id != person.pk],
        asked=[row for row in proposed if row.made_by_id == person.pk],
        upcoming=planned,
        to_record=[
            row
            for row in rows
            if row.is_planned and row.ends_at <= now and row.pairing.supervisor_id == person.pk
        ],
        offered=offered_by(supervisor) if supervisor else [],
        bookable=bookable_by(person, user) if received else [],
        mentees=[row for row in pairs if row.supervisor_id == person.pk],
        supervisors=received,
    )


def _first_of_series(rows: list[Meeting]) -> list[Meeting]:
    """Of each series that was proposed together the first, with `times`: it is answered as one."""
    found: dict[Any, Meeting] = {}
    for row in rows:
        first = found.setdefault(row.series or row.pk, row)
        first.times = getattr(first, "times", 0) + 1  # type: ignore[attr-defined]
    return list(found.values())


def offered_by(supervisor: Supervisor) -> list[Slot]:
    """The free slots of a supervisor, the next first, with their holidays. Four queries."""
    rows = supervisor.slots.free(timezone.now()).with_people().prefetch_related("chosen__mentee")
    return with_holidays(list(rows.order_by("starts_at")[:MOST_SHOWN]))


def bookable_by(person: Person, user: Asker) -> list[Slot]:
    """What this person may book as a mentee, the next first, with the holidays. Two queries."""
    rows = Slot.objects.visible_to(user).exclude(supervisor=person.pk).free(timezone.now()).with_people()
    return with_holidays(list(rows.order_by("starts_at")[:MOST_SHOWN]))


def bookable_for(pairing: Pairing, besides: Meeting | None = None) -> list[Slot]:
    """What the mentee of this pairing may book with its supervisor."""
    rows = Slot.objects.offered_to(pairing).filter(supervisor=pairing.supervisor_id).free(timezone.now())
    if besides is not None:
        rows = rows.exclude(starts_at=besides.starts_at)
    return with_holidays(list(rows.with_people().order_by("starts_at")[:MOST_SHOWN]))


@dataclass(frozen=True)
class PairingMeetings:
    """The meetings of a pair on its page."""

    upcoming: list[Meeting]
    proposed: list[Meeting]
    to_record: list[Meeting]
    free: int


def meetings_of(pairing: Pairing) -> PairingMeetings:
    """What is planned and proposed between two, the next first, and how many free slots there are. Two queries."""
    now = timezone.now()
    rows = list(
        pairing.meetings.filter(state__in=[MeetingState.PLANNED, MeetingState.PROPOSED])
        .select_related("made_by")
        .order_by("starts_at", "pk")[:MOST_SHOWN]
    )
    free = Slot.objects.offered_to(pairing).filter(supervisor=pairing.supervisor_id).free(now).count()
    return PairingMeetings(
        upcoming=[row for row in rows if row.is_planned and row.ends_at > now],
        proposed=_first_of_series([row for row in rows if row.is_proposed and row.starts_at > now]),
        to_record=[row for row in rows if row.is_planned and row.ends_at <= now],
        free=free if pairing.is_active else 0,
    )


@dataclass(frozen=True)
class Glance:
    """The next meetings of a person and what waits, for the home page of supervision."""

    upcoming: list[Meeting]
    to_answer: int
    to_record: int


def glance_of(person: Person | None) -> Glance:
    """The next three meetings, and how many proposals and records wait for this person. Two queries."""
    if person is None:
        return Glance([], 0, 0)
    now = timezone.now()
    rows = Meeting.objects.of(person)
    coming = rows.planned().filter(ends_at__gt=now).with_people().order_by("starts_at", "pk")[:3]
    answer = Q(state=MeetingState.PROPOSED, starts_at__gt=now) & ~Q(made_by=person)
    overdue = Q(state=MeetingState.PLANNED, ends_at__lte=now, pairing__supervisor=person.pk)
    counted = rows.aggregate(
        singles=Count("pk", filter=answer & Q(series=None)),
        series=Count("series", filter=answer, distinct=True),
        record=Count("pk", filter=overdue),
    )
    return Glance(list(coming), counted["singles"] + counted["series"], counted["record"])


def past_of(person: Person) -> QuerySet[Meeting]:
    """What is over or came to nothing, the latest first."""
    now = timezone.now()
    ended = ~Q(state__in=[MeetingState.PLANNED, MeetingState.PROPOSED]) | Q(ends_at__lte=now)
    return Meeting.objects.of(person).filter(ended).with_people().order_by("-starts_at", "-pk")


def series_of(meeting: Meeting, state: str) -> list[Meeting]:
    """The meetings in this state that were made together with this one, itself among them; the next first."""
    rows = meeting.pairing.meetings.filter(state=state)
    rows = rows.filter(series=meeting.series) if meeting.series else rows.filter(pk=meeting.pk)
    return list(rows.order_by("starts_at", "pk"))


def remarks_of(meeting: Meeting, user: Asker) -> list[MeetingRemark]:
    """What the two said about this meeting and about those before it."""
    chain, row = [meeting.pk], meeting
    while len(chain) < 20 and (row_before := row.moves or row.follows):
        chain.append(row_before.pk)
        row = row_before
    found = MeetingRemark.objects.visible_to(user).filter(meeting__in=chain).select_related("author")
    return list(found.order_by("written_at", "pk"))


def clash_of(
    people: Collection[int],
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    besides: Collection[int] = (),
) -> Meeting | None:
    """A planned meeting at that time in which one of these people takes part, on whichever side. One query."""
    part = Q(pairing__supervisor__in=people) | Q(pairing__mentee__in=people)
    rows = Meeting.objects.planned().filter(part, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return rows.exclude(pk__in=list(besides)).with_people().order_by("starts_at").first()


def with_holidays(rows: list[Row]) -> list[Row]:
    """The rows, each with `holiday`: the name of the holiday on which it lies, or nothing. One query."""
    named = holidays_on(row.day for row in rows)
    for row in rows:
        row.holiday = named.get(row.day, "")
    return rows


def meeting_to_record(pairing: Pairing, asked: str) -> Meeting | None:
    """The meeting of this pairing whose record is to be written, by the number in an address; None for any other text."""
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    return pairing.meetings.planned().filter(pk=int(asked)).first()


def recording_values(meeting: Meeting) -> dict[str, Any]:
    """What the form of a session holds when it is opened from a meeting."""
    starts_at, ends_at = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return {
        "meeting": meeting.pk,
        "day": starts_at.date(),
        "start": starts_at.time(),
        "end": ends_at.time(),
        "setting": meeting.setting,
        "place": meeting.place,
    }


def desk_pairings(user: Asker) -> QuerySet[Pairing]:
    """The pairings that this user reads from the desk, with what is planned in each: figures only. One query."""
    now = timezone.now()
    planned = Q(meetings__state=MeetingState.PLANNED)
    coming = planned & Q(meetings__ends_at__gt=now)

    def count(condition: Q) -> Count:
        return Count("meetings", filter=condition)

    rows = Pairing.objects.visible_to(user).filter(read_from_desk(user)).with_people()
    return rows.annotate(
        next_at=Min("meetings__starts_at", filter=coming),
        coming=count(coming),
        to_record=count(planned & Q(meetings__ends_at__lte=now)),
        recorded=count(Q(meetings__state=MeetingState.RECORDED)),
        missed=count(Q(meetings__state=MeetingState.MISSED)),
        cancelled=count(Q(meetings__state=MeetingState.CANCELLED)),
    )


Shown = Callable[[Person, datetime.datetime], Iterable[Entry]]
_shown_also: dict[str, Shown] = {}


def shown_also(source: str, find: Shown) -> None:
    """Let what stands above the meetings put its own into everybody's calendar. Called once, at start."""
    _shown_also[source] = find


def feed_entries(feed: MeetingFeed) -> tuple[str, list[Entry]]:
    """The name and the entries of one's supervision calendar, in Chinese, whoever asks. One query, and one of each that
    shows its own too."""
    since = timezone.now() - IN_FEED
    rows = Meeting.objects.of(feed.person).filter(state__in=IN_CALENDAR, starts_at__gte=since)
    name, entries = named(rows.with_people().order_by("starts_at", "pk")[:2000], feed.person.pk)
    with override(settings.LANGUAGE_CODE):
        entries += [entry for find in _shown_also.values() for entry in find(feed.person, since)]
    return name, sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))


def named(rows: Iterable[Meeting], person_id: int) -> tuple[str, list[Entry]]:
    """The name of a calendar for one of the two, and the entries for these meetings."""
    with override(settings.LANGUAGE_CODE):
        return str(_("My supervision")), [_entry(row, person_id) for row in rows]


def _entry(row: Meeting, person_id: int) -> Entry:
    """Names, time, place and link. What the two talk about stands nowhere in it."""
    pairing = row.pairing
    other = pairing.mentee if pairing.supervisor_id == person_id else pairing.supervisor.person
    is_cancelled = row.state in (MeetingState.CANCELLED, MeetingState.MISSED)
    lines = [_("Supervisor: %(name)s") % {"name": pairing.supervisor.person.name}]
    lines += [_("Mentee: %(name)s") % {"name": pairing.mentee.name}]
    return Entry(
        uid=f"meeting-{row.uid}@xinhuo",
        sequence=row.sequence,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=_("Supervision: %(name)s") % {"name": other.name},
        description="\n".join(lines),
        location=row.place or (str(row.get_setting_display()) if row.is_online else ""),
        url=row.link,
        changed_at=row.changed_at,
        is_cancelled=is_cancelled,
    )


def with_next(rows: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Pairings with `next_at`, when the two meet next, and `is_overdue`: something is still to be recorded. No query."""
    now = timezone.now()
    planned = Meeting.objects.planned().filter(pairing=OuterRef("pk"))
    coming = planned.filter(ends_at__gt=now).order_by("starts_at").values("starts_at")[:1]
    return rows.annotate(next_at=Subquery(coming), is_overdue=Exists(planned.filter(ends_at__lte=now)))


def active_pairings(supervisor: Supervisor) -> Sequence[Pairing]:
    """The pairings to whose mentees a supervisor may offer slots."""
    rows = supervisor.pairings.filter(state=PairingState.ACTIVE).select_related("mentee")
    return list(rows.order_by("mentee__pinyin", "pk"))
