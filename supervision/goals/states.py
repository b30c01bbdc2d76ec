"""The states of a learning goal and its legal moves: it can also turn out not to have been reached after all."""

from django.db import models
from django.utils.translation import pgettext_lazy


class GoalState(models.TextChoices):
    NOT_BEGUN = "not_begun", pgettext_lazy("goal", "Not begun")
    UNDER_WAY = "under_way", pgettext_lazy("goal", "Under way")
    REACHED = "reached", pgettext_lazy("goal", "Reached")


MOVES: dict[str, tuple[str, ...]] = {
    GoalState.NOT_BEGUN: (GoalState.UNDER_WAY, GoalState.REACHED),
    GoalState.UNDER_WAY: (GoalState.NOT_BEGUN, GoalState.REACHED),
    GoalState.REACHED: (GoalState.UNDER_WAY,),
}
TONES = {GoalState.NOT_BEGUN: "plain", GoalState.UNDER_WAY: "wait", GoalState.REACHED: "good"}
