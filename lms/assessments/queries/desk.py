"""The quizzes of a cohort at the desk: when they are sat, by whom, and how one attempt went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from core.access.scope import Asker
from lms.assessments.models import Attempt, AttemptEvent, PaperWindow
from lms.assessments.states import AttemptState, EventKind
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled


@dataclass(frozen=True)
class CohortQuiz:
    """One quiz of a cohort: `running` and `done` count attempts of the people whom the reader sees."""

    key: UUID
    title: str
    window: PaperWindow | None
    running: int
    done: int


def quizzes_of(cohort: Cohort, user: Asker) -> list[CohortQuiz]:
    """The quizzes of the cohort's course in their order. Three queries."""
    windows = {str(row.key): row for row in PaperWindow.objects.filter(cohort=cohort)}
    attempts = Attempt.objects.visible_to(user).filter(enrolment__cohort=cohort).order_by()
    is_open = Q(state=AttemptState.OPEN)
    found = attempts.values_list("paper__key").annotate(
        running=Count("pk", filter=is_open), done=Count("pk", filter=~is_open)
    )
    counted = {str(key): (running, done) for key, running, done in found}
    items = [
        item for section in cohort.version.outline for item in section["items"] if item["kind"] == "quiz"
    ]
    return [
        CohortQuiz(
            UUID(item["key"]),
            titled(item["title"], item["title_en"]),
            windows.get(item["key"]),
            *counted.get(item["key"], (0, 0)),
        )
        for item in items
    ]


def attempts_at(cohort: Cohort, key: UUID, user: Asker) -> QuerySet[Attempt]:
    """The attempts at a quiz, each with how often its page was left and the device changed."""

    def count(kind: EventKind) -> Count:
        return Count("events", filter=Q(events__kind=kind))

    rows = Attempt.objects.visible_to(user).filter(enrolment__cohort=cohort, paper__key=key)
    return (
        rows.select_related("enrolment__person")
        .defer("questions")
        .annotate(times_left=count(EventKind.LEFT), times_taken=count(EventKind.TAKEN))
        .order_by("-started_at", "-pk")
    )


@dataclass(frozen=True)
class Moment:
    """One line of a timeline. `seconds`: how long it was, for having been away."""

    at: datetime
    kind: str
    label: str
    page: int | None = None
    seconds: int | None = None


def timeline_of(attempt: Attempt, events: Sequence[AttemptEvent]) -> list[Moment]:
    """What was kept of an attempt, in its order. Having been away lasts from leaving to the next thing that happened."""
    found = []
    for place, event in enumerate(events, 1):
        end = events[place].at if place < len(events) else attempt.finished_at
        away = event.kind == EventKind.LEFT and end is not None
        seconds = int((end - event.at).total_seconds()) if away and end else None
        found.append(Moment(event.at, event.kind, event.get_kind_display(), event.page, seconds))
    return found


def times_of(
    started_at: datetime, saved: Sequence[tuple[str, datetime]], events: Sequence[AttemptEvent]
) -> dict[str, int]:
    """About how many seconds each answered question took, by its key: from when its page was opened, or the answer before it
    was saved, to when it was saved last. Answers that were saved at once share their time. The clock is the server's."""
    marks = [started_at, *(event.at for event in events if event.kind == EventKind.OPENED)]
    found: dict[str, int] = {}
    for at, group in groupby(sorted(saved, key=lambda each: each[1]), key=lambda each: each[1]):
        keys = [key for key, _at in group]
        before = max((mark for mark in marks if mark < at), default=at)
        found |= dict.fromkeys(keys, round((at - before).total_seconds() / len(keys)))
        marks.append(at)
    return found
