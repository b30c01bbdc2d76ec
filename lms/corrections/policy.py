"""What a correction of its key does to a question. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

CORRECTABLE = {  # what of a question of each kind is its key; the others can only be voided
    "single": "correct",
    "multiple": "correct",
    "true_false": "correct",
    "short": "answers",
    "fill_in": "blanks",
    "numeric": "numbers",
}


@dataclass(frozen=True)
class Corrections:
    """What stands for a paper now: other keys by question, and the questions that were voided."""

    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    full: frozenset[str] = frozenset()  # everybody gets all their points
    out: frozenset[str] = frozenset()  # they do not count

    def rows(self, asked: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """Of what was asked the questions that are marked by another key, as they are marked now."""
        return {
            row["key"]: changed(row, self.changes[row["key"]]) for row in asked if row["key"] in self.changes
        }


def changed(row: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The question with another key. What its choices were worth each goes with the old key."""
    plain = [{name: value for name, value in each.items() if name != "share"} for each in row["choices"]]
    return {**row, **({"choices": plain} if "correct" in change else {}), **change}


def is_key(row: Mapping[str, Any], change: Mapping[str, Any]) -> bool:
    """Whether this can be the key of the question: choices that it has, at least one, of a single choice exactly one."""
    name = CORRECTABLE.get(row["kind"], "")
    value = change.get(name)
    if set(change) != {name} or not value:
        return False
    if name != "correct":
        return True
    keys = {choice["key"] for choice in row["choices"]}
    return set(value) <= keys and (row["kind"] == "multiple" or len(set(value)) == 1)
