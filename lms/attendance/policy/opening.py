"""From when on something can be recorded about a class."""

from __future__ import annotations

from datetime import datetime

from lms.attendance.policy.doors import ClassFacts
from lms.cohorts.policy import Sentence, gettext_noop, say


def opening_refusal(klass: ClassFacts, *, now: datetime) -> Sentence | None:
    """Why nothing can be recorded about this class now; None when it can: from the moment on at which check-in opens.

    What a closed register says can be corrected at any time.
    """
    if klass.is_cancelled:
        return say(gettext_noop("This class is cancelled, so no attendance is taken."))
    if now < klass.opens_at and not klass.is_closed:
        return say(
            gettext_noop("Attendance of this class opens on %(time)s. Nothing can be recorded before."),
            time=klass.opens_at,
        )
    return None


def list_refusal(klass: ClassFacts, *, now: datetime) -> Sentence | None:
    """Why a list of who was in its meeting cannot be taken over; None when it can: once the class has begun."""
    if now < klass.starts_at and not klass.is_closed and not klass.is_cancelled:
        return say(
            gettext_noop("This class begins on %(time)s. Nobody can be on its participant list before."),
            time=klass.starts_at,
        )
    return opening_refusal(klass, now=now)
