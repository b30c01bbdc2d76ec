"""What can be said about a file that somebody was given."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileVerdict(models.TextChoices):
    """About the file alone. What the paper is worth today is another question, answered beside it."""

    GENUINE = "genuine", _("The file is genuine")
    OLD = "old", _("Genuine, but a later file was made of the same paper")
    SIGNED = "signed", _("Signed by us, but not the file that was issued")
    TAMPERED = "tampered", _("The file was changed after it was issued")
    WITHDRAWN = "withdrawn", _("Signed with a key that was withdrawn")
    FOREIGN = "foreign", _("Not a file of ours")


MARKS = {  # the look of the answer, as on the pages of single papers
    FileVerdict.GENUINE: "valid",
    FileVerdict.OLD: "replaced",
    FileVerdict.SIGNED: "expired",
    FileVerdict.TAMPERED: "revoked",
    FileVerdict.WITHDRAWN: "revoked",
    FileVerdict.FOREIGN: "unknown",
}
