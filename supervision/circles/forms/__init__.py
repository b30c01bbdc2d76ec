"""The forms of circles. Nothing is decided here: they ask the policy, and say its answers at the fields."""

from supervision.circles.forms.answering import (
    AddForm,
    CancelForm,
    CorrectForm,
    DisputeForm,
    NoteForm,
    RefuseForm,
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
from supervision.circles.forms.gatherings import PlanForm
from supervision.circles.forms.recording import LogForm, ProposeForm, held_values, log_values

__all__ = [
    "AddForm",
    "CancelForm",
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
    "ProposeForm",
    "RefuseForm",
    "RemoveForm",
    "RevisionForm",
    "circle_values",
    "held_values",
    "log_values",
]
