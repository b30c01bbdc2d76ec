"""The states of a talent plan and its legal moves; what a target counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("talent plan", "Draft")
    IN_FORCE = "in_force", pgettext_lazy("talent plan", "In force")
    CLOSED = "closed", pgettext_lazy("talent plan", "Closed")


MOVES = {
    PlanState.DRAFT: (PlanState.IN_FORCE,),
    PlanState.IN_FORCE: (PlanState.CLOSED,),
    PlanState.CLOSED: (),
}


class TargetKind(models.TextChoices):
    TRAINED = "trained", _("People trained")
    QUALIFIED = "qualified", _("Qualifications gained")
    POSTED = "posted", _("Posts filled")
