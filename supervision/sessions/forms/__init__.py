"""The forms of a session. Nothing is decided here: they ask the policy, and say its answers at the fields."""

from supervision.sessions.forms.answers import (
    AnswerForm,
    CancelForm,
    DisputeForm,
    ExplainForm,
    FileForm,
    NoteForm,
    ReflectionForm,
    RevisionForm,
)
from supervision.sessions.forms.desk import AskReviewForm, DeskAnswerForm, GrantForm, RuleForm
from supervision.sessions.forms.record import AGREED_ROWS, CASE_ROWS, LISTS, SessionForm
from supervision.sessions.forms.records import AmendForm, CorrectForm, LogForm, TicksField
from supervision.sessions.forms.wording import (
    BY_CODE,
    choices_of,
    chosen_of,
    clock_field,
    day_field,
    key_of,
    parsed_day,
    say_telling,
)

__all__ = [
    "AGREED_ROWS",
    "BY_CODE",
    "CASE_ROWS",
    "LISTS",
    "AmendForm",
    "AnswerForm",
    "AskReviewForm",
    "CancelForm",
    "CorrectForm",
    "DeskAnswerForm",
    "DisputeForm",
    "ExplainForm",
    "FileForm",
    "GrantForm",
    "LogForm",
    "NoteForm",
    "ReflectionForm",
    "RevisionForm",
    "RuleForm",
    "SessionForm",
    "TicksField",
    "choices_of",
    "chosen_of",
    "clock_field",
    "day_field",
    "key_of",
    "parsed_day",
    "say_telling",
]
