"""What a mark is worth: the levels of the rubric, what lateness takes, and the row that stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.utils.translation import gettext as _

from lms.assignments.actions.rows import NotPossible
from lms.assignments.models import CriterionMark, GivenMark, Submission
from lms.assignments.policy import Chosen, Pick, deduct, reckon, rubric_of
from lms.assignments.queries import rule_of


@dataclass(frozen=True)
class Worth:
    """What is given: the points before lateness took its part, what it takes, and by criterion why."""

    before: int | None
    taken: int
    chosen: tuple[Chosen, ...]

    @property
    def after(self) -> int | None:
        return None if self.before is None else self.before - self.taken


def worth_of(row: Submission, passes: bool, score: int | None, picks: Mapping[str, Pick]) -> Worth:
    """What is given by these picks, or by this score where there is no rubric. Raises NotPossible when what passes lacks a level."""
    assignment = row.assignment
    reckoning = reckon(rubric_of(assignment.rubric), picks)
    if reckoning.chosen:
        score = reckoning.total
        if passes and reckoning.missing:
            raise NotPossible(_("Choose a level for: %(names)s.") % {"names": "、".join(reckoning.missing)})
    taken = 0
    if score is not None and 0 <= score <= assignment.max_score:
        taken = deduct(score, top=assignment.max_score, late=row.days_late, rule=rule_of(assignment)).taken
    return Worth(score, taken, reckoning.chosen)


def keep_mark(submission: Submission, worth: Worth, reason: str = "") -> GivenMark:
    """The mark of the submission as a row that stays, with the levels that make it."""
    mark = GivenMark.objects.create(
        submission=submission,
        state=submission.state,
        score=submission.score,
        deducted=submission.deducted,
        comment=submission.comment,
        reason=reason,
        # Both are there once it is marked: the constraint says so.
        marked_at=cast(datetime, submission.marked_at),
        marked_by_id=cast(int, submission.marked_by_id),
    )
    CriterionMark.objects.bulk_create(
        CriterionMark(
            mark=mark,
            position=position,
            key=row.criterion.key,
            title=row.criterion.title,
            level_key=row.level.key,
            level=row.level.title,
            points=row.level.points,
            most=row.criterion.most,
            comment=row.comment[:500],
        )
        for position, row in enumerate(worth.chosen, start=1)
        if row.level
    )
    return mark
