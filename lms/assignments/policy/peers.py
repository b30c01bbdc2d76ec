"""Who reads whose work, and what their words come to. Pure: people and a seed in, pairs out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from statistics import median

from lms.cohorts.policy import Sentence, gettext_noop, say

MASK = "〔…〕"
SHORTEST = 10  # characters of what is said to somebody about their work


def allocate(people: Sequence[int], *, each: int, seed: int) -> dict[int, tuple[int, ...]]:
    """For everybody whose work they read. Nobody gets their own or one twice; everybody reads and is read equally often:
    `each` times, or as often as there are others.

    The people stand in a ring in an order that the seed draws, and each reads those at the same few distances: that is
    balanced for any number of people, without trying. The same people and seed give the same pairs.
    """
    ring = sorted(set(people))
    draw = random.Random(seed)  # noqa: S311 - fair, not secret: the pairs are shown to nobody but the teachers
    draw.shuffle(ring)
    size = len(ring)
    distances = draw.sample(range(1, size), min(each, size - 1)) if size > 1 else []
    return {
        person: tuple(ring[(place + distance) % size] for distance in distances)
        for place, person in enumerate(ring)
    }


def middle(scores: Iterable[int]) -> float | None:
    """The median: one reader who is far off does not move it. None without a score."""
    found = list(scores)
    return median(found) if found else None


def masked(text: str, words: Iterable[str]) -> str:
    """The text without these words (names, numbers, accounts), whatever spaces stand inside of them."""
    for word in sorted({word.strip() for word in words if len(word.strip()) > 1}, key=len, reverse=True):
        letters = r"\s*".join(re.escape(letter) for letter in word if not letter.isspace())
        text = re.sub(letters, MASK, text, flags=re.IGNORECASE)
    return text


def missing_in_review(
    *, has_rubric: bool, missing: Sequence[str], score: int | None, top: int, comment: str
) -> tuple[Sentence, ...]:
    """What keeps a review from being sent; `missing` are the criteria without a level."""
    found = []
    if has_rubric and missing:
        found.append(say(gettext_noop("Choose a level for: %(names)s."), names="、".join(missing)))
    if not has_rubric and (score is None or not 0 <= score <= top):
        found.append(say(gettext_noop("Give a score between 0 and %(top)s."), top=top))
    if len(comment.strip()) < SHORTEST:
        found.append(say(gettext_noop("Write at least a sentence: what is good, and what could be better.")))
    return tuple(found)
