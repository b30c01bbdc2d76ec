"""The states of an enrolment and its legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EnrolmentState(models.TextChoices):
    """As the officer calls them; SEEN_BY_TRAINEE has the trainee's words."""

    APPLIED = "applied", _("Awaiting review")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("Place offered")
    ENROLLED = "enrolled", _("Enrolled")
    COMPLETED = "completed", _("Completed")
    REFUSED = "refused", pgettext_lazy("enrolment", "Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Offer lapsed")
    CANCELLED = "cancelled", _("Cohort cancelled")


SEEN_BY_TRAINEE = {
    EnrolmentState.APPLIED: _("Application under review"),
    EnrolmentState.WAITING: _("On the waiting list"),
    EnrolmentState.OFFERED: _("A place is held for you"),
    EnrolmentState.ENROLLED: _("Learning"),
    EnrolmentState.COMPLETED: _("Completed"),
    EnrolmentState.REFUSED: _("Not admitted"),
    EnrolmentState.WITHDRAWN: _("Withdrawn"),
    EnrolmentState.LAPSED: _("Offer lapsed"),
    EnrolmentState.CANCELLED: _("Cohort cancelled"),
}

SEATED = frozenset(
    {EnrolmentState.APPLIED, EnrolmentState.OFFERED, EnrolmentState.ENROLLED, EnrolmentState.COMPLETED}
)
OPEN = SEATED | {EnrolmentState.WAITING}
WAITS = frozenset({EnrolmentState.WAITING, EnrolmentState.OFFERED})
LEARNING = frozenset({EnrolmentState.ENROLLED, EnrolmentState.COMPLETED})
FIRST = (EnrolmentState.APPLIED, EnrolmentState.WAITING)  # an application begins with a place, or without
PENDING = frozenset({EnrolmentState.APPLIED, EnrolmentState.WAITING, EnrolmentState.OFFERED})
_ENDS = (EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN, EnrolmentState.CANCELLED)
MOVES: dict[str, tuple[str, ...]] = {
    EnrolmentState.APPLIED: (EnrolmentState.ENROLLED, *_ENDS),
    EnrolmentState.WAITING: (EnrolmentState.OFFERED, *_ENDS),
    EnrolmentState.OFFERED: (EnrolmentState.APPLIED, EnrolmentState.LAPSED, *_ENDS),
    EnrolmentState.ENROLLED: (
        EnrolmentState.COMPLETED,
        EnrolmentState.WITHDRAWN,
        EnrolmentState.CANCELLED,
        EnrolmentState.APPLIED,  # moved to a cohort where others decide as well
    ),
    EnrolmentState.COMPLETED: (),
    EnrolmentState.REFUSED: (),
    EnrolmentState.WITHDRAWN: (),
    EnrolmentState.LAPSED: (),
    EnrolmentState.CANCELLED: (EnrolmentState.APPLIED,),  # to a free place in another cohort
}
