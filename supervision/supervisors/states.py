"""The tiers under which places designate supervisors. Labels of a local practice, never a licence."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    TRAINEE = "trainee", _("Trainee supervisor")
    JUNIOR = "junior", _("Junior supervisor")
    INTERMEDIATE = "intermediate", _("Intermediate supervisor")
    SENIOR = "senior", _("Senior supervisor")
