"""The entries of a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.people.models import Person
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING, EnrolmentState
from lms.timetable.document import Entry
from lms.timetable.models import CalendarFeed, ClassSession
from lms.timetable.states import Mode

PAST_IN_FEED = timedelta(days=180)
CANCELLED_IN_FEED = timedelta(days=60)
MOST_IN_FEED = 2000


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
