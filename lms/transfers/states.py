"""The states of a transfer and its legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TransferState(models.TextChoices):
    ASKED = "asked", _("Waits for the decision of the new cohort")
    GRANTED = "granted", pgettext_lazy("transfer", "Moved")
    REFUSED = "refused", pgettext_lazy("transfer", "Not granted")
    TAKEN_BACK = "taken_back", pgettext_lazy("transfer", "Taken back")


FIRST = (TransferState.ASKED, TransferState.GRANTED)  # an officer moves somebody without being asked
MOVES: dict[str, tuple[str, ...]] = {
    TransferState.ASKED: (TransferState.GRANTED, TransferState.REFUSED, TransferState.TAKEN_BACK),
    TransferState.GRANTED: (),
    TransferState.REFUSED: (),
    TransferState.TAKEN_BACK: (),
}
