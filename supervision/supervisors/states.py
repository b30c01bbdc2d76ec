"""The tiers under which places designate supervisors (labels of a local practice, never a licence), and the forms in
which supervision is given."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    TRAINEE = "trainee", _("Trainee supervisor")
    JUNIOR = "junior", _("Junior supervisor")
    INTERMEDIATE = "intermediate", _("Intermediate supervisor")
    SENIOR = "senior", _("Senior supervisor")


class Form(models.TextChoices):
    """In which form supervision is given: what a supervisor offers, and what a session was."""

    INDIVIDUAL = "individual", _("One to one")
    GROUP = "group", _("Group")
    PEER = "peer", _("Peer")
