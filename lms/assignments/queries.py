"""Reading what was handed in: where one person stands, what waits for the teachers, what was passed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from lms.assignments.models import ExtraAttempt, Submission
from lms.assignments.policy import Turn, due_at, last_day, turn_of
from lms.assignments.states import SubmissionState
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.courses.versions import AssignmentVersion, CourseVersion, versions_of
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Item, Share, first_before, items_of
from lms.enrolments.queries import done_of
from lms.enrolments.states import LEARNING

TONES = {
    SubmissionState.DRAFT: "plain",
    SubmissionState.SUBMITTED: "wait",
    SubmissionState.RETURNED: "warn",
    SubmissionState.PASSED: "good",
    SubmissionState.FAILED: "bad",
}


@dataclass(frozen=True)
class Standing:
    """Where one person stands with an assignment."""

    assignment: AssignmentVersion
    submissions: list[Submission]  # in their order, the draft among them
    turn: Turn
    first: Item | None  # what must be done before; asked only where one could write
    due_on: date | None
    is_late: bool  # handed in now it would be
    attempts: int  # how often it may be handed in in all, what a teacher granted included
    left: int  # how often it may still be handed in, a draft included

    @property
    def draft(self) -> Submission | None:
        return next((row for row in self.submissions if row.state == SubmissionState.DRAFT), None)

    @property
    def handed_in(self) -> list[Submission]:
        """The newest first."""
        return [row for row in reversed(self.submissions) if row.state != SubmissionState.DRAFT]

    @property
    def latest(self) -> Submission | None:
        return next(iter(self.handed_in), None)


def standing_of(enrolment: Enrolment, assignment: AssignmentVersion) -> Standing:
    """Where one person stands with an assignment; `enrolment` comes with its cohort and version.

    Attempts in an older version of the course count as well. Three queries, five where one could write.
    """
    rows = Submission.objects.filter(enrolment=enrolment, key=assignment.key)
    rows = rows.select_related("marked_by__person").prefetch_related("files__attachment")
    submissions = list(rows.order_by("number"))
    extra = ExtraAttempt.objects.filter(enrolment=enrolment, key=assignment.key)
    granted = extra.aggregate(last=models.Max("number"))["last"] or 0
    turn = turn_of([row.state for row in submissions], attempts=assignment.attempts, granted=granted)
    cohort, version = enrolment.cohort, enrolment.version
    first = None
    if turn == Turn.WRITE:
        done = done_of([enrolment.pk])[enrolment.pk]
        first = first_before(items_of(version.outline), str(assignment.key), done, in_order=version.in_order)
    over = deadline_of(cohort, assignment)
    used = sum(row.state != SubmissionState.DRAFT for row in submissions)
    return Standing(
        assignment=assignment,
        submissions=submissions,
        turn=turn,
        first=first,
        due_on=last_day(cohort.starts_on, assignment.due_days),
        is_late=over is not None and timezone.now() >= over,
        attempts=max(assignment.attempts, granted),
        left=max(0, max(assignment.attempts, granted) - used),
    )


def deadline_of(cohort: Cohort, assignment: AssignmentVersion) -> datetime | None:
    """The first moment at which handing in is late, in local time."""
    return due_at(cohort.starts_on, assignment.due_days, timezone.get_current_timezone())


def passed_of(enrolment_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The keys of the assignments passed, for each of these enrolments. One query; keys outlive versions."""
    ids = list(enrolment_ids)
    found: dict[int, set[str]] = {pk: set() for pk in ids}
    rows = Submission.objects.filter(enrolment__in=ids, state=SubmissionState.PASSED).order_by()
    for pk, key in rows.values_list("enrolment", "key"):
        found[pk].add(str(key))
    return {pk: frozenset(keys) for pk, keys in found.items()}


def share_of(enrolment_ids: Collection[int]) -> dict[int, Share]:
    """For the completion rule: how many of the course's assignments each has passed. Two queries, and one for the
    versions that are not kept in the process."""
    rows = dict(Enrolment.objects.filter(pk__in=enrolment_ids).order_by().values_list("pk", "version"))
    keys = {pk: assignment_keys(version) for pk, version in versions_of(rows.values()).items()}
    passed = passed_of(rows)
    return {pk: Share(len(keys[version] & passed[pk]), len(keys[version])) for pk, version in rows.items()}


def assignment_keys(version: CourseVersion) -> frozenset[str]:
    """The keys of the assignments of a version."""
    return frozenset(item.key for item in items_of(version.outline) if item.kind == "assignment")


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


@dataclass(frozen=True)
class Listed:
    """One assignment in a trainee's list, in the language of the request."""

    key: str
    title: str
    due_on: date | None
    submission: Submission | None

    @property
    def tone(self) -> str:
        return TONES[SubmissionState(self.submission.state)] if self.submission else "plain"

    @property
    def is_settled(self) -> bool:
        """Whether its deadline asks for nothing any more."""
        return self.submission is not None and self.submission.state in ("submitted", "passed")


def listed_for(enrolment: Enrolment) -> list[Listed]:
    """The assignments of one's course in their order, each with how it stands. Two queries."""
    marks = marks_of(enrolment)
    return [
        Listed(
            key=str(row.key),
            title=titled(row.title, row.title_en),
            due_on=last_day(enrolment.cohort.starts_on, row.due_days),
            submission=marks.get(str(row.key)),
        )
        for row in enrolment.version.assignments.defer("html")
    ]


def marks_of(enrolment: Enrolment) -> dict[str, Submission]:
    """The latest attempt at each assignment, by its key; passed ones before all others. One query."""
    rows = Submission.objects.filter(enrolment=enrolment).order_by("number")
    found: dict[str, Submission] = {}
    for row in rows.only("enrolment", "key", "state", "score", "number"):
        kept = found.get(str(row.key))
        if kept is None or kept.state != SubmissionState.PASSED:
            found[str(row.key)] = row
    return found


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


def submission_data_of(person: Person) -> list[dict[str, Any]]:
    """Everything that this person handed in or is writing, with every mark and extra attempt. Five queries."""
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
            "score": row.score,
            "comment": row.comment,
            "marks": [
                {
                    "state": mark.state,
                    "score": mark.score,
                    "comment": mark.comment,
                    "reason": mark.reason,
                    "marked_at": mark.marked_at,
                }
                for mark in row.marks.all()
            ],
            "extra_attempts": extra.get((row.enrolment_id, str(row.key)), []),
        }
        for row in rows.prefetch_related("marks", "files__attachment")
    ]
