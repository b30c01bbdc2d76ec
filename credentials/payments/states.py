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
    # The bank has paid after all; what is tried again is a new line of a new batch.
    LineState.FAILED: (LineState.PAID,),
    LineState.WITHDRAWN: (),
}
LIVE = (LineState.WAITING, LineState.PAID)  # of a claim one line at most, until what was paid came back
SETTLED = (LineState.PAID, LineState.FAILED)


class ReversalState(models.TextChoices):
    """A reversal takes a paid line back: one person records it, a second one confirms it."""

    RECORDED = "recorded", pgettext_lazy("reversal", "Waits for a second person")
    CONFIRMED = "confirmed", pgettext_lazy("reversal", "Confirmed")
    REFUSED = "refused", pgettext_lazy("reversal", "Refused")


REVERSAL_MOVES = {
    ReversalState.RECORDED: (ReversalState.CONFIRMED, ReversalState.REFUSED),
    ReversalState.CONFIRMED: (),
    ReversalState.REFUSED: (),
}


class ReversalCause(models.TextChoices):
    CAME_BACK = "came_back", pgettext_lazy("reversal", "The bank sent the money back")
    WRONG = "wrong", pgettext_lazy("reversal", "It was paid wrongly, and was paid back")


class ReversalEnd(models.TextChoices):
    """What becomes of the claim."""

    AGAIN = "again", pgettext_lazy("reversal", "The claim is paid again")
    CLOSED = "closed", pgettext_lazy("reversal", "The claim ends")
