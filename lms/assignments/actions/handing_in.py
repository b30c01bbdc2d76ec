"""Writing and handing in. The enrolment's row is locked before the submission's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.people.models import User
from core.states import StaleState, move
from lms.assignments.actions.rows import NotPossible, locked, note
from lms.assignments.models import Submission, SubmissionFile
from lms.assignments.policy import MOST_FILES, Turn, free_places, missing_parts
from lms.assignments.queries import Standing, deadline_of, standing_of
from lms.assignments.states import MOVES, SubmissionState
from lms.cohorts.queries import titled, words
from lms.courses.versions import AssignmentVersion
from lms.enrolments.models import Enrolment


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
    late_by: dict[str, Any] = {"days_late": standing.days_late}
    try:
        late = over is not None and now >= over
        move(row, SubmissionState.SUBMITTED, MOVES, submitted_at=now, is_late=late, **late_by)
    except StaleState:
        row.refresh_from_db()
        return row
    after = {"state": row.state, "number": row.number, "is_late": row.is_late}
    note("lms.submit_assignment", row, enrolment, actor, after=after)
    return row


def _own(enrolment: Enrolment, assignment: AssignmentVersion) -> tuple[Enrolment, Standing]:
    """The enrolment, locked, and where it stands: two tabs write one draft and hand in one submission."""
    enrolment = locked(enrolment.pk)
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
    if standing.is_closed:
        raise NotPossible(_("It is too late: this assignment accepts nothing any more. Ask your teacher."))
    if standing.first is not None:
        title = titled(standing.first.title, standing.first.title_en)
        raise NotPossible(_("This assignment opens after “%(title)s”. Finish that first.") % {"title": title})
