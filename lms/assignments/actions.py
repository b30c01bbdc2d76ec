"""The verbs of an assignment: write, hand in, mark, correct a mark, grant an attempt. The enrolment's row is locked before the submission's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.audit.actions import record
from core.notices.actions import both, notify
from core.people.models import User
from core.states import Refused, StaleState, move
from lms.assignments.models import ExtraAttempt, GivenMark, Submission, SubmissionFile
from lms.assignments.policy import (
    MOST_FILES,
    Turn,
    correction_of,
    free_places,
    missing_parts,
    verdict_of,
)
from lms.assignments.queries import Standing, deadline_of, standing_of
from lms.assignments.states import MOVES, SubmissionState
from lms.cohorts.queries import titled, words
from lms.courses.versions import AssignmentVersion, version_of
from lms.enrolments.actions import complete_if_done
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING, EnrolmentState


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


@transaction.atomic
def save_draft(
    *,
    enrolment: Enrolment,
    assignment: AssignmentVersion,
    actor: Asker,
    text: str | None = None,
    uploads: Sequence[Any] = (),
    drops: Collection[int] = (),
) -> Submission:
    """Keep what has been written so far; the first saving begins the attempt. None leaves the text as it is.

    `uploads` are files that AttachmentsField has accepted, `drops` the numbers of files of the draft to take away first.
    Raises NotPossible when the assignment is not open, lies with the teacher, was passed or has no attempt left, or for
    more files than there may be. Side effects: the draft, its files.
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
    draft.saved_at = timezone.now()
    draft.save()
    draft.files.filter(pk__in=drops).delete()
    if uploads and assignment.takes_file:
        _attach(draft, uploads, actor)
    draft.__dict__.pop("_prefetched_objects_cache", None)  # of the files as they were
    return draft


def _attach(draft: Submission, uploads: Sequence[Any], actor: Asker) -> None:
    """Keep these files with the draft. The same bytes as of a file that is there are not kept twice."""
    known = set(draft.files.values_list("attachment__sha256", flat=True))
    places = free_places(set(draft.files.values_list("position", flat=True)))
    for upload in uploads:
        kept = keep_file(upload=upload, actor=cast(User, actor))
        if kept.sha256 in known:
            kept.delete()
            continue
        if not places:
            raise NotPossible(_("At most %(most)s files can be handed in.") % {"most": MOST_FILES})
        SubmissionFile.objects.create(submission=draft, attachment=kept, position=places.pop(0))
        known.add(kept.sha256)


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
        has_file=row.files.exists(),
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
    enrolment = _to_mark(submission, actor)
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
    _tell(submission, enrolment, _given(submission))
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
    verdict = correction_of(
        state=row.state,
        passes=passes,
        score=score,
        comment=comment,
        pass_score=assignment.pass_score,
        max_score=assignment.max_score,
        attempts_left=standing.left,
    )
    if verdict.refusal is not None:
        raise NotPossible(words(verdict.refusal))
    if verdict.state != row.state:
        move(row, verdict.state, MOVES)
    row.score, row.comment = score, comment.strip()
    row.marked_at, row.marked_by = timezone.now(), cast(User, actor)
    row.save(update_fields=["score", "comment", "marked_at", "marked_by"])
    after = {"state": row.state, "score": score}
    _record("lms.correct_mark", row, enrolment, actor, before=old, after=after, reason=reason.strip())
    _tell(row, enrolment, _given(row, reason.strip()))
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
    _record(
        "lms.grant_attempt", submission, enrolment, actor, after={"number": number}, reason=reason.strip()
    )
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
    enrolment = _locked(submission.enrolment_id)
    if enrolment.person.user_id == actor.pk:
        raise NotPossible(_("Nobody marks their own work. Ask another teacher."))
    if enrolment.state not in LEARNING:
        raise NotPossible(_("This person no longer learns in the cohort, so there is nothing to mark."))
    return enrolment


def _given(submission: Submission, reason: str = "") -> GivenMark:
    """The mark of the submission as a row that stays."""
    return GivenMark.objects.create(
        submission=submission,
        state=submission.state,
        score=submission.score,
        comment=submission.comment,
        reason=reason,
        marked_at=cast(
            datetime, submission.marked_at
        ),  # both are there once it is marked: the constraint says so
        marked_by_id=cast(int, submission.marked_by_id),
    )


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
