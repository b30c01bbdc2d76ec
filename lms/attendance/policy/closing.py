"""When a register can be closed."""

from __future__ import annotations

from datetime import datetime

from lms.attendance.policy.doors import ClassFacts
from lms.cohorts.policy import Sentence, gettext_noop, say


def closing_refusal(klass: ClassFacts, *, now: datetime) -> Sentence | None:
    """Why the register of this class cannot be closed now; None when it can, or is closed already."""
    if klass.is_closed:
        return None
    if klass.is_cancelled:
        return say(gettext_noop("This class is cancelled, so no attendance is taken."))
    if now < klass.ends_at:
        return say(gettext_noop("The class has not ended yet. The register can be closed after its end."))
    return None
