"""Which questions say the same, or nearly: by pieces of three characters, without comparing each with each. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.questions.policy.kinds import Question

NEAR = 0.8  # of all pieces that two have, how many both have
PIECE = 3
COMPARED = 2_000  # characters of a question that are looked at
# Questions that share a rare piece and are looked at: where more do, the newest stand for them.
MOST_ALIKE = 20
MOST_COMPARED = 60  # with one question: those first that share its rarest pieces
SIGNS = re.compile(r"[\W_]+")


class Likeness(StrEnum):
    """How much two questions are alike."""

    SAME = "same"
    OTHER_ANSWER = "other_answer"  # the same words, but something else is right
    NEAR = "near"


@dataclass(frozen=True)
class Alike:
    """One question is like an earlier one, both by their place in the list."""

    place: int
    earlier: int
    likeness: Likeness
    share: float


@dataclass(frozen=True)
class Reduced:
    """What is compared of a question; its pictures and all else need not be held for that."""

    words: str
    answer: str


def reduced(question: Question) -> Reduced:
    return Reduced(words_of(question), answer_of(question))


def normal(text: str) -> str:
    """A text as it is compared: full and half width, capitals, spaces and punctuation do not count."""
    return SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())


def words_of(question: Question) -> str:
    """What a question asks, in an order that its choices' order does not change."""
    offered = [each.text for each in (*question.choices, *question.items)]
    offered += [text for pair in question.pairs for text in (pair.left, pair.right)]
    offered += [part.prompt for part in question.parts]
    return normal(question.prompt) + "|" + "|".join(sorted(normal(text) for text in offered))


def answer_of(question: Question) -> str:
    """What is right, in words that do not depend on keys."""
    found = sorted(normal(choice.text) for choice in question.right)
    found += [normal(item.text) for item in question.items]
    found += sorted(normal(pair.left) + ">" + normal(pair.right) for pair in question.pairs)
    found += ["/".join(sorted(normal(each.text) for each in blank.answers)) for blank in question.blanks]
    found += sorted(normal(each.text) for each in question.answers)
    found += sorted(
        f"{number.value.normalize()}±{number.tolerance.normalize()}" for number in question.numbers
    )
    return "|".join(found)


def pieces_of(words: str) -> frozenset[str]:
    """Every three characters that follow one another."""
    text = words[:COMPARED]
    return frozenset(text[place : place + PIECE] for place in range(max(1, len(text) - PIECE + 1)))


def alike(questions: Sequence[Question], *, known: int = 0) -> list[Alike]:
    """As `alike_reduced`, of whole questions."""
    return alike_reduced([reduced(question) for question in questions], known=known)


def alike_reduced(questions: Sequence[Reduced], *, known: int = 0) -> list[Alike]:
    """For each question from place `known` on: the earlier one that it is most like, if any. Those before are the bank's.

    Two texts that share four fifths of their pieces share one of the few rarest: only those that do are compared.
    """
    words = [question.words for question in questions]
    answers = [question.answer for question in questions]
    pieces = [pieces_of(text) for text in words]
    often = Counter(piece for each in pieces for piece in each)
    first: dict[str, int] = {}
    holders: dict[str, list[int]] = defaultdict(list)
    found = []
    for place, text in enumerate(words):
        rare = _rare(pieces[place], often)
        if text in first:
            same = answers[first[text]] == answers[place]
            kind = Likeness.SAME if same else Likeness.OTHER_ANSWER
            if place >= known:
                found.append(Alike(place, first[text], kind, 1.0))
        elif place >= known and (near := _nearest(place, pieces, rare, holders)):
            found.append(near)
        if text not in first:
            first[text] = place
            for piece in rare:
                holders[piece].append(place)
    return found


def _rare(pieces: frozenset[str], often: Counter[str]) -> list[str]:
    """So many of the rarest pieces that a near question must share one of them."""
    most = len(pieces) - math.ceil(NEAR * len(pieces)) + 1
    return sorted(pieces, key=lambda piece: (often[piece], piece))[:most]


def _nearest(
    place: int, pieces: Sequence[frozenset[str]], rare: Sequence[str], holders: dict[str, list[int]]
) -> Alike | None:
    mine = pieces[place]
    best: Alike | None = None
    seen: set[int] = set()
    for piece in rare:
        if len(seen) >= MOST_COMPARED:
            break
        for earlier in holders.get(piece, [])[-MOST_ALIKE:]:
            other = pieces[earlier]
            if earlier in seen or not NEAR <= len(mine) / len(other) <= 1 / NEAR:
                continue
            seen.add(earlier)
            both = len(mine & other)
            share = both / (len(mine) + len(other) - both)
            if share >= NEAR and (best is None or share > best.share):
                best = Alike(place, earlier, Likeness.NEAR, share)
    return best
