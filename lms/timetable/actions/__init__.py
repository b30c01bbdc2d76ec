"""What is done with classes: planned, changed, cancelled; and who is told."""

from lms.timetable.actions.planning import (
    Cancelled,
    InTheWay,
    NotPlanned,
    cancel_all,
    cancel_class,
    change_class,
    plan_class,
    renew_feed,
)
from lms.timetable.actions.telling import remind_classes

__all__ = [
    "Cancelled",
    "InTheWay",
    "NotPlanned",
    "cancel_all",
    "cancel_class",
    "change_class",
    "plan_class",
    "remind_classes",
    "renew_feed",
]
