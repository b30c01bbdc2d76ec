"""Enrolments as officers see them: who decides, the list of a cohort, what another version would change, evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet

from core.access.scope import Asker
from core.organisations.queries import administrators_of
from lms.admissions.queries import current_step, waits_elsewhere, with_steps
from lms.cohorts.models import Cohort
from lms.cohorts.policy import HELD
from lms.cohorts.queries import titled, words
from lms.courses.versions import CourseVersion
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Checklist, Item, items_of, rule_of
from lms.enrolments.queries.completion import checklists_of, completion_of
from lms.enrolments.states import PENDING, EnrolmentState
from lms.signals import CourseCompleted


def deciders_of(cohort: Cohort) -> list[Any]:
    """The administrators who decide on a cohort's applications: those of its organisation, or else of the nearest
    organisation above it that has any. One query."""
    return administrators_of(cohort.organisation)


# What waits for the officer comes first.
DESK_ORDER = (
    EnrolmentState.APPLIED,
    EnrolmentState.OFFERED,
    EnrolmentState.WAITING,
    EnrolmentState.ENROLLED,
    EnrolmentState.COMPLETED,
    EnrolmentState.REFUSED,
    EnrolmentState.WITHDRAWN,
    EnrolmentState.LAPSED,
    EnrolmentState.CANCELLED,
)


def desk_enrolments(user: Asker, cohort: Cohort) -> QuerySet[Enrolment]:
    """The enrolments of one cohort as the officer sees them: what waits for a decision first, in order of arrival."""
    first = [models.When(state=state, then=models.Value(number)) for number, state in enumerate(DESK_ORDER)]
    rows = Enrolment.objects.visible_to(user).filter(cohort=cohort).with_place()
    rows = rows.order_by(models.Case(*first, default=models.Value(9)), "applied_at", "pk")
    rows = rows.select_related("person__employer", "decided_by__person", "cohort__organisation", "version")
    return rows.prefetch_related(with_steps())


@dataclass(frozen=True)
class Choices:
    """What an officer may do with one row of a cohort's list; each is a button there. Their own is decided by others, and
    `waits_for` names who decides on an application whose step is another tier's."""

    is_own: bool
    approves: bool
    refuses: bool
    takes_back: bool
    moves: bool
    waits_for: str = ""


def choices_of(enrolments: Iterable[Enrolment], user: Asker) -> dict[int, Choices]:
    """The choices for each of these rows of `desk_enrolments`, by the rules that the acts behind the buttons ask.

    Whose step an application waits at is asked for all rows together: at most one query.
    """
    rows = list(enrolments)
    waits_for = waits_elsewhere(rows, user)
    return {row.pk: _choices(row, user, waits_for.get(row.pk, "")) for row in rows}


def _choices(row: Enrolment, user: Asker, waits_for: str) -> Choices:
    if row.person.user_id == user.pk:
        return Choices(is_own=True, approves=False, refuses=False, takes_back=False, moves=False)
    at_step = current_step(row) is not None

    def decides(perm: str) -> bool:
        return not waits_for if at_step else user.has_perm(perm, row)

    return Choices(
        is_own=False,
        approves=row.state == EnrolmentState.APPLIED and decides("lms.approve_enrolment"),
        refuses=row.state in PENDING and decides("lms.refuse_enrolment"),
        takes_back=row.state == EnrolmentState.ENROLLED and user.has_perm("lms.withdraw_enrolment", row),
        moves=row.state in HELD and not waits_for and user.has_perm("lms.transfer_enrolment", row),
        waits_for=waits_for,
    )


@dataclass(frozen=True)
class VersionChange:
    """What moving a cohort to another version would change, and for how many."""

    version: CourseVersion
    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    renamed: tuple[tuple[Item, Item], ...]
    rule_changes: bool
    people: int
    would_complete: int


def version_change(cohort: Cohort, version: CourseVersion) -> VersionChange:
    """The preview of `move_to_version`."""
    old = {item.key: item for item in items_of(cohort.version.outline)}
    new = {item.key: item for item in items_of(version.outline)}
    moving = cohort.enrolments.active().exclude(state=EnrolmentState.COMPLETED)
    learning = checklists_of(moving.filter(state=EnrolmentState.ENROLLED), version=version)
    complete = [checklist for checklist in learning.values() if checklist.is_complete]
    both = [(old[key], new[key]) for key in new if key in old]
    return VersionChange(
        version=version,
        added=tuple(item for key, item in new.items() if key not in old),
        removed=tuple(item for key, item in old.items() if key not in new),
        renamed=tuple((before, after) for before, after in both if before.title != after.title),
        rule_changes=rule_of(cohort.version.rule) != rule_of(version.rule),
        people=moving.count(),
        would_complete=len(complete),
    )


@dataclass(frozen=True)
class Candidate:
    """One enrolment of a cohort as the papers see it: completed (with the event that said so), or what is missing."""

    enrolment_id: int
    person_id: int
    name: str
    state: str
    state_label: str
    completion: CourseCompleted | None
    missing: tuple[str, ...]


def candidates_in(cohort_id: int) -> list[Candidate]:
    """Everybody who learns or has completed in a cohort, by pinyin. Three queries however many there are."""
    rows = list(
        Enrolment.objects.learning()
        .filter(cohort_id=cohort_id)
        .select_related("cohort__organisation", "version", "person")
        .order_by("person__pinyin", "pk")
    )
    checklists = checklists_of(row for row in rows if row.state == EnrolmentState.ENROLLED)
    return [_candidate(row, checklists.get(row.pk)) for row in rows]


def _candidate(enrolment: Enrolment, checklist: Checklist | None) -> Candidate:
    is_completed = enrolment.state == EnrolmentState.COMPLETED
    missing = checklist.for_others().missing if checklist else ()
    return Candidate(
        enrolment_id=enrolment.pk,
        person_id=enrolment.person_id,
        name=enrolment.person.name,
        state=enrolment.state,
        state_label=str(enrolment.get_state_display()),
        completion=completion_of(enrolment) if is_completed else None,
        missing=tuple(words(each.sentence) for each in missing),
    )


@dataclass(frozen=True)
class Evidence:
    """What a completed (or running) enrolment rests on: the lessons with their times, the quizzes with their scores."""

    enrolment_id: int
    person_id: int
    person_name: str
    course_code: str
    course_title: str
    version_number: int
    cohort_title: str
    organisation: str
    minutes: int
    completed_at: datetime | None
    lessons: tuple[tuple[str, datetime], ...]
    quizzes: tuple[tuple[str, int, datetime | None], ...]


def evidence_of(enrolment_id: int) -> Evidence | None:
    """The evidence behind one enrolment; None when there is no such enrolment. Who may see it is the caller's question."""
    rows = Enrolment.objects.select_related("cohort__organisation", "version", "person")
    enrolment = rows.filter(pk=enrolment_id).first()
    if enrolment is None:
        return None
    lessons = enrolment.progress.filter(completed_at__isnull=False).order_by("completed_at")
    quizzes = enrolment.attempts.filter(passed=True).order_by("finished_at")
    return Evidence(
        enrolment_id=enrolment.pk,
        person_id=enrolment.person_id,
        person_name=enrolment.person.name,
        course_code=enrolment.version.code,
        course_title=enrolment.version.title_here,
        version_number=enrolment.version.number,
        cohort_title=enrolment.cohort.title_here,
        organisation=enrolment.cohort.organisation.name,
        minutes=sum((enrolment.learned or {}).values()),
        completed_at=enrolment.completed_at,
        lessons=tuple(
            (titled(title, english), when)
            for title, english, when in lessons.values_list(
                "lesson__title", "lesson__title_en", "completed_at"
            )
            if when
        ),
        quizzes=tuple(
            (titled(title, english), percent or 0, when)
            for title, english, percent, when in quizzes.values_list(
                "paper__title", "paper__title_en", "percent", "finished_at"
            )
        ),
    )
