"""The states of an attempt and its legal moves, and what is kept of its course."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptState(models.TextChoices):
    OPEN = "open", _("In progress")
    SUBMITTED = "submitted", _("Handed in")
    EXPIRED = "expired", _("Time ran out")


MOVES: dict[str, tuple[str, ...]] = {
    AttemptState.OPEN: (AttemptState.SUBMITTED, AttemptState.EXPIRED),
    AttemptState.SUBMITTED: (),
    AttemptState.EXPIRED: (),
}

MOST_EVENTS = 500  # of one attempt: whoever sends more adds nothing


class EventKind(models.TextChoices):
    """What is kept while an attempt runs."""

    OPENED = "opened", _("Opened a page")
    LEFT = "left", _("Left the page")
    RETURNED = "returned", _("Came back to the page")
    GAP = "gap", _("Was without a network")
    TAKEN = "taken", _("Went on on another device")


TOLD_BY_PAGE = frozenset({EventKind.LEFT, EventKind.RETURNED, EventKind.GAP})
