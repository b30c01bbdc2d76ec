"""The states of a certificate, its legal moves, and the five answers of the verify page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateState(models.TextChoices):
    """Expiry is no state: it follows from the last day."""

    VALID = "valid", _("Valid")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced")


MOVES = {
    CertificateState.VALID: (CertificateState.REVOKED, CertificateState.REPLACED),
    CertificateState.REVOKED: (),
    CertificateState.REPLACED: (),
}


class Verdict(models.TextChoices):
    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced by a newer certificate")
    UNKNOWN = "unknown", _("Not found")
