"""Whether somebody may leave a cohort by themselves, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lms.cohorts.policy import Sentence, gettext_noop, say


@dataclass(frozen=True)
class Leaving:
    """The rule about leaving as it stands today: whether a trainee may by themselves, whether it is late, in words."""

    is_allowed: bool
    is_late: bool
    sentence: Sentence


def leaving(*, is_enrolled: bool, until: date | None, today: date) -> Leaving:
    """Whether one may leave a cohort today. An application can always be taken back; a place until the last day to leave.

    Afterwards the organiser alone can take somebody out, and it counts as dropping out. Hours already earned stay.
    """
    if not is_enrolled:
        sentence = gettext_noop(
            "Your place goes to the next person. You can apply again while applications are open."
        )
        return Leaving(True, False, say(sentence))
    if until is None:
        sentence = gettext_noop(
            "Your place goes to the next person. What you have learned and the hours you have earned stay in your record, but you can no longer go on."
        )
        return Leaving(True, False, say(sentence))
    if today <= until:
        sentence = gettext_noop(
            "You may leave by yourself until %(day)s. Your place goes to the next person. What you have learned and the hours you have earned stay in your record, but you can no longer go on."
        )
        return Leaving(True, False, say(sentence, day=until))
    sentence = gettext_noop(
        "The last day to leave by yourself was %(day)s. If you cannot go on, write to the organiser: they can take you out, and it counts as dropping out. Hours you have earned stay."
    )
    return Leaving(False, True, say(sentence, day=until))
