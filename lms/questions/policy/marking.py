"""What an answer is worth: marked by the question alone, with rules that are data. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from lms.questions.policy.kinds import FULL, Accepted, Kind, Question

CENT = Decimal("0.01")
LONGEST_ANSWER = 10_000
NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:e[+-]?\d{1,2})?")


@dataclass(frozen=True)
class Rules:
    """How parts of an answer count. `each`: what a right choice of several is worth where some are missing, as a share of
    the question's points (0: nothing). `wrong_takes_all`: one wrong choice, and there is nothing; otherwise every wrong
    one takes away what a right one brings. `by_place`: of fill-in, matching and ordering every place counts by itself."""

    each: Decimal = Decimal(0)
    wrong_takes_all: bool = True
    by_place: bool = True

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Rules:
        """The rules as a paper keeps them: {"each": "0.25", "wrong_takes_all": true, "by_place": true}."""
        plain = cls()
        return cls(
            each=Decimal(str(data.get("each", plain.each))),
            wrong_takes_all=bool(data.get("wrong_takes_all", plain.wrong_takes_all)),
            by_place=bool(data.get("by_place", plain.by_place)),
        )

    def to_data(self) -> dict[str, Any]:
        """The same as a paper keeps it."""
        return {
            "each": str(self.each),
            "wrong_takes_all": self.wrong_takes_all,
            "by_place": self.by_place,
        }


# The national exam: a question with several right choices has 2 points; some missing: 0.5 for each right one; one wrong: 0.
NATIONAL = Rules(each=Decimal("0.25"), wrong_takes_all=True)
STRICT = Rules()


@dataclass(frozen=True)
class Place:
    """One thing that was asked for (a choice, a blank, a pair, a part): its key, what it was worth, whether it was right;
    None where somebody has to read it."""

    key: str
    points: Decimal
    is_right: bool | None


@dataclass(frozen=True)
class Mark:
    """What an answer is worth. `is_complete`: everything was answered; `needs_hand`: somebody has to read it, and the
    points are those that are sure already."""

    points: Decimal
    is_complete: bool
    needs_hand: bool
    detail: tuple[Place, ...] = ()


def mark(question: Question, answer: Any, rules: Rules = NATIONAL) -> Mark:
    """Mark an answer: keys for choices and for an order, texts for blanks, {key of the pair: right side}, a text for a
    number or words, {key of the part: text} for a case. Whatever else comes is no answer; nothing raises."""
    return MARKERS[question.kind](question, answer, rules)


def _points(question: Question, share: Decimal) -> Decimal:
    """A share (1 is everything) of the points, never below nothing nor above all."""
    return (min(max(share, Decimal(0)), Decimal(1)) * question.points).quantize(CENT, ROUND_HALF_UP)


def _texts(answer: Any) -> list[str]:
    if isinstance(answer, str):
        return [answer[:LONGEST_ANSWER]]
    if isinstance(answer, Sequence) and not isinstance(answer, bytes):
        return [each[:LONGEST_ANSWER] if isinstance(each, str) else "" for each in answer]
    return []


def _by_key(answer: Any) -> dict[str, str]:
    if not isinstance(answer, Mapping):
        return {}
    return {key: each[:LONGEST_ANSWER] for key, each in answer.items() if isinstance(each, str)}


def _choosing(question: Question, answer: Any, rules: Rules) -> Mark:
    keys = {choice.key for choice in question.choices}
    chosen = {key for key in _texts(answer) if key in keys}
    right = set(question.correct)
    if question.kind != Kind.MULTIPLE and len(chosen) > 1:
        chosen = set()  # no form of ours sends two
    share = _own_shares(question, chosen)
    if share is None:
        share = (
            _chosen_share(chosen, right, rules)
            if question.kind == Kind.MULTIPLE
            else Decimal(chosen == right)
        )
    detail = tuple(Place(key, Decimal(0), key in right) for key in sorted(chosen))
    return Mark(_points(question, share), bool(chosen), False, detail)


def _own_shares(question: Question, chosen: set[str]) -> Decimal | None:
    """What the question itself says that its choices are worth; None where it says nothing."""
    if all(choice.share is None for choice in question.choices):
        return None
    return sum((c.share or Decimal(0) for c in question.choices if c.key in chosen), Decimal(0)) / FULL


def _chosen_share(chosen: set[str], right: set[str], rules: Rules) -> Decimal:
    hit, missed = len(chosen & right), len(chosen - right)
    if not missed and hit == len(right):
        return Decimal(bool(right))
    if missed and rules.wrong_takes_all:
        return Decimal(0)
    return min(rules.each * (hit - missed), Decimal(1))


def plain_text(text: str, *, exact_case: bool = False) -> str:
    """An answer in words as it is compared: full and half width, spaces, closing punctuation and quotes do not count."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(sign for sign in text if not sign.isspace() and sign not in "\"'“”‘’《》「」")
    text = text.rstrip(".。,，;；、!！")
    return text if exact_case else text.casefold()


def _accepted_share(answers: Sequence[Accepted], text: str, exact_case: bool) -> Decimal:
    said = plain_text(text, exact_case=exact_case)
    if not said:
        return Decimal(0)
    found = [a.share for a in answers if plain_text(a.text, exact_case=exact_case) == said]
    return max(found, default=Decimal(0)) / FULL


def _fill_in(question: Question, answer: Any, rules: Rules) -> Mark:
    said = _texts(answer)[: len(question.blanks)]
    said += [""] * (len(question.blanks) - len(said))
    shares = [
        _accepted_share(blank.answers, text, question.exact_case)
        for blank, text in zip(question.blanks, said, strict=True)
    ]
    keys = [str(number) for number in range(1, len(shares) + 1)]
    return _placed(question, keys, shares, all(text.strip() for text in said), rules)


def _placed(
    question: Question, keys: Sequence[str], shares: Sequence[Decimal], is_complete: bool, rules: Rules
) -> Mark:
    """Places that count alike; or, where the rules want all of them right, all or nothing."""
    total = sum(shares, Decimal(0)) / len(shares) if shares else Decimal(0)
    if not rules.by_place and total != 1:
        total = Decimal(0)
    detail = tuple(
        Place(key, _points(question, share / len(shares)) if rules.by_place else Decimal(0), share == 1)
        for key, share in zip(keys, shares, strict=True)
    )
    return Mark(_points(question, total), is_complete, False, detail)


def _matching(question: Question, answer: Any, rules: Rules) -> Mark:
    said = _by_key(answer)
    shares = [Decimal(said.get(pair.key, "").strip() == pair.right.strip()) for pair in question.pairs]
    complete = all(said.get(pair.key, "").strip() for pair in question.pairs)
    return _placed(question, [pair.key for pair in question.pairs], shares, complete, rules)


def _ordering(question: Question, answer: Any, rules: Rules) -> Mark:
    keys = [item.key for item in question.items]
    said = _texts(answer)
    if sorted(said) != sorted(keys):
        return Mark(Decimal(0), False, False, tuple(Place(key, Decimal(0), False) for key in keys))
    shares = [Decimal(mine == right) for mine, right in zip(said, keys, strict=True)]
    return _placed(question, keys, shares, True, rules)


def number_in(text: str, unit: str = "") -> Decimal | None:
    """The number that somebody wrote: full width, thousands, a per cent sign as the unit, and the unit itself may stand
    there. None when it is none."""
    said = unicodedata.normalize("NFKC", text[:200]).casefold()
    said = "".join(said.split()).replace("−", "-").replace("–", "-")
    plain_unit = "".join(unicodedata.normalize("NFKC", unit).casefold().split())
    if plain_unit and said.endswith(plain_unit):
        said = said[: -len(plain_unit)]
    if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", said):
        said = said.replace(",", "")
    if not NUMBER.fullmatch(said):
        return None
    try:
        return Decimal(said)
    except InvalidOperation:
        return None


def _numeric(question: Question, answer: Any, _rules: Rules) -> Mark:
    text = (_texts(answer) or [""])[0]
    said = number_in(text, question.unit)
    share = Decimal(0)
    if said is not None:
        hits = [n.share for n in question.numbers if abs(said - n.value) <= n.tolerance]
        share = max(hits, default=Decimal(0)) / FULL
    place = Place("1", _points(question, share), share == 1)
    return Mark(_points(question, share), bool(text.strip()), False, (place,))


def _short(question: Question, answer: Any, rules: Rules) -> Mark:
    text = (_texts(answer) or [""])[0]
    if not question.answers:
        return _essay(question, answer, rules)
    share = _accepted_share(question.answers, text, question.exact_case)
    place = Place("1", _points(question, share), share == 1)
    return Mark(_points(question, share), bool(text.strip()), False, (place,))


def _essay(question: Question, answer: Any, _rules: Rules) -> Mark:
    """An empty answer needs nobody to read it: it is worth nothing."""
    is_answered = bool((_texts(answer) or [""])[0].strip())
    return Mark(
        Decimal(0), is_answered, is_answered, (Place("1", Decimal(0), None if is_answered else False),)
    )


def _case(question: Question, answer: Any, _rules: Rules) -> Mark:
    said = _by_key(answer)
    answered = {part.key for part in question.parts if said.get(part.key, "").strip()}
    detail = tuple(
        Place(part.key, Decimal(0), None if part.key in answered else False) for part in question.parts
    )
    return Mark(Decimal(0), len(answered) == len(question.parts), bool(answered), detail)


MARKERS: dict[Kind, Callable[[Question, Any, Rules], Mark]] = {
    Kind.SINGLE: _choosing,
    Kind.MULTIPLE: _choosing,
    Kind.TRUE_FALSE: _choosing,
    Kind.FILL_IN: _fill_in,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
    Kind.NUMERIC: _numeric,
    Kind.SHORT: _short,
    Kind.ESSAY: _essay,
    Kind.CASE: _case,
}
