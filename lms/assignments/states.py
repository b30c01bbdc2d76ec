"""The states of a submission and its legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SubmissionState(models.TextChoices):
    """As the teacher calls them; SEEN_BY_TRAINEE has the trainee's words."""

    DRAFT = "draft", pgettext_lazy("assignment", "Draft")
    SUBMITTED = "submitted", _("To be marked")
    RETURNED = "returned", _("Returned")
    PASSED = "passed", pgettext_lazy("assignment", "Passed")
    FAILED = "failed", pgettext_lazy("assignment", "Not passed")


SEEN_BY_TRAINEE = {
    SubmissionState.DRAFT: _("Not handed in yet"),
    SubmissionState.SUBMITTED: _("Handed in, the teacher marks it"),
    SubmissionState.RETURNED: _("Returned: please revise it"),
    SubmissionState.PASSED: pgettext_lazy("assignment", "Passed"),
    SubmissionState.FAILED: pgettext_lazy("assignment", "Not passed"),
}

OPEN = frozenset({SubmissionState.DRAFT, SubmissionState.SUBMITTED})
MARKED = frozenset({SubmissionState.RETURNED, SubmissionState.PASSED, SubmissionState.FAILED})
MOVES: dict[str, tuple[str, ...]] = {
    SubmissionState.DRAFT: (SubmissionState.SUBMITTED,),
    SubmissionState.SUBMITTED: (SubmissionState.RETURNED, SubmissionState.PASSED, SubmissionState.FAILED),
    # What was marked moves once more only where the mark is corrected.
    SubmissionState.RETURNED: (SubmissionState.PASSED,),
    SubmissionState.PASSED: (SubmissionState.RETURNED, SubmissionState.FAILED),
    SubmissionState.FAILED: (SubmissionState.PASSED,),
}


class ReviewState(models.TextChoices):
    """Of one trainee's reading of another's work."""

    OPEN = "open", pgettext_lazy("peer review", "To be written")
    DONE = "done", pgettext_lazy("peer review", "Sent")


REVIEW_MOVES: dict[str, tuple[str, ...]] = {ReviewState.OPEN: (ReviewState.DONE,), ReviewState.DONE: ()}
