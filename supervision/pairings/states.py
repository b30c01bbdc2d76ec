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
