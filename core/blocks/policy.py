"""When a question can be asked at all, and when an answer to it is right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


class QuestionFault(StrEnum):
    """What is wrong with the choices of a question."""

    TOO_FEW = "too_few"
    NOT_TWO = "not_two"
    NOT_ONE_RIGHT = "not_one_right"
    NONE_RIGHT = "none_right"
    SAME_TEXT = "same_text"


def question_faults(kind: str, choices: Sequence[tuple[str, bool]]) -> list[QuestionFault]:
    """Everything wrong with these choices (text, is it right?); an empty list means the question can be asked."""
    faults = []
    right = sum(1 for _, is_right in choices if is_right)
    if kind == QuestionKind.TRUE_FALSE:
        if len(choices) != 2:
            faults.append(QuestionFault.NOT_TWO)
    elif len(choices) < 2:
        faults.append(QuestionFault.TOO_FEW)
    if kind == QuestionKind.MULTIPLE:
        if right < 1:
            faults.append(QuestionFault.NONE_RIGHT)
    elif right != 1:
        faults.append(QuestionFault.NOT_ONE_RIGHT)
    texts = [text.strip() for text, _ in choices]
    if len(set(texts)) < len(texts):
        faults.append(QuestionFault.SAME_TEXT)
    return faults


def is_right(chosen: Collection[str], correct: Collection[str]) -> bool:
    """Whether exactly the right choices were chosen; half of a multiple choice is not right."""
    return bool(correct) and set(chosen) == set(correct)
