"""How a page shows a question, and an answer in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.cohorts.queries import list_words, titled, words
from lms.surveys.policy import TOP, Checked, Kind, Question, Raw, Value

# The ends of a scale have no English of their own: those that are commonly written are known here.
ENDS = {
    "完全不同意": "strongly disagree",
    "不同意": "disagree",
    "同意": "agree",
    "完全同意": "strongly agree",
    "没有把握": "not sure at all",
    "很有把握": "very sure",
    "从不": "never",
    "总是": "always",
    "很不满意": "very dissatisfied",
    "非常不满意": "very dissatisfied",
    "不满意": "dissatisfied",
    "满意": "satisfied",
    "很满意": "very satisfied",
    "非常满意": "very satisfied",
    "没有帮助": "no help",
    "很有帮助": "a great help",
}


def end_here(words: str) -> str:
    """What an end of a scale means, in the reader's language where it is known."""
    return titled(words, ENDS.get(words, ""))


@dataclass(frozen=True)
class Option:
    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Shown:
    """One question as the page shows it: in the reader's language, with what was typed so far and what is wrong with it."""

    number: int
    part: Question
    prompt: str
    options: list[Option]
    typed: str
    fault: str

    @property
    def ends(self) -> tuple[str, str]:
        """What 1 and 5 mean on a scale."""
        return end_here(self.part.low), end_here(self.part.high)

    @property
    def is_answered(self) -> bool:
        return bool(self.typed.strip()) or any(option.is_chosen for option in self.options)

    @property
    def answer(self) -> str:
        """What was answered, in words."""
        chosen = [option.label for option in self.options if option.is_chosen]
        return list_words(chosen) if chosen else " ".join(filter(None, (self.typed, self.part.unit)))


def label_of(question: Question, key: str) -> str:
    """What a key that can be chosen says."""
    if question.kind == Kind.YES_NO:
        return _("Yes") if key == "yes" else _("No")
    if question.kind == Kind.SCALE:
        ends = {"1": end_here(question.low), str(TOP): end_here(question.high)}
        return f"{key} {ends[key]}" if ends.get(key) else key
    return next((titled(each.text, each.text_en) for each in question.choices if each.key == key), key)


def shown(parts: Iterable[Question], raw: Raw, checked: Checked | None = None) -> list[Shown]:
    """All questions and headings for the page. Numbers count the questions only."""
    found, number = [], 0
    for part in parts:
        number += part.is_asked
        given = list(raw.get(part.key, ()))
        keys = [str(step) for step in range(1, TOP + 1)] if part.kind == Kind.SCALE else []
        keys += [choice.key for choice in part.choices] + (["yes", "no"] if part.kind == Kind.YES_NO else [])
        fault = checked.faults.get(part.key) if checked else None
        found.append(
            Shown(
                number=number,
                part=part,
                prompt=titled(part.prompt, part.prompt_en),
                options=[Option(key, label_of(part, key), key in given) for key in keys],
                typed="" if keys or not given else given[0],
                fault=words(fault) if fault else "",
            )
        )
    return found


def value_words(question: Question, value: Value | None) -> str | int | float:
    """An answer as a person reads it; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, list):
        return list_words(label_of(question, key) for key in value)
    if question.kind in (Kind.ONE, Kind.YES_NO):
        return label_of(question, str(value))
    return value
