"""Who is checked in, by which code, how many minutes count, and what may be asked. Pure: facts in, a decision with its
sentence out."""

from lms.attendance.policy.asking import (
    AskFacts,
    absence_refusal,
    asked_already,
    leave_refusal,
    make_up_refusal,
)
from lms.attendance.policy.closing import closing_refusal
from lms.attendance.policy.codes import (
    DIGITS,
    SCAN_LASTS,
    STEP,
    CodeFault,
    Read,
    Way,
    code_of,
    digits_of,
    read_code,
    read_digits,
    step_of,
)
from lms.attendance.policy.doors import (
    Answer,
    ClassFacts,
    Decision,
    OnScreen,
    PersonFacts,
    at_the_door,
    done,
    expired,
    forged,
    on_screen,
)
from lms.attendance.policy.lists import Match, Participant, Seat, Span, gather, match, union_minutes
from lms.attendance.policy.minutes import Measured, Rule, Stay, measure
from lms.attendance.policy.opening import list_refusal, opening_refusal

__all__ = [
    "DIGITS",
    "SCAN_LASTS",
    "STEP",
    "Answer",
    "AskFacts",
    "ClassFacts",
    "CodeFault",
    "Decision",
    "Match",
    "Measured",
    "OnScreen",
    "Participant",
    "PersonFacts",
    "Read",
    "Rule",
    "Seat",
    "Span",
    "Stay",
    "Way",
    "absence_refusal",
    "asked_already",
    "at_the_door",
    "closing_refusal",
    "code_of",
    "digits_of",
    "done",
    "expired",
    "forged",
    "gather",
    "leave_refusal",
    "list_refusal",
    "make_up_refusal",
    "match",
    "measure",
    "on_screen",
    "opening_refusal",
    "read_code",
    "read_digits",
    "step_of",
    "union_minutes",
]
