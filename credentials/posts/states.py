"""By which route somebody came into the profession's ranks."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Route(models.TextChoices):
    """The three routes of the talent plan: 培养, 招录 (through purchased projects), 提升."""

    TRAINED = "trained", pgettext_lazy("talent route", "Trained")
    RECRUITED = "recruited", pgettext_lazy("talent route", "Recruited")
    PROMOTED = "promoted", pgettext_lazy("talent route", "Promoted")
