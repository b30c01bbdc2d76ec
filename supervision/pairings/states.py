"""The states of a pairing and its legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PairingState(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


OPEN = frozenset({PairingState.ACTIVE, PairingState.PAUSED})  # these hold one of the supervisor's places
MOVES: dict[str, tuple[str, ...]] = {
    PairingState.ACTIVE: (PairingState.PAUSED, PairingState.ENDED),
    PairingState.PAUSED: (PairingState.ACTIVE, PairingState.ENDED),
    PairingState.ENDED: (),
}


class Frequency(models.IntegerChoices):
    """How often the two meet, in days from one session to the next."""

    WEEKLY = 7, _("Every week")
    FORTNIGHTLY = 14, _("Every two weeks")
    MONTHLY = 30, _("Every month")
    BIMONTHLY = 60, _("Every two months")
