"""The forms of circles. Nothing is decided here: they ask the policy, and say its answers at the fields."""

from supervision.circles.forms.answering import (
    AddForm,
    CorrectForm,
    DisputeForm,
    NoteForm,
    RemoveForm,
    RevisionForm,
)
from supervision.circles.forms.circles import (
    CircleForm,
    CloseForm,
    DeskCircleForm,
    FindCircleForm,
    HandOverForm,
    InviteForm,
    NewCircleForm,
    circle_values,
)
from supervision.circles.forms.gatherings import TEXTS, LogForm, PlanForm, WhenForm, held_values, log_values

__all__ = [
    "TEXTS",
    "AddForm",
    "CircleForm",
    "CloseForm",
    "CorrectForm",
    "DeskCircleForm",
    "DisputeForm",
    "FindCircleForm",
    "HandOverForm",
    "InviteForm",
    "LogForm",
    "NewCircleForm",
    "NoteForm",
    "PlanForm",
    "RemoveForm",
    "RevisionForm",
    "WhenForm",
    "circle_values",
    "held_values",
    "log_values",
]
