"""What an activity of H5P says it came to: one xAPI statement, as its page hands it on. A stranger's word, read with care."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VERBS = frozenset({"completed", "answered", "passed", "failed", "mastered"})  # which say that it is over
LARGEST = 1e9
STATEMENT_MOST = 100_000  # characters
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """The end of an activity. `score` is scaled, `passed` what it says itself; None where it says nothing."""

    score: float | None = None
    raw: float | None = None
    passed: bool | None = None


def result_of(said: str) -> Result | None:
    """What a statement about the whole activity says; None for one about a part of it, one that says nothing of its end,
    or what is no statement at all."""
    if not said or len(said) > STATEMENT_MOST:
        return None
    try:
        statement = json.loads(said)
    except (ValueError, RecursionError):
        return None
    if not isinstance(statement, dict) or _verb(statement) not in VERBS or _is_part(statement):
        return None
    result = _within(statement, "result")
    if result.get("completion") is False:
        return None
    score, raw = _score(_within(result, "score"))
    passed = result.get("success")
    return Result(score, raw, passed if isinstance(passed, bool) else None)


def _verb(statement: Data) -> str:
    name = _within(statement, "verb").get("id")
    return name.rpartition("/")[2] if isinstance(name, str) else ""


def _is_part(statement: Data) -> bool:
    """Whether the activity stands in another one: its parent is named then."""
    return bool(_within(_within(statement, "context"), "contextActivities").get("parent"))


def _score(said: Data) -> tuple[float | None, float | None]:
    """Scaled and raw. The scaled one is reckoned from the points where these are there, and not believed."""
    raw, least, most, scaled = (_number(said.get(name)) for name in ("raw", "min", "max", "scaled"))
    least = 0.0 if least is None else least
    if raw is not None and most is not None:
        return (
            ((raw - least) / (most - least), raw) if least <= raw <= most and least < most else (None, None)
        )
    return (scaled, raw) if scaled is not None and -1 <= scaled <= 1 else (None, None)


def _number(value: Any) -> float | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST
    return float(value) if fits else None


def _within(data: Data, name: str) -> Data:
    found = data.get(name)
    return found if isinstance(found, dict) else {}
