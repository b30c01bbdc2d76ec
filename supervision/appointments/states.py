"""The states of an application to be appointed as supervisor, its legal moves, and its kinds."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ApplicationState(models.TextChoices):
    HANDED_IN = "handed_in", pgettext_lazy("supervisor application", "Waits for an officer")
    RETURNED = "returned", pgettext_lazy("supervisor application", "Returned to be corrected")
    REFUSED = "refused", pgettext_lazy("supervisor application", "Refused")
    APPOINTED = "appointed", pgettext_lazy("supervisor application", "Appointed")
    WITHDRAWN = "withdrawn", pgettext_lazy("supervisor application", "Withdrawn")


class ApplicationKind(models.TextChoices):
    FIRST = "first", _("First appointment")
    RENEWAL = "renewal", pgettext_lazy("supervisor application", "Renewal")


OPEN = frozenset({ApplicationState.HANDED_IN, ApplicationState.RETURNED})  # one of these per person
TONES = {
    ApplicationState.HANDED_IN: "wait",
    ApplicationState.RETURNED: "warn",
    ApplicationState.REFUSED: "bad",
    ApplicationState.APPOINTED: "good",
    ApplicationState.WITHDRAWN: "plain",
}
MOVES = {
    ApplicationState.HANDED_IN: (
        ApplicationState.RETURNED,
        ApplicationState.REFUSED,
        ApplicationState.APPOINTED,
        ApplicationState.WITHDRAWN,
    ),
    ApplicationState.RETURNED: (ApplicationState.HANDED_IN, ApplicationState.WITHDRAWN),
    ApplicationState.REFUSED: (),
    ApplicationState.APPOINTED: (),
    ApplicationState.WITHDRAWN: (),
}
