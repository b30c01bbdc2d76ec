"""What the talent pool is searched by: spans of practice and hours, parts in supervision, the order of the list."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PURPOSE = "talent_pool"  # of the consent to be listed
WORDS = "2026-11"  # the version of the words that people agree to

# From so many full years in practice, or hours held, up to the next step; the last one has no end.
YEARS = (0, 1, 3, 5, 10)
HOURS = (0, 1, 40, 72, 90, 200)


class Part(models.TextChoices):
    """Somebody's part in supervision today."""

    SUPERVISOR = "supervisor", _("Supervises")
    SUPERVISED = "supervised", _("Is supervised")
    BOTH = "both", _("Supervises and is supervised")
    NEITHER = "neither", _("Neither")


class Order(models.TextChoices):
    NAME = "name", _("Name (pinyin)")
    HOURS = "hours", _("Most hours")
    PRACTICE = "practice", _("Longest in practice")
    LEVEL = "level", _("Highest level")


class Awarded(models.TextChoices):
    SOME = "some", pgettext_lazy("talent pool", "Commended")
    NONE = "none", pgettext_lazy("talent pool", "Not commended")


def span_label(steps: tuple[int, ...], number: int, unit: Any) -> str:
    """How a span is written: “3–4 years”, “10 years and more”."""
    first = steps[number]
    if number + 1 == len(steps):
        return _("%(first)s %(unit)s and more") % {"first": first, "unit": unit}
    last = steps[number + 1] - 1
    return f"{first} {unit}" if first == last else f"{first}–{last} {unit}"
