"""An enrolment's rules: the outline of what is learned (outline), what is asked and what is done (facts), whether that is all
(completion), and who may leave (leaving). Pure: facts in, sentences out."""

from lms.enrolments.policy.completion import (
    Ask,
    Checklist,
    Condition,
    Missing,
    asked_words,
    is_complete,
    needed_classes,
)
from lms.enrolments.policy.facts import Attended, Classes, Facts, Rule, Share, rule_of
from lms.enrolments.policy.leaving import Leaving, leaving
from lms.enrolments.policy.outline import Item, Outline, first_before, items_of, learned_in

__all__ = [
    "Ask",
    "Attended",
    "Checklist",
    "Classes",
    "Condition",
    "Facts",
    "Item",
    "Leaving",
    "Missing",
    "Outline",
    "Rule",
    "Share",
    "asked_words",
    "first_before",
    "is_complete",
    "items_of",
    "learned_in",
    "leaving",
    "needed_classes",
    "rule_of",
]
