"""What a certificate template is chosen from. The values stand in published versions for ever: never reuse one."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Paper(models.TextChoices):
    LANDSCAPE = "landscape", pgettext_lazy("paper", "A4, landscape")
    PORTRAIT = "portrait", pgettext_lazy("paper", "A4, portrait")


class Frame(models.TextChoices):
    DOUBLE = "double", pgettext_lazy("frame", "Double line")
    LINE = "line", pgettext_lazy("frame", "Fine line")
    NONE = "none", pgettext_lazy("frame", "None")


class Colour(models.TextChoices):
    FLAME = "flame", pgettext_lazy("colour", "Flame")
    GOLD = "gold", pgettext_lazy("colour", "Gold")
    INK = "ink", pgettext_lazy("colour", "Ink")
    PINE = "pine", pgettext_lazy("colour", "Pine green")
    INDIGO = "indigo", pgettext_lazy("colour", "Indigo")


class Spot(models.TextChoices):
    LEFT = "left", pgettext_lazy("spot", "Bottom left")
    CENTRE = "centre", pgettext_lazy("spot", "Bottom centre")
    RIGHT = "right", pgettext_lazy("spot", "Bottom right")


class Detail(models.TextChoices):
    COHORT = "cohort", pgettext_lazy("detail", "Cohort")
    HOURS = "hours", pgettext_lazy("detail", "Hours")
    EXPIRES = "expires", pgettext_lazy("detail", "Valid until")
