"""The states of a manual entry 补录学时, its legal moves, and the kinds of training."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ManualState(models.TextChoices):
    REQUESTED = "requested", _("Waits for an officer")
    PROPOSED = "proposed", _("Waits for a second officer")
    CONFIRMED = "confirmed", pgettext_lazy("manual entry", "Confirmed")
    RETURNED = "returned", pgettext_lazy("manual entry", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("manual entry", "Withdrawn")


OPEN = (ManualState.REQUESTED, ManualState.PROPOSED)
ALIVE = (*OPEN, ManualState.CONFIRMED)  # a proof counts once among these

MOVES = {
    ManualState.REQUESTED: (ManualState.PROPOSED, ManualState.RETURNED, ManualState.WITHDRAWN),
    ManualState.PROPOSED: (ManualState.CONFIRMED, ManualState.RETURNED, ManualState.WITHDRAWN),
    ManualState.CONFIRMED: (),  # from then on it is corrected in the ledger
    ManualState.RETURNED: (),
    ManualState.WITHDRAWN: (),
}


class Training(models.TextChoices):
    """The forms of continuing education that are entered by hand."""

    TRAINING = "training", _("Training on site")
    ONLINE = "online", _("Training online")
    CONFERENCE = "conference", _("Conference or forum")
    DEGREE = "degree", _("Degree studies")
    TEACHING = "teaching", _("Teaching or publishing")
    OTHER = "other", pgettext_lazy("training", "Other")
