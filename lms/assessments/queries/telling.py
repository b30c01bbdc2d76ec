"""What was said to one question and what would have been right, line by line, for the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lms.assessments.queries.asking import keyed_in, texts_in, words_in
from lms.questions.policy import Kind


@dataclass(frozen=True)
class Told:
    """One line: what was asked there, what was said, and what is right (empty: not told, or nobody can say)."""

    label: str
    said: str
    right: str = ""
    is_long: bool = False


def lines_of(row: Mapping[str, Any], said: Any, *, told: bool) -> list[Told]:
    """The lines of a question that is not answered by choosing. `told`: with what is right."""
    lines = LINES[row["kind"]](row, said)
    return lines if told else [Told(each.label, each.said, "", each.is_long) for each in lines]


def _accepted(answers: Sequence[Mapping[str, Any]]) -> str:
    return " / ".join(each["text"] for each in answers if float(each["share"]) == 100)


def _blanks(row: Mapping[str, Any], said: Any) -> list[Told]:
    values = texts_in(said)
    return [
        Told(
            _("Blank %(number)s") % {"number": n}, values[n - 1] if n <= len(values) else "", _accepted(blank)
        )
        for n, blank in enumerate(row.get("blanks", ()), 1)
    ]


def _pairs(row: Mapping[str, Any], said: Any) -> list[Told]:
    values = keyed_in(said)
    return [Told(pair["left"], values.get(pair["key"], ""), pair["right"]) for pair in row["pairs"]]


def _items(row: Mapping[str, Any], said: Any) -> list[Told]:
    text, values = {item["key"]: item["text"] for item in row["items"]}, texts_in(said)
    return [
        Told(str(n), text.get(values[n - 1], "") if n <= len(values) else "", item["text"])
        for n, item in enumerate(row["items"], 1)
    ]


def _number(row: Mapping[str, Any], said: Any) -> list[Told]:
    unit = row.get("unit", "")
    right = " / ".join(_give_or_take(each) for each in row.get("numbers", ()) if float(each["share"]) == 100)
    return [Told("", words_in(said), f"{right} {unit}".strip())]


def _give_or_take(number: Mapping[str, str]) -> str:
    return number["value"] + (f" ± {number['tolerance']}" if float(number["tolerance"]) else "")


def _words(row: Mapping[str, Any], said: Any) -> list[Told]:
    answers = row.get("answers", ())
    is_long = row["kind"] == Kind.ESSAY or not answers
    return [Told("", words_in(said), _accepted(answers) if answers else row.get("model", ""), is_long)]


def _parts(row: Mapping[str, Any], said: Any) -> list[Told]:
    values = keyed_in(said)
    return [Told(part["prompt"], values.get(part["key"], ""), part["answer"], True) for part in row["parts"]]


LINES: dict[str, Callable[[Mapping[str, Any], Any], list[Told]]] = {
    Kind.FILL_IN: _blanks,
    Kind.MATCHING: _pairs,
    Kind.ORDERING: _items,
    Kind.NUMERIC: _number,
    Kind.SHORT: _words,
    Kind.ESSAY: _words,
    Kind.CASE: _parts,
}
