"""The states of an enrolment and its legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnrolmentState(models.TextChoices):
    """As the officer calls them; SEEN_BY_TRAINEE has the trainee's words."""

    APPLIED = "applied", _("Awaiting review")
    WAITING = "waiting", _("On the waiting list")
    ENROLLED = "enrolled", _("Enrolled")
    COMPLETED = "completed", _("Completed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


SEEN_BY_TRAINEE = {
    EnrolmentState.APPLIED: _("Application under review"),
    EnrolmentState.WAITING: _("On the waiting list"),
    EnrolmentState.ENROLLED: _("Learning"),
    EnrolmentState.COMPLETED: _("Completed"),
    EnrolmentState.REFUSED: _("Not admitted"),
    EnrolmentState.WITHDRAWN: _("Withdrawn"),
}

OPEN = frozenset(
    {EnrolmentState.APPLIED, EnrolmentState.WAITING, EnrolmentState.ENROLLED, EnrolmentState.COMPLETED}
)
SEATED = frozenset({EnrolmentState.APPLIED, EnrolmentState.ENROLLED, EnrolmentState.COMPLETED})
LEARNING = frozenset({EnrolmentState.ENROLLED, EnrolmentState.COMPLETED})
FIRST = (EnrolmentState.APPLIED, EnrolmentState.WAITING)  # an application begins with a place, or without
MOVES: dict[str, tuple[str, ...]] = {
    EnrolmentState.APPLIED: (EnrolmentState.ENROLLED, EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN),
    EnrolmentState.WAITING: (EnrolmentState.APPLIED, EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN),
    EnrolmentState.ENROLLED: (EnrolmentState.COMPLETED, EnrolmentState.WITHDRAWN),
    EnrolmentState.COMPLETED: (),
    EnrolmentState.REFUSED: (),
    EnrolmentState.WITHDRAWN: (),
}
