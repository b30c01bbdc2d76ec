"""A question as plain data, to be kept as JSON: what check questions have (core.blocks.questions), and more. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lms.questions.policy.kinds import (
    Accepted,
    Blank,
    Choice,
    Difficulty,
    Kind,
    Number,
    Pair,
    Part,
    Picture,
    Question,
)


def plain(number: Decimal) -> str:
    """A number as people write it: 2, 0.5; never 2E+1."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def content_of(question: Question) -> dict[str, Any]:
    """The question as data. Six names are always there (key, kind, prompt, choices, correct, explanation), as in papers."""
    whole: dict[str, Any] = {
        "title": question.title,
        "point": list(question.point),
        "tags": list(question.tags),
        "source": question.source,
        "blanks": [[_accepted(each) for each in blank.answers] for blank in question.blanks],
        "pairs": [{"key": each.key, "left": each.left, "right": each.right} for each in question.pairs],
        "distractors": list(question.distractors),
        "items": [_choice(each) for each in question.items],
        "numbers": [_number(each) for each in question.numbers],
        "unit": question.unit,
        "answers": [_accepted(each) for each in question.answers],
        "exact_case": question.exact_case,
        "model": question.model,
        "parts": [_part(each) for each in question.parts],
        "pictures": [_picture(each) for each in question.pictures],
    }
    return {
        "key": question.key,
        "kind": question.kind.value,
        "prompt": question.prompt,
        "choices": [_choice(each) for each in question.choices],
        "correct": list(question.correct),
        "explanation": question.explanation,
        "difficulty": question.difficulty.value,
        "points": plain(question.points),
        **{name: value for name, value in whole.items() if value},
    }


def _choice(choice: Choice) -> dict[str, str]:
    more = {"share": plain(choice.share) if choice.share is not None else "", "feedback": choice.feedback}
    return {"key": choice.key, "text": choice.text, **{name: value for name, value in more.items() if value}}


def _accepted(answer: Accepted) -> dict[str, str]:
    more = {"feedback": answer.feedback} if answer.feedback else {}
    return {"text": answer.text, "share": plain(answer.share), **more}


def _number(number: Number) -> dict[str, str]:
    more = {"feedback": number.feedback} if number.feedback else {}
    facts = {"value": plain(number.value), "tolerance": plain(number.tolerance)}
    return {**facts, "share": plain(number.share), **more}


def _part(part: Part) -> dict[str, str]:
    facts = {"key": part.key, "kind": part.kind.value, "prompt": part.prompt}
    return {**facts, "points": plain(part.points), "answer": part.answer}


def _picture(picture: Picture) -> dict[str, str]:
    data = base64.b64encode(picture.data).decode("ascii")
    more = {"alt": picture.alt} if picture.alt else {}
    return {"name": picture.name, "type": picture.type, "data": data, **more}


def question_from(content: Mapping[str, Any]) -> Question:
    """The question that this data is; what papers of lessons have is enough. Raises KeyError or ValueError for anything
    that `content_of` has not written."""

    def several(name: str) -> Sequence[Any]:
        return content.get(name) or ()

    return Question(
        key=content["key"],
        kind=Kind(content["kind"]),
        prompt=content["prompt"],
        title=content.get("title", ""),
        point=tuple(several("point")),
        difficulty=Difficulty(content.get("difficulty", Difficulty.MEDIUM)),
        points=Decimal(content.get("points", "1")),
        explanation=content.get("explanation", ""),
        tags=tuple(several("tags")),
        source=content.get("source", ""),
        choices=tuple(_choice_from(each) for each in several("choices")),
        correct=tuple(several("correct")),
        blanks=tuple(Blank(tuple(_accepted_from(each) for each in blank)) for blank in several("blanks")),
        pairs=tuple(Pair(**each) for each in several("pairs")),
        distractors=tuple(several("distractors")),
        items=tuple(_choice_from(each) for each in several("items")),
        numbers=tuple(_number_from(each) for each in several("numbers")),
        unit=content.get("unit", ""),
        answers=tuple(_accepted_from(each) for each in several("answers")),
        exact_case=bool(content.get("exact_case")),
        model=content.get("model", ""),
        parts=tuple(_part_from(each) for each in several("parts")),
        pictures=tuple(_picture_from(each) for each in several("pictures")),
    )


def _choice_from(data: Mapping[str, str]) -> Choice:
    share = Decimal(data["share"]) if data.get("share") else None
    return Choice(data["key"], data["text"], share, data.get("feedback", ""))


def _accepted_from(data: Mapping[str, str]) -> Accepted:
    return Accepted(data["text"], Decimal(data["share"]), data.get("feedback", ""))


def _number_from(data: Mapping[str, str]) -> Number:
    value, tolerance, share = (Decimal(data[name]) for name in ("value", "tolerance", "share"))
    return Number(value, tolerance, share, data.get("feedback", ""))


def _part_from(data: Mapping[str, str]) -> Part:
    return Part(data["key"], data["prompt"], Decimal(data["points"]), Kind(data["kind"]), data["answer"])


def _picture_from(data: Mapping[str, str]) -> Picture:
    return Picture(data["name"], data["type"], base64.b64decode(data["data"]), data.get("alt", ""))


def fingerprint(question: Question) -> str:
    """The same for two questions that say the same, whatever their keys: an import that is sent twice makes nothing twice."""
    content = content_of(replace(question, key=""))
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
