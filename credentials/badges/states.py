"""What is said of a badge that somebody hands in to be verified."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BadgeVerdict(models.TextChoices):
    VALID = "valid", _("Genuine and valid")
    EXPIRED = "expired", _("Genuine, and expired")
    REVOKED = "revoked", _("Genuine, and revoked")
    REPLACED = "replaced", _("Genuine, and replaced by a newer certificate")
    RESIGNED = "resigned", _("Genuine, and signed anew since")
    TAMPERED = "tampered", _("Changed after it was issued")
    FOREIGN = "foreign", _("Not issued here")
    UNREADABLE = "unreadable", _("Not a badge")
