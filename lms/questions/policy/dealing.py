"""A question as one sitting asks it: in which order what it offers is shown, and what it is worth there. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lms.questions.policy.content import plain
from lms.questions.policy.drawing import shuffled
from lms.questions.policy.kinds import Kind

# What a sitting keeps of a question; its subject, sources and tags are the bank's.
ALWAYS = ("kind", "prompt", "correct", "explanation")
IF_ANY = (
    "blanks",
    "pairs",
    "distractors",
    "items",
    "numbers",
    "unit",
    "answers",
    "exact_case",
    "model",
    "parts",
)
# Choices that speak of the others: they stay behind them (“以上都对”), or nothing is moved at all (“A和B”).
OF_ALL = re.compile(
    r"(以上|上述|前述|其他(选项)?|前面).{0,8}(都|均|皆|全|没有|不)|^(都|均|皆)(不?(对|是|正确)|错)|\b(all|none|neither|any) of (the )?(above|these)",
    re.IGNORECASE,
)
OF_SOME = re.compile(r"(?<![A-Za-z])[A-H]\s*(和|与|及|、|,|，|or|and|&)\s*[A-H](?![A-Za-z])")


def mixed(choices: Sequence[Mapping[str, Any]], seed: str, *, kind: str) -> list[Mapping[str, Any]]:
    """The choices in an order that the seed decides. 对 comes before 错, and a choice that speaks of all others stays
    behind them; where one names others by their letters, nothing moves."""
    if kind == Kind.TRUE_FALSE or any(OF_SOME.search(each["text"]) for each in choices):
        return list(choices)
    last = [each for each in choices if OF_ALL.search(each["text"])]
    return [*shuffled([each for each in choices if each not in last], seed), *last]


def dealt(content: Mapping[str, Any], seed: str, marks: int = 0) -> dict[str, Any]:
    """What a sitting keeps of a question of a bank, worth `marks` (0: what it says itself)."""
    kept = {name: content[name] for name in ALWAYS}
    kept |= {name: content[name] for name in IF_ANY if content.get(name)}
    worth = Decimal(marks) if marks else Decimal(content.get("points", "1"))
    kept["choices"] = [
        {name: each[name] for name in ("key", "text", "share") if name in each}
        for each in mixed(content["choices"], seed, kind=content["kind"])
    ]
    if "parts" in kept:
        kept["parts"] = scaled(kept["parts"], worth)
    return {**kept, "marks": int(worth) if worth == int(worth) else plain(worth)}


def scaled(parts: Sequence[Mapping[str, Any]], worth: Decimal) -> list[dict[str, Any]]:
    """The questions of a case with points that make `worth` together, in the same proportion; cents go to the last."""
    total = sum((Decimal(part["points"]) for part in parts), Decimal(0))
    if not total or total == worth:
        return [dict(part) for part in parts]
    cent = Decimal("0.01")
    points = [(Decimal(part["points"]) * worth / total).quantize(cent, ROUND_HALF_UP) for part in parts]
    points[-1] = worth - sum(points[:-1], Decimal(0))
    return [{**part, "points": plain(each)} for part, each in zip(parts, points, strict=True)]
