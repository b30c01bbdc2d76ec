"""What waits for the teachers, the list of a cohort, its gradebook, and one person's data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse

from core.access.scope import Asker
from core.people.models import Person
from lms.assignments.models import ExtraAttempt, Submission
from lms.assignments.queries.peers import review_data_of
from lms.assignments.queries.standing import TONES
from lms.assignments.states import SubmissionState
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.enrolments.policy import items_of
from lms.enrolments.states import LEARNING


@dataclass(frozen=True)
class Mark:
    """How one assignment of one person stands in the gradebook, in the language of the request."""

    score: int | None
    text: str
    tone: str


@dataclass(frozen=True)
class MarkColumn:
    """One assignment of a cohort's version, with its marks by enrolment."""

    key: str
    title: str
    marks: Mapping[int, Mark]


def columns_of(cohort: Cohort, enrolment_ids: Collection[int]) -> list[MarkColumn]:
    """The assignments of a cohort for its gradebook: passed ones before all others, else the latest. One query at most."""
    items = [item for item in items_of(cohort.version.outline) if item.kind == "assignment"]
    if not items:
        return []
    latest: dict[tuple[int, str], Submission] = {}
    rows = Submission.objects.filter(enrolment__in=enrolment_ids).exclude(state=SubmissionState.DRAFT)
    for row in rows.order_by("number").only("enrolment", "key", "state", "score", "number"):
        kept = latest.get((row.enrolment_id, str(row.key)))
        if kept is None or kept.state != SubmissionState.PASSED:
            latest[row.enrolment_id, str(row.key)] = row
    columns = []
    for item in items:
        found = {pk: _mark(row) for (pk, key), row in latest.items() if key == item.key}
        columns.append(MarkColumn(item.key, titled(item.title, item.title_en), found))
    return columns


def _mark(row: Submission) -> Mark:
    text = str(row.score) if row.state == SubmissionState.PASSED else row.get_state_display()
    return Mark(row.score, text, TONES[SubmissionState(row.state)])


def _waiting(cohorts: Collection[int] | QuerySet[Any, Any]) -> QuerySet[Submission]:
    """What may be marked: of people who still learn in these cohorts."""
    return Submission.objects.waiting().filter(enrolment__cohort__in=cohorts, enrolment__state__in=LEARNING)


def waiting_in(cohorts: Collection[int] | QuerySet[Any, Any]) -> QuerySet[Any, tuple[int, int]]:
    """How many wait to be marked in each of these cohorts."""
    return _waiting(cohorts).order_by().values_list("enrolment__cohort").annotate(number=models.Count("pk"))


@dataclass(frozen=True)
class WaitingItem:
    """One submission in a teacher's list of what is to be marked, in the language of the request."""

    title: str
    person: str
    since: datetime
    url: str
    cohort_id: int


def waiting_items(cohort_ids: Collection[int], *, most: int = 100) -> list[WaitingItem]:
    """What waits to be marked in these cohorts, longest first; at most so many. One query."""
    rows = _waiting(cohort_ids).select_related("assignment", "enrolment__person")[:most]
    return [
        WaitingItem(
            title=titled(row.assignment.title, row.assignment.title_en),
            person=row.enrolment.person.name,
            since=row.submitted_at,  # type: ignore[arg-type]  # the constraint says so
            url=reverse("assignments:mark", args=[row.pk]),
            cohort_id=row.enrolment.cohort_id,
        )
        for row in rows
    ]


# What waits for the teacher comes first, longest waiting first.
DESK_ORDER = (
    SubmissionState.SUBMITTED,
    SubmissionState.RETURNED,
    SubmissionState.FAILED,
    SubmissionState.PASSED,
)


def desk_submissions(user: Asker, cohort: Cohort) -> QuerySet[Submission]:
    """What was handed in in one cohort, as its teachers see it."""
    first = [models.When(state=state, then=models.Value(number)) for number, state in enumerate(DESK_ORDER)]
    rows = Submission.objects.visible_to(user).filter(enrolment__cohort=cohort)
    rows = rows.exclude(state=SubmissionState.DRAFT)
    rows = rows.order_by(models.Case(*first, default=models.Value(9)), "submitted_at", "pk")
    return rows.select_related("assignment", "enrolment__person__employer", "marked_by__person")


def latest_works(cohort: Cohort, key: Any) -> dict[int, Submission]:
    """The latest work that each person who still learns has handed in, by the enrolment. Three queries."""
    rows = Submission.objects.filter(enrolment__cohort=cohort, enrolment__state__in=LEARNING, key=key)
    rows = rows.exclude(state=SubmissionState.DRAFT).select_related("enrolment__person__user")
    return {row.enrolment_id: row for row in rows.prefetch_related("files__attachment").order_by("number")}


def submission_data_of(person: Person) -> list[dict[str, Any]]:
    """Everything that this person handed in or is writing, with every mark and extra attempt. Six queries, and two for each."""
    rows = Submission.objects.filter(enrolment__person=person).select_related(
        "assignment", "enrolment__cohort"
    )
    extra: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for each in ExtraAttempt.objects.filter(enrolment__person=person):
        facts = {"attempt": each.number, "granted_at": each.granted_at, "reason": each.reason}
        extra.setdefault((each.enrolment_id, str(each.key)), []).append(facts)
    return [
        {
            "cohort": row.enrolment.cohort.title,
            "assignment": row.assignment.title,
            "attempt": row.number,
            "state": row.state,
            "text": row.text,
            "files": [file.attachment.name for file in row.files.all()],
            "saved_at": row.saved_at,
            "submitted_at": row.submitted_at,
            "is_late": row.is_late,
            "days_late": row.days_late,
            "score": row.score,
            "comment": row.comment,
            "marks": [
                {
                    "state": mark.state,
                    "score": mark.score,
                    "comment": mark.comment,
                    "reason": mark.reason,
                    "taken_for_being_late": mark.deducted,
                    "criteria": [
                        {
                            "criterion": row.title,
                            "level": row.level,
                            "points": row.points,
                            "most": row.most,
                            "comment": row.comment,
                        }
                        for row in mark.criteria.all()
                    ],
                    "marked_at": mark.marked_at,
                }
                for mark in row.marks.all()
            ],
            **review_data_of(row.enrolment_id, row),
            "extra_attempts": extra.get((row.enrolment_id, str(row.key)), []),
        }
        for row in rows.prefetch_related("marks__criteria", "files__attachment")
    ]
