"""The states of an attempt and its legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptState(models.TextChoices):
    OPEN = "open", _("In progress")
    SUBMITTED = "submitted", _("Handed in")
    EXPIRED = "expired", _("Time ran out")


MOVES: dict[str, tuple[str, ...]] = {
    AttemptState.OPEN: (AttemptState.SUBMITTED, AttemptState.EXPIRED),
    AttemptState.SUBMITTED: (),
    AttemptState.EXPIRED: (),
}
