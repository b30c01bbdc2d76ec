"""What the desk asks of a question of each kind, and how it says so."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.questions.formats import KIND_WORDS, labels
from lms.questions.policy import Kind

Words = str | Promise


@dataclass(frozen=True)
class Shape:
    """One kind: its name, what it is in a sentence, the fields that it has beside those of every question, and the help
    at the text of the question and at its answer."""

    name: Words
    said: Words
    fields: tuple[str, ...]
    prompt: Words = ""
    answer: Words = ""


CHOSEN = ("choices", "answer", "shares", "feedback")
SHAPES: dict[str, Shape] = {
    Kind.SINGLE.value: Shape(
        KIND_WORDS[Kind.SINGLE],
        _("One of several choices is right."),
        CHOSEN,
        answer=_("The letter of the right choice, such as B."),
    ),
    Kind.MULTIPLE.value: Shape(
        KIND_WORDS[Kind.MULTIPLE],
        _("Two choices or more are right."),
        CHOSEN,
        answer=_("The letters of the right choices, such as ABD."),
    ),
    Kind.TRUE_FALSE.value: Shape(
        KIND_WORDS[Kind.TRUE_FALSE], _("A sentence is true or false."), ("answer", "shares", "feedback")
    ),
    Kind.FILL_IN.value: Shape(
        KIND_WORDS[Kind.FILL_IN],
        _("Words are missing in the text."),
        ("answer", "exact_case"),
        prompt=_("Where something is to be filled in, write ____."),
        answer=_("A line for each gap, in their order; | between what is accepted."),
    ),
    Kind.MATCHING.value: Shape(
        KIND_WORDS[Kind.MATCHING],
        _("What belongs together is found."),
        ("answer",),
        answer=_("A pair to a line: left -> right. A line with a right side only is a distractor."),
    ),
    Kind.ORDERING.value: Shape(
        KIND_WORDS[Kind.ORDERING],
        _("Steps are put in their order."),
        ("choices", "answer"),
        answer=_("The letters of the items in their right order, such as CABD."),
    ),
    Kind.NUMERIC.value: Shape(
        KIND_WORDS[Kind.NUMERIC],
        _("A number, with some tolerance if need be."),
        ("answer", "unit"),
        answer=_("Such as 42 or 3.14±0.01."),
    ),
    Kind.SHORT.value: Shape(
        _("Short answer, marked by itself"),
        _("A word or two, compared with what is accepted."),
        ("answer", "exact_case"),
        answer=_("What is accepted, | between."),
    ),
    labels.SHORT_BY_HAND: Shape(
        _("Short answer, marked by somebody"), _("A few sentences; somebody marks them."), ("model",)
    ),
    Kind.ESSAY.value: Shape(KIND_WORDS[Kind.ESSAY], _("A longer text; somebody marks it."), ("model",)),
    Kind.CASE.value: Shape(
        KIND_WORDS[Kind.CASE],
        _("Material, and several questions about it."),
        ("parts",),
        prompt=_("The material that all questions below are about."),
    ),
}
OF_ALL = (
    "kind",
    "prompt",
    "explanation",
    "point",
    "difficulty",
    "points",
    "title",
    "tags",
    "source",
    "reason",
)
SELDOM = ("exact_case", "shares", "feedback", "title", "tags", "source")
LETTERED = (
    Kind.SINGLE.value,
    Kind.MULTIPLE.value,
    Kind.ORDERING.value,
)  # answered by letters: one short line
ALIKE = (Kind.SINGLE.value, Kind.MULTIPLE.value)  # a question of one of these may become one of the other
