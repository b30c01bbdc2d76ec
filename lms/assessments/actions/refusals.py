"""Why an act of a sitting is not possible."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.states import Refused
from core.templatetags.times import day_time
from lms.assessments.models import Attempt
from lms.assessments.policy import Start, is_over
from lms.assessments.queries import Standing, ahead
from lms.assessments.states import AttemptState


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


class TooLate(NotPossible):
    """The attempt is over: handed in, or its time has run out."""


class Elsewhere(NotPossible):
    """The attempt goes on on another device."""


def refuse_start(standing: Standing, first_title: str | None) -> None:
    """Raise NotPossible when a new attempt may not begin, saying why."""
    start = standing.start
    if start == Start.PASSED:
        raise NotPossible(_("You have passed this quiz. There is nothing more to do here."))
    if start == Start.WAITS:
        raise NotPossible(_("Your last attempt is being read. You can try again when its result is there."))
    if start == Start.USED_UP:
        raise NotPossible(_("You have used all attempts. Ask the organiser of your cohort what comes next."))
    if first_title:
        raise NotPossible(_("This quiz opens after “%(title)s”. Finish that first.") % {"title": first_title})
    if start == Start.EARLY and standing.window:
        raise NotPossible(
            _("This quiz opens on %(moment)s (%(distance)s).") % _moment(standing.window.opens_at)
        )
    if start == Start.LATE and standing.window:
        raise NotPossible(
            _("This quiz closed on %(moment)s. Ask the organiser of your cohort what comes next.")
            % _moment(standing.window.closes_at)
        )
    if start == Start.COOLS and standing.cools_until:
        raise NotPossible(
            _("You can try again from %(moment)s (%(distance)s).") % _moment(standing.cools_until)
        )


def _moment(moment: datetime) -> dict[str, str]:
    return {"moment": day_time(moment), "distance": ahead(moment)}


def refuse_late(attempt: Attempt) -> None:
    """Raise TooLate when the attempt takes no more answers."""
    if attempt.state == AttemptState.SUBMITTED:
        raise TooLate(_("You have handed this attempt in. Answers can no longer be changed."))
    if attempt.state == AttemptState.EXPIRED or is_over(attempt.deadline_at, now=timezone.now()):
        raise TooLate(_("The time has run out. What you had answered until then counts."))


def refuse_elsewhere(attempt: Attempt, device: str | None) -> None:
    """Raise Elsewhere when another device than this one may answer. None: nobody asks."""
    if device is not None and attempt.holder and attempt.holder != device:
        raise Elsewhere(
            _("This attempt goes on on another device. What you answer here is not saved any more.")
        )
