"""What the clock does: results run out, and whoever is near an end or a deadline is reminded."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.actions import both
from core.notices.models import Notice
from core.states import StaleState, move
from lms.pathways.actions.telling import note, source_of, tell
from lms.pathways.models import PathwayEnrolment, PathwayEnrolmentQuerySet
from lms.pathways.policy import MISSED, Item, deadline_word, reminder_due
from lms.pathways.queries import progress_of_all
from lms.pathways.states import MOVES, PathwayState

AT_ONCE = 200  # rounds looked at together


def expire_pathways() -> tuple[int, int]:
    """Once a day: what has run out is said to have; who is near the end is reminded. Returns both numbers.

    Safe to call at any time, and days that were missed are made up for. Side effects: states, audit entries, notices.
    """
    today = timezone.localdate()
    over = PathwayEnrolment.objects.filter(state=PathwayState.COMPLETED, expires_on__lt=today)
    expired = sum(expire_pathway(enrolment=row) for row in over.select_related("pathway__organisation"))
    valid = PathwayEnrolment.objects.filter(
        state=PathwayState.COMPLETED, expires_on__gte=today, person__user__is_active=True
    )
    reminded = 0
    for row in valid.select_related("pathway", "person__user"):
        days = reminder_due(row.expires_on, today=today) if row.expires_on else None
        if days is not None and not _is_renewed(row):
            reminded += _remind(row, days)
    return expired, reminded


@transaction.atomic
def expire_pathway(*, enrolment: PathwayEnrolment) -> bool:
    """Say that a completed round has run out; False when that was said before. Side effects: audit entry, notice."""
    try:
        move(enrolment, PathwayState.EXPIRED, MOVES)
    except StaleState:
        return False
    note("lms.expire_pathway", enrolment, None, after={"round": enrolment.round})
    if not _is_renewed(enrolment):
        tell(
            enrolment,
            "expired",
            gettext_noop("Your result has run out: %(pathway)s"),
            gettext_noop("You can begin the next round at any time. Your former rounds stay on record."),
        )
    return True


def _is_renewed(row: PathwayEnrolment) -> bool:
    """Whether a later round has been completed already."""
    later = PathwayEnrolment.objects.filter(pathway=row.pathway_id, person=row.person_id)
    return later.filter(round__gt=row.round, completed_on__isnull=False).exists()


def _remind(row: PathwayEnrolment, days: int) -> bool:
    return tell(
        row,
        f"ends-{days}",
        gettext_noop("Valid until %(day)s: %(pathway)s"),
        gettext_noop("Renew it in time: begin the next round, and see which courses it asks for."),
        day=row.expires_on,
    )


def remind_deadlines() -> int:
    """Once a day: whoever is on a pathway is told of a course that is due soon, and once when its deadline has passed.

    Returns how many notices were written. Safe to call at any time, and days that were missed are made up for: of the
    reminders before a deadline only the latest is written. Three queries for every 200 rounds where nothing is new.
    """
    running = PathwayEnrolment.objects.running().filter(person__user__is_active=True)
    ids = list(running.order_by("pk").values_list("pk", flat=True))
    parts = (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
    return sum(_remind_deadlines(PathwayEnrolment.objects.filter(pk__in=part)) for part in parts)


def _remind_deadlines(rounds: PathwayEnrolmentQuerySet) -> int:
    rows, today = list(rounds.select_related("pathway", "person__user")), timezone.localdate()
    due = {
        source_of(row, f"{word}-{item.step.course_id}"): (row, item, word)
        for row, progress in progress_of_all(rows)
        for item in progress.missing
        if (word := deadline_word(item, today=today))
    }
    users = {row.person.user_id for row, _, _ in due.values()}
    told = set(Notice.objects.filter(user__in=users, source__in=due).values_list("source", flat=True))
    return sum(_tell_deadline(*news) for source, news in due.items() if source not in told)


def _tell_deadline(row: PathwayEnrolment, item: Item, word: str) -> bool:
    title = gettext_noop("Due on %(day)s: %(course)s")
    body = gettext_noop("The pathway %(pathway)s asks for it. See where you can learn it.")
    if word == MISSED:
        title = gettext_noop("Deadline missed: %(course)s")
        body = gettext_noop(
            "On the pathway %(pathway)s it was due on %(day)s. It still counts when you complete it now: see where you can learn it."
        )
    what = f"{word}-{item.step.course_id}"
    course = both(item.step.title, item.step.title_en)
    return tell(row, what, title, body, course=course, day=item.due_on)
