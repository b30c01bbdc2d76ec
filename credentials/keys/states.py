"""What signing keys are for, and how one ends."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Purpose(models.TextChoices):
    """One key of each is active at a time."""

    PDF = "pdf", _("Signatures of PDF files")
    BADGE = "badge", _("Proofs of badges")  # Ed25519, for Data Integrity (eddsa-rdfc-2022) and EdDSA
    TOKEN = "token", _("Badges as tokens (JWT)")  # P-256, for ES256


class KeyState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("key", "In use")
    RETIRED = "retired", pgettext_lazy("key", "Retired")  # signs nothing more; what it signed stays good
    WITHDRAWN = "withdrawn", pgettext_lazy("key", "Withdrawn")  # its signatures prove nothing any more


MOVES = {
    KeyState.ACTIVE: (KeyState.RETIRED, KeyState.WITHDRAWN),
    KeyState.RETIRED: (KeyState.WITHDRAWN,),
    KeyState.WITHDRAWN: (),
}
TRUSTED = frozenset({KeyState.ACTIVE, KeyState.RETIRED})
