"""What one of a pair can ask whoever arranges pairings for, the states of such a wish and its legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.pairings.states import PairingState


class WishKind(models.TextChoices):
    CHANGE = "change", pgettext_lazy("wish of a pair", "Another supervisor")
    PAUSE = "pause", pgettext_lazy("wish of a pair", "A pause")
    RESUME = "resume", pgettext_lazy("wish of a pair", "To go on after the pause")
    END = "end", pgettext_lazy("wish of a pair", "To end the supervision")


POSSIBLE: dict[str, tuple[str, ...]] = {  # what can be asked for while the pairing is in a state
    PairingState.ACTIVE: (WishKind.CHANGE, WishKind.PAUSE, WishKind.END),
    PairingState.PAUSED: (WishKind.RESUME, WishKind.CHANGE, WishKind.END),
    PairingState.ENDED: (),
}


class WishState(models.TextChoices):
    OPEN = "open", _("Waits for an administrator")
    ACCEPTED = "accepted", pgettext_lazy("wish of a pair", "Granted")
    DECLINED = "declined", pgettext_lazy("wish of a pair", "Not granted")
    WITHDRAWN = "withdrawn", pgettext_lazy("wish of a pair", "Taken back")
    CLOSED = "closed", pgettext_lazy("wish of a pair", "Settled otherwise")


MOVES: dict[str, tuple[str, ...]] = {
    WishState.OPEN: (WishState.ACCEPTED, WishState.DECLINED, WishState.WITHDRAWN, WishState.CLOSED),
    WishState.ACCEPTED: (),
    WishState.DECLINED: (),
    WishState.WITHDRAWN: (),
    WishState.CLOSED: (),
}
TONES = {
    WishState.OPEN: "wait",
    WishState.ACCEPTED: "good",
    WishState.DECLINED: "bad",
    WishState.WITHDRAWN: "plain",
    WishState.CLOSED: "plain",
}
