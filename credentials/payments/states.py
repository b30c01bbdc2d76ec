"""The states of a payment batch and of its lines, and their legal moves."""

from django.db import models
from django.utils.translation import pgettext_lazy


class BatchState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("payment batch", "Being built")
    LOCKED = "locked", pgettext_lazy("payment batch", "Locked, to be released")
    RELEASED = "released", pgettext_lazy("payment batch", "Released, at the bank")
    CLOSED = "closed", pgettext_lazy("payment batch", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("payment batch", "Cancelled")


MOVES = {
    BatchState.DRAFT: (BatchState.LOCKED, BatchState.CANCELLED),
    BatchState.LOCKED: (BatchState.DRAFT, BatchState.RELEASED, BatchState.CANCELLED),  # back: returned
    BatchState.RELEASED: (BatchState.CLOSED,),
    BatchState.CLOSED: (),
    BatchState.CANCELLED: (),
}
UNRELEASED = (BatchState.DRAFT, BatchState.LOCKED)
STANDING = (BatchState.RELEASED, BatchState.CLOSED)  # a second person stands for it


class LineState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("payment line", "Not paid yet")
    PAID = "paid", pgettext_lazy("payment line", "Paid")
    FAILED = "failed", pgettext_lazy("payment line", "Returned by the bank")
    WITHDRAWN = "withdrawn", pgettext_lazy("payment line", "Taken out")


LINE_MOVES = {
    LineState.WAITING: (LineState.PAID, LineState.FAILED, LineState.WITHDRAWN),
    LineState.PAID: (),
    LineState.FAILED: (),  # never changed: what is tried again is a new line of a new batch
    LineState.WITHDRAWN: (),
}
LIVE = (LineState.WAITING, LineState.PAID)  # of a claim one line at most
SETTLED = (LineState.PAID, LineState.FAILED)
