"""The states of a supervisor's own training as it is declared and checked, and its legal moves."""

from django.db import models
from django.utils.translation import pgettext_lazy


class TrainingState(models.TextChoices):
    DECLARED = "declared", pgettext_lazy("own training", "Waits for a check")
    CHECKED = "checked", pgettext_lazy("own training", "Checked")
    RETURNED = "returned", pgettext_lazy("own training", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("own training", "Withdrawn")


LIVE = frozenset({TrainingState.DECLARED, TrainingState.CHECKED})  # these count, or will; none of them twice
MOVES: dict[str, tuple[str, ...]] = {
    TrainingState.DECLARED: (TrainingState.CHECKED, TrainingState.RETURNED, TrainingState.WITHDRAWN),
    TrainingState.CHECKED: (TrainingState.RETURNED,),  # checked by mistake
    TrainingState.RETURNED: (TrainingState.DECLARED, TrainingState.WITHDRAWN),  # corrected, or given up
    TrainingState.WITHDRAWN: (),
}
TONES = {
    TrainingState.DECLARED: "wait",
    TrainingState.CHECKED: "good",
    TrainingState.RETURNED: "warn",
    TrainingState.WITHDRAWN: "plain",
}
