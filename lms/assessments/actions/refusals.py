"""Why an act of a sitting is not possible."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from core.states import Refused
from lms.assessments.models import Attempt
from lms.assessments.policy import Start, is_over
from lms.assessments.states import AttemptState


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


class TooLate(NotPossible):
    """The attempt is over: handed in, or its time has run out."""


def refuse_start(start: Start, first_title: str | None) -> None:
    """Raise NotPossible when a new attempt may not begin, saying why."""
    if start == Start.PASSED:
        raise NotPossible(_("You have passed this quiz. There is nothing more to do here."))
    if start == Start.WAITS:
        raise NotPossible(_("Your last attempt is being read. You can try again when its result is there."))
    if start == Start.USED_UP:
        raise NotPossible(_("You have used all attempts. Ask the organiser of your cohort what comes next."))
    if first_title:
        raise NotPossible(_("This quiz opens after “%(title)s”. Finish that first.") % {"title": first_title})


def refuse_late(attempt: Attempt) -> None:
    """Raise TooLate when the attempt takes no more answers."""
    if attempt.state == AttemptState.SUBMITTED:
        raise TooLate(_("You have handed this attempt in. Answers can no longer be changed."))
    if attempt.state == AttemptState.EXPIRED or is_over(attempt.deadline_at, now=timezone.now()):
        raise TooLate(_("The time has run out. What you had answered until then counts."))
