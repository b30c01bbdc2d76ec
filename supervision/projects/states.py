"""The states of a companion project and of what it is to bring forth, with the legal moves."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ProjectState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("project", "Under way")
    CLOSING = "closing", pgettext_lazy("project", "Being evaluated")
    CLOSED = "closed", pgettext_lazy("project", "Completed")
    STOPPED = "stopped", pgettext_lazy("project", "Stopped")


OPEN = frozenset({ProjectState.RUNNING, ProjectState.CLOSING})
PROJECT_MOVES: dict[str, tuple[str, ...]] = {
    ProjectState.RUNNING: (ProjectState.CLOSING, ProjectState.STOPPED),
    ProjectState.CLOSING: (ProjectState.CLOSED, ProjectState.RUNNING, ProjectState.STOPPED),
    ProjectState.CLOSED: (),
    ProjectState.STOPPED: (),
}
PROJECT_TONES = {
    ProjectState.RUNNING: "info",
    ProjectState.CLOSING: "wait",
    ProjectState.CLOSED: "good",
    ProjectState.STOPPED: "plain",
}


class DeliverableState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("deliverable", "Planned")
    HANDED_IN = "handed_in", pgettext_lazy("deliverable", "Handed in")
    ACCEPTED = "accepted", pgettext_lazy("deliverable", "Accepted")
    DROPPED = "dropped", pgettext_lazy("deliverable", "Dropped")


TONES = {
    DeliverableState.PLANNED: "plain",
    DeliverableState.HANDED_IN: "wait",
    DeliverableState.ACCEPTED: "good",
    DeliverableState.DROPPED: "plain",
}
MOVES: dict[str, tuple[str, ...]] = {
    DeliverableState.PLANNED: (DeliverableState.HANDED_IN, DeliverableState.DROPPED),
    DeliverableState.HANDED_IN: (
        DeliverableState.ACCEPTED,
        DeliverableState.PLANNED,  # sent back
    ),
    DeliverableState.ACCEPTED: (),
    DeliverableState.DROPPED: (),
}
