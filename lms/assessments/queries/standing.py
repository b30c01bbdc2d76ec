"""Where a person stands with a quiz: attempts, what is left, the best result."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import ngettext

from lms.assessments.models import Attempt, PaperWindow
from lms.assessments.policy import Start, deadline_of, may_start, not_now
from lms.assessments.queries.papers import most_of
from lms.assessments.states import AttemptState
from lms.courses.versions import PaperVersion
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Item, first_before, items_of
from lms.enrolments.queries import done_of


@dataclass(frozen=True)
class Standing:
    """What the start page of a quiz shows one person."""

    paper: PaperVersion
    questions: int
    start: Start
    attempts: list[Attempt]
    open_attempt: Attempt | None
    left: int | None  # None: as often as one likes
    best: int | None
    is_passed: bool
    window: PaperWindow | None  # asked only where an attempt could begin
    cools_until: datetime | None  # when the next attempt may begin, after the last
    most: Decimal | None  # points; None: known when the questions are drawn
    first: Item | None  # what must be done before; asked only where an attempt could begin


def standing_of(enrolment: Enrolment, paper: PaperVersion) -> Standing:
    """Where one person stands with a quiz: attempts, what is left, what must be done before. At most four queries.

    Attempts at the same quiz in an older version of the course count as well.
    """
    attempts = list(
        Attempt.objects.filter(enrolment=enrolment, paper__key=paper.key)
        .defer("questions")
        .order_by("started_at", "pk")
    )
    opened = next((row for row in attempts if row.state == AttemptState.OPEN), None)
    passed = any(row.passed for row in attempts)
    used = len(attempts)
    start = may_start(
        has_open=opened is not None,
        is_passed=passed,
        used=used,
        max_attempts=paper.max_attempts,
        waits=any(row.waits for row in attempts),
    )
    window, cools_until = None, _cools_until(attempts, paper)
    if start == Start.START:  # only then does the clock matter
        window = window_of(enrolment.cohort_id, paper.key)
        span = (window.opens_at, window.closes_at) if window else None
        start = not_now(timezone.now(), window=span, cools_until=cools_until) or start
    return Standing(
        paper=paper,
        questions=paper.size,
        start=start,
        attempts=attempts,
        open_attempt=opened,
        left=max(0, paper.max_attempts - used) if paper.max_attempts else None,
        best=max((row.percent for row in attempts if row.percent is not None), default=None),
        is_passed=passed,
        window=window,
        cools_until=cools_until,
        most=most_of(paper),
        first=_first(enrolment, paper) if start in (Start.START, Start.EARLY) else None,
    )


def window_of(cohort_id: int, key: UUID) -> PaperWindow | None:
    """When the people of a cohort may sit a quiz; None: at any time."""
    return PaperWindow.objects.filter(cohort=cohort_id, key=key).first()


def ends_at(started: datetime, minutes: int | None, window: PaperWindow | None) -> datetime | None:
    """When an attempt that began then ends."""
    return deadline_of(started, minutes, window.closes_at if window else None)


def _cools_until(attempts: list[Attempt], paper: PaperVersion) -> datetime | None:
    ended = max((row.finished_at for row in attempts if row.finished_at), default=None)
    return ended + timedelta(minutes=paper.cool_down) if ended and paper.cool_down else None


def ahead(moment: datetime) -> str:
    """How far away a moment is, in one unit: in 5 minutes, in 3 hours, in 2 days."""
    minutes = max(1, -int((timezone.now() - moment).total_seconds() // 60))
    hours, days = minutes // 60, minutes // (24 * 60)
    if days:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    if hours:
        return ngettext("in %(n)d hour", "in %(n)d hours", hours) % {"n": hours}
    return ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}


def _first(enrolment: Enrolment, paper: PaperVersion) -> Item | None:
    version, done = enrolment.version, done_of([enrolment.pk])[enrolment.pk]
    return first_before(items_of(version.outline), str(paper.key), done, in_order=version.in_order)


def best_scores(enrolment_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """For the completion rule: the best score of each quiz in per cent, by enrolment and the quiz's key. One query."""
    rows = Attempt.objects.filter(enrolment__in=enrolment_ids, percent__isnull=False).order_by()
    found: dict[int, dict[str, int]] = {}
    for pk, key, best in rows.values_list("enrolment", "paper__key").annotate(best=Max("percent")):
        found.setdefault(pk, {})[str(key)] = best
    return found


def next_number(standing: Standing) -> int:
    """The number of the next attempt at this paper; those at an older version of the quiz have numbers of their own."""
    numbers = [row.number for row in standing.attempts if row.paper_id == standing.paper.pk]
    return max(numbers, default=0) + 1
