"""The entries of a calendar."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.calendars.document import Entry
from core.people.models import Person
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING, EnrolmentState
from lms.timetable.models import CalendarFeed, ClassSession
from lms.timetable.queries.guests import guest_book, moves_of
from lms.timetable.states import Mode

PAST_IN_FEED = timedelta(days=180)
CANCELLED_IN_FEED = timedelta(days=60)
MOST_IN_FEED = 2000
LONG_AGO = datetime(1992, 1, 1, tzinfo=UTC)


def feed_entries(feed: CalendarFeed) -> tuple[str, list[Entry]]:
    """The name and the entries of a calendar, in Chinese, whoever asks. At most four queries."""
    with override(settings.LANGUAGE_CODE):
        if feed.cohort is not None:
            rows = _in_feed(ClassSession.objects.filter(cohort=feed.cohort).select_related("cohort"))
            return feed.cohort.title, [_entry(row, None, with_link=False) for row in rows]
        assert feed.person is not None
        return str(_("My timetable")), _entries_of(feed.person)


@dataclass
class Tie:
    """What binds a person to a cohort or a class: `moves` are the times they came in or left, `moved_at` is the latest.

    Calendars follow only what counts up and what is later than before, so nothing is ever taken from either.
    """

    moves: int = 0
    is_here: bool = False
    left_at: datetime = LONG_AGO
    moved_at: datetime = LONG_AGO

    @property
    def gone(self) -> datetime | None:
        return None if self.is_here else self.left_at

    def came(self, at: datetime | None) -> None:
        self.moves, self.is_here = self.moves + 1, True
        self.was_moved(at)

    def came_and_left(self, at: datetime | None) -> None:
        self.moves, self.left_at = self.moves + 2, max(self.left_at, at or LONG_AGO)
        self.was_moved(at)

    def was_moved(self, at: datetime | None) -> None:
        self.moved_at = max(self.moved_at, at or LONG_AGO)


def _entries_of(person: Person) -> list[Entry]:
    """What a person attends and teaches; what they have left, and no longer teach, stands as cancelled for a while, so
    that it goes away from calendars that keep what is no longer named. Four queries."""
    cohorts, guests = _cohorts_of(person), _guest_in(person)
    freed = Q(former_instructors=person, updated_at__gte=timezone.now() - CANCELLED_IN_FEED)
    bound = Q(cohort__in=list(cohorts)) | Q(pk__in=list(guests)) | Q(instructor=person)
    rows = ClassSession.objects.filter(pk__in=ClassSession.objects.filter(bound | freed).values("pk"))
    found = []
    for row in _in_feed(rows.select_related("cohort")):
        ties = [tie for tie in (cohorts.get(row.cohort_id), guests.get(row.pk)) if tie is not None]
        moves = sum(tie.moves for tie in ties)
        left = [tie.gone for tie in ties if tie.gone is not None]
        gone = None if row.instructor_id == person.pk or len(left) < len(ties) else max(left, default=None)
        if not ties and row.instructor_id != person.pk:
            gone = row.updated_at  # somebody else teaches it now
        if gone is None or (row.ends_at > gone and gone >= timezone.now() - CANCELLED_IN_FEED):
            moved_at = max((tie.moved_at for tie in ties), default=LONG_AGO)
            found.append(_entry(row, gone, max(0, moves - 1), moved_at, with_link=True))
    return found


def _cohorts_of(person: Person) -> dict[int, Tie]:
    """The cohorts that a person learns in or has learned in, also those they were moved out of. Two queries."""
    found: dict[int, Tie] = defaultdict(Tie)
    moves = moves_of(person)
    for move in moves:
        found[move.from_cohort].came_and_left(move.at)
    known = Q(state__in=[*LEARNING, EnrolmentState.WITHDRAWN]) | Q(
        state=EnrolmentState.CANCELLED, decided_at__isnull=False
    )
    rows = Enrolment.objects.filter(known, person=person).order_by()
    for cohort_id, state, applied_at, decided_at, cancelled_at in rows.values_list(
        "cohort_id", "state", "applied_at", "decided_at", "cohort__cancelled_at"
    ):
        if state in LEARNING:
            found[cohort_id].came(decided_at or applied_at)
        else:
            at = decided_at if state == EnrolmentState.WITHDRAWN else cancelled_at
            found[cohort_id].came_and_left(at)
    for move in moves:
        if move.to_cohort in found:
            found[move.to_cohort].was_moved(move.at)
    return dict(found)


def _guest_in(person: Person) -> dict[int, Tie]:
    """The classes of other cohorts in which a person makes one up, or was to. One query."""
    found: dict[int, Tie] = defaultdict(Tie)
    for class_id, is_on, at in guest_book().visits_of(person):
        if is_on:
            found[class_id].came(at)
        else:
            found[class_id].came_and_left(at)
    return dict(found)


def _in_feed(rows: QuerySet[ClassSession]) -> QuerySet[ClassSession]:
    now = timezone.now()
    kept = Q(ends_at__gte=now - PAST_IN_FEED) | Q(cancelled_at__gte=now - CANCELLED_IN_FEED)
    return rows.filter(kept).order_by("starts_at", "pk")[:MOST_IN_FEED]


def _entry(
    row: ClassSession,
    gone: datetime | None,
    moves: int = 0,
    moved_at: datetime = LONG_AGO,
    *,
    with_link: bool,
) -> Entry:
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
        sequence=row.sequence + moves,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=row.title,
        description="\n".join(lines),
        location=row.where or str(_("online")),
        url=link,
        changed_at=max(row.updated_at, moved_at),
        is_cancelled=is_cancelled,
    )
