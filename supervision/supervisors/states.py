"""The tiers under which places designate supervisors (labels of a local practice, never a licence), and in which form
and where supervision is given."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MOST_PLACES = 100  # nobody supervises more people at the same time


class Tier(models.TextChoices):
    TRAINEE = "trainee", _("Trainee supervisor")
    JUNIOR = "junior", _("Junior supervisor")
    INTERMEDIATE = "intermediate", _("Intermediate supervisor")
    SENIOR = "senior", _("Senior supervisor")


class Form(models.TextChoices):
    """In which form supervision is given: what a supervisor offers, and what a session was."""

    INDIVIDUAL = "individual", _("One to one")
    GROUP = "group", pgettext_lazy("supervision", "Group")
    PEER = "peer", _("Peer")


class Setting(models.TextChoices):
    """Where the two meet, in all of supervision. What is held, planned and agreed on knows a part of these each."""

    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")
    OBSERVATION = "observation", _("Observation at work")
    MIXED = "mixed", pgettext_lazy("agreement", "On site and online by turns")


AT_SESSIONS = [Setting.ON_SITE.value, Setting.ONLINE.value, Setting.OBSERVATION.value]
AT_MEETINGS = [Setting.ON_SITE.value, Setting.ONLINE.value]
BY_AGREEMENT = [Setting.ON_SITE.value, Setting.ONLINE.value, Setting.MIXED.value]

TOOK_PLACE = ("logged", "confirmed", "disputed")  # the states of a session that was held


def settings_of(values: list[str]) -> list[tuple[str, Any]]:
    """Some of the settings with their words, for a field of a row or a form."""
    return [(value, Setting(value).label) for value in values]
