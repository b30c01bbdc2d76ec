"""The words of reports and allowances."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Span(models.TextChoices):
    """What a report covers."""

    MONTH = "month", pgettext_lazy("report", "Monthly")
    YEAR = "year", pgettext_lazy("report", "Yearly")


class Per(models.TextChoices):
    """What an allowance is paid for."""

    MONTH = "month", pgettext_lazy("allowance", "a month with sessions")
    SESSION = "session", pgettext_lazy("allowance", "a confirmed session")
    HOUR = "hour", pgettext_lazy("allowance", "a confirmed hour")
