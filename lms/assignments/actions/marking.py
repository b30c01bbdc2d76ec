"""Marking: give a mark, correct it, grant an attempt. The enrolment's row is locked before the submission's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import both, notify
from core.people.models import User
from core.states import StaleState, move
from lms.assignments.actions.rows import NotPossible, locked, note
from lms.assignments.actions.worth import keep_mark, worth_of
from lms.assignments.models import ExtraAttempt, GivenMark, Submission
from lms.assignments.policy import (
    Pick,
    Turn,
    correction_of,
    verdict_of,
)
from lms.assignments.queries import standing_of
from lms.assignments.states import MOVES, SubmissionState
from lms.cohorts.queries import words
from lms.enrolments.actions import complete_if_done
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING, EnrolmentState


@transaction.atomic
def mark_submission(
    *,
    submission: Submission,
    actor: Asker,
    passes: bool,
    score: int | None,
    comment: str,
    picks: Mapping[str, Pick] | None = None,
) -> Submission:
    """Pass the work, or return it with what is to be better; after the last attempt, returned means not passed.

    With a rubric the score is what the `picks` (by the key of a criterion) come to, and `score` is not read. What the late
    rule takes is off the score that is kept. Of two teachers at once the second gets StaleState and changes nothing. Raises NotPossible for one's own work and
    for a mark that cannot stand. Side effects, in order: the mark; an audit entry; a notice to the trainee; when
    passed, `complete_if_done`.
    """
    enrolment = _to_mark(submission, actor)
    assignment = submission.assignment
    worth = worth_of(submission, passes, score, picks or {})
    verdict = verdict_of(
        passes=passes,
        score=worth.before,
        comment=comment,
        pass_score=assignment.pass_score,
        max_score=assignment.max_score,
        attempts_left=standing_of(enrolment, assignment).left,
        deducted=worth.taken,
    )
    if verdict.refusal is not None:
        raise NotPossible(words(verdict.refusal))
    score = worth.after
    mark: dict[str, Any] = {"score": score, "deducted": worth.taken, "comment": comment.strip()}
    old = move(submission, verdict.state, MOVES, marked_at=timezone.now(), marked_by_id=actor.pk, **mark)
    after = {"state": submission.state, "score": score}
    note("lms.mark_submission", submission, enrolment, actor, before={"state": old}, after=after)
    _tell(submission, enrolment, keep_mark(submission, worth))
    if submission.state == SubmissionState.PASSED:
        complete_if_done(enrolment=enrolment)
    return submission


@transaction.atomic
def correct_mark(
    *,
    submission: Submission,
    actor: Asker,
    seen: datetime,
    passes: bool,
    score: int | None,
    comment: str,
    reason: str,
    picks: Mapping[str, Pick] | None = None,
) -> Submission:
    """Give another mark in place of the one given at `seen`; the former one stays as a row, and so does the reason.

    Raises NotPossible as `mark_submission` does, besides without a reason, when a later attempt was handed in, and when
    work would no longer pass with which the course is completed: nobody is un-completed. Raises StaleState when the
    mark is no longer the one of `seen`. Side effects as of `mark_submission`.
    """
    enrolment = _to_mark(submission, actor)
    if not reason.strip():
        raise NotPossible(_("Write why the mark is corrected: the trainee reads it."))
    row = Submission.objects.select_related("assignment").get(pk=submission.pk)
    if row.marked_at != seen:
        raise StaleState(row, submission.state, row.state)
    standing = standing_of(enrolment, row.assignment)
    if standing.latest is None or standing.latest.pk != row.pk:
        raise NotPossible(_("A later attempt was handed in. Mark that one."))
    if row.state == SubmissionState.PASSED and not passes and enrolment.state == EnrolmentState.COMPLETED:
        raise NotPossible(
            _("The course is completed with this work, so it stays passed. Its score can be corrected.")
        )
    assignment, old = row.assignment, {"state": row.state, "score": row.score}
    worth = worth_of(row, passes, score, picks or {})
    verdict = correction_of(
        state=row.state,
        passes=passes,
        score=worth.before,
        comment=comment,
        pass_score=assignment.pass_score,
        max_score=assignment.max_score,
        attempts_left=standing.left,
        deducted=worth.taken,
    )
    if verdict.refusal is not None:
        raise NotPossible(words(verdict.refusal))
    if verdict.state != row.state:
        move(row, verdict.state, MOVES)
    row.score, row.deducted, row.comment = worth.after, worth.taken, comment.strip()
    row.marked_at, row.marked_by = timezone.now(), cast(User, actor)
    row.save(update_fields=["score", "deducted", "comment", "marked_at", "marked_by"])
    after = {"state": row.state, "score": row.score}
    note("lms.correct_mark", row, enrolment, actor, before=old, after=after, reason=reason.strip())
    _tell(row, enrolment, keep_mark(row, worth, reason.strip()))
    if row.state == SubmissionState.PASSED:
        complete_if_done(enrolment=enrolment)
    return row


@transaction.atomic
def grant_attempt(*, submission: Submission, actor: Asker, reason: str) -> bool:
    """Let somebody hand in once more, whose last attempt this was; False when that was granted before.

    Raises NotPossible without a reason, for one's own work, and while there is still something to be done without it.
    Side effects, in order: the attempt; an audit entry; a notice to the trainee.
    """
    enrolment = _to_mark(submission, actor)
    if not reason.strip():
        raise NotPossible(_("Write why there is another attempt: the trainee reads it."))
    standing = standing_of(enrolment, submission.assignment)
    number = submission.number + 1
    if ExtraAttempt.objects.filter(enrolment=enrolment, key=submission.key, number=number).exists():
        return False
    if standing.turn != Turn.OVER or standing.latest is None or standing.latest.pk != submission.pk:
        raise NotPossible(_("Another attempt is granted when none is left and the work has not passed."))
    ExtraAttempt.objects.create(
        enrolment=enrolment,
        key=submission.key,
        number=number,
        reason=reason.strip(),
        granted_by=cast(User, actor),
    )
    note("lms.grant_attempt", submission, enrolment, actor, after={"number": number}, reason=reason.strip())
    notify(
        user=enrolment.person.user,
        kind="lms.attempt_granted",
        title=gettext_noop("You can hand in once more: %(assignment)s"),
        body=gettext_noop("Your teacher grants you another attempt. Reason: %(reason)s"),
        url=reverse("lms:assignment-detail", args=[enrolment.pk, submission.key]),
        source=f"lms.submission:{submission.pk}:granted",
        assignment=both(submission.assignment.title, submission.assignment.title_en),
        reason=reason.strip(),
    )
    return True


def _to_mark(submission: Submission, actor: Asker) -> Enrolment:
    """The enrolment, locked; refuses where this person may not mark, or nothing is marked any more."""
    enrolment = locked(submission.enrolment_id)
    if enrolment.person.user_id == actor.pk:
        raise NotPossible(_("Nobody marks their own work. Ask another teacher."))
    if enrolment.state not in LEARNING:
        raise NotPossible(_("This person no longer learns in the cohort, so there is nothing to mark."))
    return enrolment


TOLD = {
    SubmissionState.PASSED: (
        gettext_noop("Assignment passed: %(assignment)s"),
        gettext_noop("Your score: %(score)s of %(top)s. Read what the teacher says."),
    ),
    SubmissionState.RETURNED: (
        gettext_noop("Assignment returned: %(assignment)s"),
        gettext_noop("The teacher wrote what is to be better. Revise it and hand it in again."),
    ),
    SubmissionState.FAILED: (
        gettext_noop("Assignment not passed: %(assignment)s"),
        gettext_noop("Read what the teacher says, and ask what comes next."),
    ),
}

CORRECTED = (
    gettext_noop("Your mark was corrected: %(assignment)s"),
    gettext_noop("Reason: %(reason)s Read how your work stands now."),
)


def _tell(submission: Submission, enrolment: Enrolment, mark: GivenMark) -> None:
    title, body = TOLD[SubmissionState(submission.state)]
    if mark.reason:
        title, body = CORRECTED
    notify(
        user=enrolment.person.user,
        kind="lms.assignment_marked",
        title=title,
        body=body,
        url=reverse("lms:assignment-detail", args=[enrolment.pk, submission.key]),
        source=f"lms.submission:{submission.pk}:marked" + (f":{mark.pk}" if mark.reason else ""),
        score=submission.score,
        top=submission.assignment.max_score,
        assignment=both(submission.assignment.title, submission.assignment.title_en),
        reason=mark.reason,
    )
