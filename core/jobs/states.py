"""The states of a job and its legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting to start")
    RUNNING = "running", pgettext_lazy("job", "Running")
    DONE = "done", _("Finished")
    FAILED = "failed", _("Stopped by an error")
    CANCELLED = "cancelled", _("Cancelled")


OPEN = frozenset({JobState.QUEUED, JobState.RUNNING})
MOVES = {
    JobState.QUEUED: (JobState.RUNNING, JobState.CANCELLED),
    JobState.RUNNING: (
        JobState.RUNNING,  # its worker went silent, and another one takes over
        JobState.DONE,
        JobState.FAILED,
        JobState.CANCELLED,
    ),
    JobState.FAILED: (JobState.QUEUED,),
    JobState.DONE: (),
    JobState.CANCELLED: (),
}
