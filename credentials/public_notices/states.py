"""What a notice is about, how its days are counted, its states and those of an objection."""

from django.db import models
from django.utils.translation import pgettext_lazy


class About(models.TextChoices):
    CLAIMS = "claims", pgettext_lazy("public notice", "Subsidies")
    AWARDS = "awards", pgettext_lazy("public notice", "Awards")


class Counts(models.TextChoices):
    WORKING = "working", pgettext_lazy("public notice", "working days")
    CALENDAR = "calendar", pgettext_lazy("public notice", "calendar days")


class NoticeState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("public notice", "Running")
    CLOSED = "closed", pgettext_lazy("public notice", "Ended")
    WITHDRAWN = "withdrawn", pgettext_lazy("public notice", "Withdrawn")


class ObjectionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("objection", "To answer")
    UPHELD = "upheld", pgettext_lazy("objection", "Upheld")
    DISMISSED = "dismissed", pgettext_lazy("objection", "Dismissed")


class Outcome(models.TextChoices):
    """What became of one line once the notice had ended and nothing was open about it."""

    CLEARED = "cleared", pgettext_lazy("line of a public notice", "No objection stands")
    UPHELD = "upheld", pgettext_lazy("line of a public notice", "An objection was upheld")


MOVES = {
    NoticeState.RUNNING: (NoticeState.CLOSED, NoticeState.WITHDRAWN),
    NoticeState.CLOSED: (),
    NoticeState.WITHDRAWN: (),
}
OBJECTION_MOVES = {
    ObjectionState.OPEN: (ObjectionState.UPHELD, ObjectionState.DISMISSED),
    ObjectionState.UPHELD: (),
    ObjectionState.DISMISSED: (),
}
