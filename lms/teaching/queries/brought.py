"""What the features below bring to the desk, in the desk's own shapes. lms/apps.py registers it."""

from __future__ import annotations

from collections.abc import Collection

from lms.assignments.queries import columns_of, waiting_items
from lms.attendance.queries import TONES, followed_of, known_of
from lms.attendance.states import Presence
from lms.cohorts.models import Cohort
from lms.teaching.queries.sources import Cell, Followed, GradeColumn, ToMark


def attendance_cells(cohort: Cohort, enrolment_ids: Collection[int]) -> dict[tuple[int, int], Cell]:
    """For the grid: who was in which class. One query."""
    return {
        place: Cell(row.get_presence_display(), tone=TONES[Presence(row.presence)])
        for place, row in known_of(cohort, enrolment_ids).items()
    }


def classes_followed(enrolment_ids: Collection[int]) -> dict[int, Followed]:
    """For "at risk": who misses classes, and who was in one last. One query."""
    return {pk: Followed(*known) for pk, known in followed_of(enrolment_ids).items()}


def assignment_columns(cohort: Cohort, enrolment_ids: Collection[int]) -> list[GradeColumn]:
    """For the gradebook: a column for each assignment of the course. One query at most."""
    return [
        GradeColumn(
            f"assignment-{column.key}",
            column.title,
            {pk: Cell(mark.score, mark.text, tone=mark.tone) for pk, mark in column.marks.items()},
        )
        for column in columns_of(cohort, enrolment_ids)
    ]


def assignments_to_mark(cohort_ids: Collection[int]) -> list[ToMark]:
    """For the queue: what was handed in and waits. One query."""
    return [
        ToMark(item.title, item.person, item.cohort_id, item.since, item.url)
        for item in waiting_items(cohort_ids)
    ]
