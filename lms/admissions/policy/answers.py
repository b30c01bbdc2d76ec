"""What a plan asks, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Asked(StrEnum):
    """The kinds of questions; the values are stored in plans and answers."""

    SHORT = "short"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    ONE = "one"
    SEVERAL = "several"
    YES_NO = "yes_no"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Question:
    """One question of a plan; its key stays the same through every edit."""

    key: str
    kind: Asked
    label: str
    label_en: str = ""
    help: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A question as it was asked, and what was answered: a text, number, list or yes/no; of a document its row."""

    key: str
    kind: Asked
    label: str
    label_en: str = ""
    value: str | int | float | bool | tuple[str, ...] | None = None
    attachment: int | None = None
