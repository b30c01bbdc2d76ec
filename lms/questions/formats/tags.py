"""What Moodle's formats have no field for, said in tags that people understand as well (难度:易, 分值:2, 来源:…)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from lms.questions.formats.labels import difficulty_of, difficulty_word
from lms.questions.formats.numbers import decimal_of
from lms.questions.policy import Difficulty, Kind, Question
from lms.questions.policy import plain as plain_number

LEVEL, POINTS, SOURCE, BY_HAND, CASE = "难度:", "分值:", "来源:", "题型:简答", "区分大小写"
OWN = (LEVEL, POINTS, SOURCE)


def tags_of(question: Question, *, points: bool, exact_case: bool) -> list[str]:
    """All tags of a question, ours first."""
    found = [LEVEL + difficulty_word(question.difficulty)] if question.difficulty != Difficulty.MEDIUM else []
    if points and question.points != 1:
        found.append(POINTS + plain_number(question.points))
    if question.source:
        found.append(SOURCE + question.source)
    if question.kind == Kind.SHORT and question.by_hand:
        found.append(BY_HAND)
    if exact_case and question.exact_case:
        found.append(CASE)
    return [*found, *question.tags]


def are_own(tags: Iterable[str]) -> bool:
    """Whether one of these tags would be taken for ours."""
    return any(tag.startswith(OWN) or tag in (BY_HAND, CASE) for tag in tags)


def read_tags(tags: Iterable[str]) -> dict[str, Any]:
    """The fields that tags say, for `Question(**…)`; a tag that only looks like ours stays a tag."""
    found: dict[str, Any] = {}
    kept = [tag for tag in tags if not _take(tag, found)]
    return {**found, "tags": tuple(dict.fromkeys(kept))}


def _take(tag: str, found: dict[str, Any]) -> bool:
    level = difficulty_of(tag[len(LEVEL) :]) if tag.startswith(LEVEL) else None
    points = decimal_of(tag[len(POINTS) :]) if tag.startswith(POINTS) else None
    if level is not None:
        found["difficulty"] = level
    elif points is not None:
        found["points"] = points
    elif tag.startswith(SOURCE):
        found["source"] = tag[len(SOURCE) :]
    elif tag == BY_HAND:
        found["by_hand"] = True
    elif tag == CASE:
        found["exact_case"] = True
    else:
        return False
    return True


def apply_by_hand(fields: Mapping[str, Any], kind: Kind) -> tuple[dict[str, Any], Kind]:
    """Take the tag that makes an essay a short question read by somebody."""
    rest = {name: value for name, value in fields.items() if name != "by_hand"}
    return rest, Kind.SHORT if fields.get("by_hand") and kind == Kind.ESSAY else kind


def shares_of(right: int) -> Decimal:
    """What each of so many right choices is worth in Moodle's formats, to five places."""
    return (Decimal(100) / right).quantize(Decimal("0.00001")) if right else Decimal(0)


def has_odd_shares(question: Question) -> bool:
    """Whether choices have shares that those formats would read as something else."""
    shares = [choice.share for choice in question.choices]
    if question.kind == Kind.TRUE_FALSE or not shares or all(share is None for share in shares):
        return False
    if question.kind == Kind.MULTIPLE:
        right = len(question.correct)
        usual = all(
            c.share == (shares_of(right) if c.key in question.correct else -100) for c in question.choices
        )
        worth = [c.key for c in question.choices if (c.share or 0) > 0]
        return usual or None in shares or worth != list(question.correct)
    full = [c.key for c in question.choices if c.share == 100]
    return None in shares or full != list(question.correct)
