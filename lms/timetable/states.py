"""How a class is held."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mode(models.TextChoices):
    ON_SITE = "on_site", pgettext_lazy("class", "Face to face")
    ONLINE = "online", pgettext_lazy("class", "Online")
    BOTH = "both", _("Face to face and online")
