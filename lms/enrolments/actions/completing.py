"""Completing an enrolment when its rule is met."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.states import StaleState, move
from lms.courses.versions import version_of
from lms.enrolments.models import Enrolment
from lms.enrolments.places import note, tell
from lms.enrolments.policy import Checklist, items_of, learned_in
from lms.enrolments.queries import checklist_of, checklists_of, completion_of, done_of
from lms.enrolments.states import MOVES, EnrolmentState
from lms.signals import course_completed

AT_ONCE = 500  # enrolments looked at together


@transaction.atomic
def complete_if_done(*, enrolment: Enrolment) -> Checklist:
    """Complete the enrolment when its course's rule is met, exactly once however many ask; returns what is missing.

    The row is locked before the facts are read, so that of two last steps made at the same time the second sees the
    first. Side effects, in order: the state, with the minutes of the lessons done; an audit entry; CourseCompleted (certificates and hours hang on it);
    a notice.
    """
    row = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    row.version = version_of(row.version_id)
    done = done_of([row.pk])[row.pk]
    checklist = checklist_of(row, done)
    if row.state != EnrolmentState.ENROLLED or not checklist.is_complete:
        return checklist
    try:
        learned = learned_in(items_of(row.version.outline), done)
        old = move(row, EnrolmentState.COMPLETED, MOVES, completed_at=timezone.now(), learned=learned)
    except StaleState:
        return checklist
    enrolment.state, enrolment.completed_at, enrolment.learned = row.state, row.completed_at, row.learned
    note("lms.complete_enrolment", row, None, before={"state": old}, after={"state": row.state})
    course_completed.send(Enrolment, event=completion_of(row))
    tell(
        row,
        "completed",
        gettext_noop("Course completed: %(course)s"),
        gettext_noop("You have done everything that the course asks for. Well done."),
    )
    return checklist


def complete_those_done(*, enrolment_ids: Iterable[int]) -> list[int]:
    """Complete those of these enrolments whose rule is met now; returns which. Called when a fact may have changed for
    many (a class is settled, a mark given, a survey answered): a handful of queries for every 500 that are not done.

    Side effects: as `complete_if_done` for each.
    """
    ids, completed = sorted(set(enrolment_ids)), []
    for start in range(0, len(ids), AT_ONCE):
        rows = Enrolment.objects.filter(state=EnrolmentState.ENROLLED).in_bulk(ids[start : start + AT_ONCE])
        found = checklists_of(rows.values())
        # By key, as whoever cancels a cohort locks its people: two who lock the same ones never wait for each other.
        for pk in sorted(pk for pk, checklist in found.items() if checklist.is_complete):
            complete_if_done(enrolment=rows[pk])
            if rows[pk].state == EnrolmentState.COMPLETED:
                completed.append(pk)
    return completed
