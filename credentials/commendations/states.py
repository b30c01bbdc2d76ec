"""How high a commendation is, its states, and its legal moves."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Rank(models.TextChoices):
    NATIONAL = "national", pgettext_lazy("commendation", "National")
    PROVINCIAL = "provincial", pgettext_lazy("commendation", "Provincial")
    CITY = "city", pgettext_lazy("commendation", "City")
    COUNTY = "county", pgettext_lazy("commendation", "County")


class CommendationState(models.TextChoices):
    REGISTERED = "registered", pgettext_lazy("commendation", "Registered")
    STRUCK = "struck", pgettext_lazy("commendation", "Struck off")


MOVES = {
    CommendationState.REGISTERED: (CommendationState.STRUCK,),
    CommendationState.STRUCK: (),
}
