"""The states of an import and of its rows, and the legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportState(models.TextChoices):
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing taken over yet")
    APPLYING = "applying", _("Being taken over")
    DONE = "done", _("Taken over")
    REFUSED = "refused", _("Cannot be read")
    DROPPED = "dropped", _("Dropped")


class Outcome(models.TextChoices):
    """What becomes of one row."""

    NEW = "new", pgettext_lazy("row", "New")
    KNOWN = "known", pgettext_lazy("row", "Already there")
    WRONG = "wrong", pgettext_lazy("row", "Wrong")
    APPLIED = "applied", pgettext_lazy("row", "Taken over")


MOVES: dict[str, tuple[str, ...]] = {
    ImportState.CHECKING: (ImportState.CHECKED, ImportState.REFUSED, ImportState.DROPPED),
    ImportState.CHECKED: (ImportState.APPLYING, ImportState.DROPPED),
    ImportState.APPLYING: (ImportState.DONE, ImportState.CHECKED),
    ImportState.DONE: (),
    ImportState.REFUSED: (),
    ImportState.DROPPED: (),
}
