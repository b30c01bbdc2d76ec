"""What a conduct record says, its states, and its legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Head(models.TextChoices):
    """The four heads that policies ask about."""

    UNLAWFUL = "unlawful", _("Breach of the law")
    DISCIPLINE = "discipline", _("Serious breach of discipline")
    ETHICS = "ethics", _("Breach of professional ethics")
    INDUSTRY = "industry", _("Breach of the rules of the field")


class ConductState(models.TextChoices):
    STANDING = "standing", pgettext_lazy("conduct", "Stands")
    LIFTED = "lifted", pgettext_lazy("conduct", "Lifted")


MOVES = {
    ConductState.STANDING: (ConductState.LIFTED,),
    ConductState.LIFTED: (),
}
