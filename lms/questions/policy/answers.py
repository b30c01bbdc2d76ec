"""What can be said in answer to a question: one shape for each kind, as sittings keep it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lms.questions.policy.kinds import CHOOSING, Kind, Question

LONGEST_WORD, LONGEST_TEXT = 500, 10_000  # signs: of a blank or a number; of a text that somebody reads


class Impossible(ValueError):
    """No form of ours sends this for the question."""


class TooLong(ValueError):
    """A text is longer than it may be; `most` says how long it may be."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(str(most))


class Twice(Impossible):
    """Two things that are to be put in order were given the same place."""


def said(question: Question, raw: Any) -> Any:
    """What is kept of an answer: keys for choices and for an order (empty where a place is still free), texts for blanks,
    {key of the pair: right side}, {key of the part: text}, a text for everything else. Raises Impossible and TooLong."""
    return SHAPES[question.kind](question, raw)


def is_said(answer: Any) -> bool:
    """Whether anything was answered at all, in whichever shape."""
    if isinstance(answer, str):
        return bool(answer.strip())
    if isinstance(answer, Mapping):
        return any(is_said(each) for each in answer.values())
    return any(is_said(each) for each in answer or ())


def _text(raw: Any, most: int) -> str:
    if not isinstance(raw, str):
        raise Impossible
    text = raw.replace("\0", "").replace("\r\n", "\n").encode("utf-8", "ignore").decode()  # no half signs
    if len(text) > most:
        raise TooLong(most)
    return text


def _list(raw: Any) -> list[str]:
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes):
        raise Impossible
    return [_text(each, LONGEST_TEXT) for each in raw]


def _keyed(raw: Any, keys: frozenset[str], most: int) -> dict[str, str]:
    if not isinstance(raw, Mapping) or not frozenset(raw) <= keys:
        raise Impossible
    return {key: text for key, each in raw.items() if (text := _text(each, most)).strip()}


def _choosing(question: Question, raw: Any) -> list[str]:
    chosen = list(dict.fromkeys(_list(raw)))
    most = len(question.choices) if question.kind == Kind.MULTIPLE else 1
    if len(chosen) > most or not set(chosen) <= {choice.key for choice in question.choices}:
        raise Impossible
    return chosen


def _blanks(question: Question, raw: Any) -> list[str]:
    texts = _list(raw)
    if len(texts) > len(question.blanks):
        raise Impossible
    return [_text(each, LONGEST_WORD) for each in texts]


def _pairs(question: Question, raw: Any) -> dict[str, str]:
    answer = _keyed(raw, frozenset(pair.key for pair in question.pairs), LONGEST_TEXT)
    if not set(answer.values()) <= set(rights_of(question)):
        raise Impossible
    return answer


def rights_of(question: Question) -> list[str]:
    """What a matching question offers on its right side, each once and in an order that gives nothing away."""
    return sorted({*(pair.right for pair in question.pairs), *question.distractors})


def _order(question: Question, raw: Any) -> list[str]:
    """A list, or {key: place} as forms have it where two were given the same one."""
    if isinstance(raw, Mapping):
        if not _keyed(raw, frozenset(item.key for item in question.items), LONGEST_WORD):
            return []
        raise Twice
    places = _list(raw)
    keys = [key for key in places if key]
    if keys and (
        len(places) != len(question.items) or not set(keys) <= {item.key for item in question.items}
    ):
        raise Impossible
    if len(set(keys)) < len(keys):
        raise Twice
    return places if keys else []


def _word(_question: Question, raw: Any) -> str:
    return _text(raw, LONGEST_WORD)


def _words(question: Question, raw: Any) -> str:
    return _text(raw, LONGEST_TEXT if question.by_hand else LONGEST_WORD)


def _parts(question: Question, raw: Any) -> dict[str, str]:
    return _keyed(raw, frozenset(part.key for part in question.parts), LONGEST_TEXT)


SHAPES: dict[Kind, Callable[[Question, Any], Any]] = {
    **dict.fromkeys(CHOOSING, _choosing),
    Kind.FILL_IN: _blanks,
    Kind.MATCHING: _pairs,
    Kind.ORDERING: _order,
    Kind.NUMERIC: _word,
    Kind.SHORT: _words,
    Kind.ESSAY: _words,
    Kind.CASE: _parts,
}
