"""What the queue does twice a day."""

from __future__ import annotations

from supervision.evaluations.actions.asking import close_evaluations, open_evaluations, remind_evaluations
from supervision.evaluations.actions.publishing import publish_evaluations


def run_evaluations() -> None:
    """What the clock does: open, remind, close, publish."""
    open_evaluations()
    remind_evaluations()
    close_evaluations()
    publish_evaluations()
