"""The verbs of an assignment: write, hand in, mark. The enrolment's row is locked before the submission's."""

from __future__ import annotations

from typing import Any, cast

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import User
from core.states import Refused, StaleState, move
from lms.assignments.models import Submission
from lms.assignments.policy import Turn, missing_parts, verdict_of
from lms.assignments.queries import Standing, deadline_of, standing_of
from lms.assignments.states import MOVES, SubmissionState
from lms.cohorts.queries import titled, words
from lms.courses.versions import AssignmentVersion, version_of
from lms.enrolments.actions import complete_if_done
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


@transaction.atomic
def save_draft(
    *,
    enrolment: Enrolment,
    assignment: AssignmentVersion,
    actor: Asker,
    text: str | None = None,
    upload: Any = None,
    drops_file: bool = False,
) -> Submission:
    """Keep what has been written so far; the first saving begins the attempt. None leaves the text as it is.

    Raises NotPossible when the assignment is not open, lies with the teacher, was passed or has no attempt left.
    Side effects: the draft; a new file replaces the one before.
    """
    enrolment, standing = _own(enrolment, assignment)
    _refuse(standing)
    draft = standing.draft or Submission(
        enrolment=enrolment,
        assignment=assignment,
        key=assignment.key,
        number=max((row.number for row in standing.submissions), default=0) + 1,
    )
    draft.assignment = assignment  # the cohort may have moved to a newer version meanwhile
    if text is not None and assignment.takes_text:
        draft.text = text
    if drops_file:
        draft.attachment = None
    if upload is not None and assignment.takes_file:
        draft.attachment = keep_file(upload=upload, actor=cast(User, actor))
    draft.saved_at = timezone.now()
    draft.save()
    return draft


@transaction.atomic
def submit_assignment(*, submission: Submission, actor: Asker) -> Submission:
    """Hand the draft in; handed in again it is the same submission, unchanged.

    Raises NotPossible when a part is missing or the assignment is no longer open. Side effects, in order: the state
    with the server's time, and whether that is late; an audit entry.
    """
    enrolment, standing = _own(submission.enrolment, submission.assignment)
    row = Submission.objects.select_related("assignment").get(pk=submission.pk)
    if row.state != SubmissionState.DRAFT:
        return row
    _refuse(standing)
    assignment = row.assignment
    missing = missing_parts(
        takes_text=assignment.takes_text,
        takes_file=assignment.takes_file,
        text=row.text,
        has_file=row.attachment_id is not None,
    )
    if missing:
        raise NotPossible(" ".join(words(sentence) for sentence in missing))
    now, over = timezone.now(), deadline_of(enrolment.cohort, assignment)
    try:
        late = over is not None and now >= over
        move(row, SubmissionState.SUBMITTED, MOVES, submitted_at=now, is_late=late)
    except StaleState:
        row.refresh_from_db()
        return row
    after = {"state": row.state, "number": row.number, "is_late": row.is_late}
    _record("lms.submit_assignment", row, enrolment, actor, after=after)
    return row


@transaction.atomic
def mark_submission(
    *, submission: Submission, actor: Asker, passes: bool, score: int | None, comment: str
) -> Submission:
    """Pass the work, or return it with what is to be better; after the last attempt, returned means not passed.

    Of two teachers at once the second gets StaleState and changes nothing. Raises NotPossible for one's own work and
    for a mark that cannot stand. Side effects, in order: the mark; an audit entry; a notice to the trainee; when
    passed, `complete_if_done`.
    """
    enrolment = _locked(submission.enrolment_id)
    if enrolment.person.user_id == actor.pk:
        raise NotPossible(_("Nobody marks their own work. Ask another teacher."))
    if enrolment.state not in LEARNING:
        raise NotPossible(_("This person no longer learns in the cohort, so there is nothing to mark."))
    assignment = submission.assignment
    verdict = verdict_of(
        passes=passes,
        score=score,
        comment=comment,
        pass_score=assignment.pass_score,
        max_score=assignment.max_score,
        attempts_left=standing_of(enrolment, assignment).left,
    )
    if verdict.refusal is not None:
        raise NotPossible(words(verdict.refusal))
    mark: dict[str, Any] = {"score": score, "comment": comment.strip()}
    old = move(submission, verdict.state, MOVES, marked_at=timezone.now(), marked_by_id=actor.pk, **mark)
    after = {"state": submission.state, "score": score}
    _record("lms.mark_submission", submission, enrolment, actor, before={"state": old}, after=after)
    _tell(submission, enrolment)
    if submission.state == SubmissionState.PASSED:
        complete_if_done(enrolment=enrolment)
    return submission


def _locked(enrolment_id: int) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related(
        "cohort__organisation", "person__user"
    )
    enrolment = rows.get(pk=enrolment_id)
    enrolment.version = version_of(enrolment.version_id)
    return enrolment


def _own(enrolment: Enrolment, assignment: AssignmentVersion) -> tuple[Enrolment, Standing]:
    """The enrolment, locked, and where it stands: two tabs write one draft and hand in one submission."""
    enrolment = _locked(enrolment.pk)
    return enrolment, standing_of(enrolment, assignment)


def _refuse(standing: Standing) -> None:
    """Raise NotPossible where the trainee cannot write now, saying why."""
    if standing.turn == Turn.DONE:
        raise NotPossible(_("You have passed this assignment. There is nothing more to do here."))
    if standing.turn == Turn.WAIT:
        raise NotPossible(
            _("You have handed this in. The teacher marks it; until then nothing can be changed.")
        )
    if standing.turn == Turn.OVER:
        raise NotPossible(_("No attempt is left. Ask your teacher what comes next."))
    if standing.first is not None:
        title = titled(standing.first.title, standing.first.title_en)
        raise NotPossible(_("This assignment opens after “%(title)s”. Finish that first.") % {"title": title})


def _record(action: str, submission: Submission, enrolment: Enrolment, actor: Asker, **facts: Any) -> None:
    record(action=action, target=submission, actor=actor, organisation=enrolment.cohort.organisation, **facts)


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


def _tell(submission: Submission, enrolment: Enrolment) -> None:
    title, body = TOLD[SubmissionState(submission.state)]
    notify(
        user=enrolment.person.user,
        kind="lms.assignment_marked",
        title=title,
        body=body,
        url=reverse("lms:assignment-detail", args=[enrolment.pk, submission.key]),
        source=f"lms.submission:{submission.pk}:marked",
        score=submission.score,
        top=submission.assignment.max_score,
        assignment=submission.assignment.title,
    )
