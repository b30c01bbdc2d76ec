"""What is done about a question whose key was wrong."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Remedy(models.TextChoices):
    KEY = "key", _("Correct the key")
    FULL = "full", _("Void: everybody gets all its points")
    OUT = "out", _("Void: it does not count")
