"""What a conflict of interest can be, and who has declared it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ConflictKind(models.TextChoices):
    LINE = "line", _("One leads the other at work")
    RELATIVE = "relative", _("Relatives or partners")
    COMPLAINT = "complaint", _("A complaint or dispute in the past")
    INTEREST = "interest", _("Money or other interests in common")
    OTHER = "other", pgettext_lazy("conflict", "Something else")


class Side(models.TextChoices):
    """Who has declared it."""

    MENTEE = "mentee", pgettext_lazy("conflict", "the mentee")
    SUPERVISOR = "supervisor", pgettext_lazy("conflict", "the supervisor")
    OFFICER = "officer", pgettext_lazy("conflict", "an officer")
