"""The states of a certificate, its legal moves, and the five answers of the verify page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class ReasonClass(models.TextChoices):
    """Why a certificate ended, in a word that can be counted; the sentence stands beside it."""

    MISTAKE = "mistake", _("Issued by mistake")
    UNTRUE = "untrue", _("Obtained by untrue statements")
    RULES = "rules", _("Against the rules of the course or the profession")
    NAME = "name", _("The name was corrected")
    PRINT = "print", _("A printed fact was wrong")
    RENEWED = "renewed", _("Renewed for another term")
    OTHER = "other", pgettext_lazy("reason", "Another reason")


REVOKED_FOR = (ReasonClass.MISTAKE, ReasonClass.UNTRUE, ReasonClass.RULES, ReasonClass.OTHER)
REPLACED_FOR = (ReasonClass.NAME, ReasonClass.PRINT, ReasonClass.OTHER)


class Verdict(models.TextChoices):
    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced by a newer certificate")
    UNKNOWN = "unknown", _("Not found")
