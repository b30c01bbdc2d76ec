"""The three answers of the verify page about an hours statement."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StatementVerdict(models.TextChoices):
    GENUINE = "genuine", pgettext_lazy("hours statement", "Genuine")
    SUPERSEDED = "superseded", _("Hours were corrected since")
    UNKNOWN = "unknown", _("Not found")
