"""Where one person stands with an assignment, and what was passed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils import timezone

from lms.assignments.models import ExtraAttempt, Submission
from lms.assignments.policy import (
    LateRule,
    Turn,
    days_late,
    deduct,
    due_at,
    is_accepted,
    last_day,
    late_words,
    turn_of,
)
from lms.assignments.states import SubmissionState
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled, words
from lms.courses.versions import AssignmentVersion, CourseVersion, versions_of
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Item, Share, first_before, items_of
from lms.enrolments.queries import done_of

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
    days_late: int  # as the late rule counts them: for what is returned those of the first attempt
    is_closed: bool  # too late even for the late rule
    attempts: int  # how often it may be handed in in all, what a teacher granted included
    left: int  # how often it may still be handed in, a draft included

    @property
    def rule(self) -> LateRule:
        return rule_of(self.assignment)

    @property
    def may_write(self) -> bool:
        """Whether the trainee can write and hand in now."""
        return self.turn == Turn.WRITE and self.first is None and not self.is_closed

    @property
    def late_words(self) -> list[str]:
        """What being late means here, in the language of the request."""
        sentences = late_words(self.rule, top=self.assignment.max_score, due_on=self.due_on)
        return [words(sentence) for sentence in sentences]

    @property
    def would_lose(self) -> int:
        """The points that full marks would lose, handed in now."""
        return deduct(
            self.assignment.max_score, top=self.assignment.max_score, late=self.days_late, rule=self.rule
        ).taken

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
    over, now = deadline_of(cohort, assignment), timezone.now()
    earlier = next((row for row in submissions if row.state != SubmissionState.DRAFT), None)
    late = earlier.days_late if earlier else days_late(over, now)
    used = sum(row.state != SubmissionState.DRAFT for row in submissions)
    return Standing(
        assignment=assignment,
        submissions=submissions,
        turn=turn,
        first=first,
        due_on=last_day(cohort.starts_on, assignment.due_days),
        is_late=over is not None and now >= over,
        days_late=late,
        is_closed=earlier is None and not is_accepted(rule_of(assignment), late),
        attempts=max(assignment.attempts, granted),
        left=max(0, max(assignment.attempts, granted) - used),
    )


def rule_of(assignment: AssignmentVersion) -> LateRule:
    """The late rule that was published with the assignment."""
    return LateRule(assignment.late_days, assignment.late_percent, assignment.late_floor)


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
