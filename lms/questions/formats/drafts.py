"""A question as tables and papers write it: every field a text. Drafts become questions, and questions drafts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lms.questions.formats import labels
from lms.questions.formats.cells import (
    escape,
    lines_of,
    marked,
    read_answers,
    read_number,
    unmarked,
    write_answers,
    write_number,
)
from lms.questions.formats.numbers import decimal_of
from lms.questions.policy import (
    BLANKS,
    CHOOSING,
    FALSE,
    TRUE,
    Blank,
    Choice,
    Difficulty,
    Fault,
    FaultKind,
    Kind,
    Pair,
    Part,
    Picture,
    Question,
    fault,
    letter,
    plain,
    true_or_false,
)

LETTERS = re.compile(r"[A-Za-z]\d?")
BETWEEN = re.compile(r"[\s,，、;；/和及]+")
ARROW = re.compile(r"->|→|=>|—>")


@dataclass
class Draft:
    """The texts of one question; `parts` are drafts of the questions below a case."""

    kind: str = ""
    prompt: str = ""
    key: str = ""
    title: str = ""
    point: tuple[str, ...] = ()
    difficulty: str = ""
    points: str = ""
    choices: list[str] = field(default_factory=list)
    answer: str = ""
    model: str = ""
    explanation: str = ""
    feedback: str = ""
    shares: str = ""
    unit: str = ""
    exact_case: str = ""
    tags: str = ""
    source: str = ""
    parts: list[Draft] = field(default_factory=list)
    pictures: tuple[Picture, ...] = ()


def join_path(point: tuple[str, ...]) -> str:
    return " / ".join(escape(name, "/") for name in point)


def split_path(text: str) -> tuple[str, ...]:
    """The names of a path. A slash with a backslash before it belongs to a name."""
    names = (unmarked(name.strip()) for name in marked(text).split("/"))
    return tuple(name for name in names if name)


# --- From drafts to questions -------------------------------------------------------------------------------


def question_of(draft: Draft) -> tuple[Question | None, list[Fault]]:
    """The question that a draft is, and what is wrong with its texts; None where not even its kind is known."""
    found: list[Fault] = []
    kind = labels.kind_of(draft.kind)
    if kind is None or kind == labels.PART:
        return None, [fault(FaultKind.UNKNOWN_KIND, kind=draft.kind or "?")]
    by_hand = kind == labels.SHORT_BY_HAND
    real = Kind.SHORT if by_hand else Kind(kind)
    facts: dict[str, Any] = {
        "key": draft.key.strip(),
        "kind": real,
        "prompt": draft.prompt,
        "title": draft.title,
        "point": draft.point,
        "explanation": draft.explanation,
        "source": draft.source,
        "tags": _tags(draft.tags),
        "pictures": draft.pictures,
        "difficulty": _difficulty(draft, found),
        "points": _points(draft, found),
        "exact_case": labels.is_yes(draft.exact_case) is True,
    }
    if by_hand:
        facts["model"] = draft.model or draft.answer
    else:
        facts |= READERS[real](draft, found)
    return Question(**facts), found


def _tags(text: str) -> tuple[str, ...]:
    tags = (unmarked(tag.strip()) for tag in re.split(r"[;；\n]", marked(text)))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _difficulty(draft: Draft, found: list[Fault]) -> Difficulty:
    if not draft.difficulty.strip():
        return Difficulty.MEDIUM
    level = labels.difficulty_of(draft.difficulty)
    if level is None:
        found.append(fault(FaultKind.DIFFICULTY, text=draft.difficulty))
    return level or Difficulty.MEDIUM


def _points(draft: Draft, found: list[Fault]) -> Decimal:
    if not draft.points.strip():
        return sum((_points(part, []) for part in draft.parts), Decimal(0)) or Decimal(1)
    points = decimal_of(draft.points.strip().removesuffix("分"))
    if points is None:
        found.append(fault(FaultKind.NOT_A_NUMBER, text=draft.points))
    return points or Decimal(1 if points is None else 0)


def _keyed(text: str) -> dict[str, str]:
    """Lines such as “A=…” by their letters."""
    pairs = (line.partition("=") for line in lines_of(text.replace("＝", "=")))
    return {unmarked(key).strip().upper(): unmarked(value.strip()) for key, _sign, value in pairs}


def _letters(text: str) -> list[str] | None:
    """The letters of an answer such as “ABD” or “A、B”; None when it is something else."""
    joined = BETWEEN.sub("", labels.plain(text)).upper()
    found = LETTERS.findall(joined)
    return list(dict.fromkeys(found)) if "".join(found) == joined else None


def _choosing(draft: Draft, found: list[Fault]) -> dict[str, Any]:
    texts = list(draft.choices)
    while texts and not texts[-1].strip():
        texts.pop()
    feedback, shares = _keyed(draft.feedback), _keyed(draft.shares)
    choices = []
    for place, text in enumerate(texts):
        share = decimal_of(shares[letter(place)]) if letter(place) in shares else None
        if letter(place) in shares and share is None:
            found.append(fault(FaultKind.NOT_A_NUMBER, text=shares[letter(place)]))
        choices.append(Choice(letter(place), text, share, feedback.get(letter(place), "")))
    right = _letters(draft.answer)
    if right is None:  # the text of the choice itself
        right = [each.key for each in choices if each.text.strip() == draft.answer.strip()]
        if not right:
            found.append(fault(FaultKind.ANSWER_UNKNOWN, text=draft.answer))
    return {"choices": tuple(choices), "correct": tuple(right)}


def _true_false(draft: Draft, found: list[Fault]) -> dict[str, Any]:
    texts = [text for text in draft.choices if text.strip()]
    yes, no = texts if len(texts) == 2 else ("对", "错")
    said = labels.is_yes(draft.answer)
    if said is None and draft.answer.strip() in (yes, no):
        said = draft.answer.strip() == yes
    feedback, shares = _keyed(draft.feedback), _keyed(draft.shares)
    if said is None:
        found.append(fault(FaultKind.ANSWER_UNKNOWN, text=draft.answer))
    both = zip(("A", "B"), true_or_false(yes, no), strict=True)
    choices = tuple(
        Choice(each.key, each.text, decimal_of(shares.get(key, "")), feedback.get(key, ""))
        for key, each in both
    )
    right = () if said is None else (TRUE if said else FALSE,)
    return {"choices": choices, "correct": right}


def _fill_in(draft: Draft, found: list[Fault]) -> dict[str, Any]:
    places = len(BLANKS.findall(draft.prompt))
    lines = lines_of(draft.answer)
    if len(lines) == 1 and places > 1:  # as people write it: all in one line
        lines = [line for line in re.split(r"[;；]|\s{2,}", lines[0]) if line.strip()]
    return {"blanks": tuple(Blank(read_answers(line, found)) for line in lines)}


def _matching(draft: Draft, found: list[Fault]) -> dict[str, Any]:
    pairs: list[Pair] = []
    distractors = []
    for line in lines_of(draft.answer):
        sides = [unmarked(side.strip()) for side in ARROW.split(line, maxsplit=1)]
        if len(sides) < 2:
            found.append(fault(FaultKind.ANSWER_UNKNOWN, text=unmarked(line)))
        elif sides[0]:
            pairs.append(Pair(letter(len(pairs)), *sides))
        else:
            distractors.append(sides[1])
    return {"pairs": tuple(pairs), "distractors": tuple(distractors)}


def _ordering(draft: Draft, found: list[Fault]) -> dict[str, Any]:
    texts = [text for text in draft.choices if text.strip()]
    order = _letters(draft.answer) if draft.answer.strip() else [letter(n) for n in range(len(texts))]
    given = {letter(place): text for place, text in enumerate(texts)}
    if order is None or sorted(order) != sorted(given):
        found.append(fault(FaultKind.ANSWER_UNKNOWN, text=draft.answer))
        order = sorted(given)
    return {"items": tuple(Choice(letter(place), given[key]) for place, key in enumerate(order))}


def _numeric(draft: Draft, found: list[Fault]) -> dict[str, Any]:
    numbers = (read_number(line, found) for line in lines_of(draft.answer))
    return {"numbers": tuple(number for number in numbers if number), "unit": draft.unit}


def _short(draft: Draft, found: list[Fault]) -> dict[str, Any]:
    answers = tuple(each for line in lines_of(draft.answer) for each in read_answers(line, found))
    return {"answers": answers, "model": draft.model}


def _essay(draft: Draft, _found: list[Fault]) -> dict[str, Any]:
    return {"model": draft.model or draft.answer}


def _case(draft: Draft, found: list[Fault]) -> dict[str, Any]:
    parts = []
    for place, part in enumerate(draft.parts):
        points = _points(part, found)
        kind = labels.part_kind_of(part.kind)
        parts.append(Part(letter(place), part.prompt, points, kind, part.model or part.answer))
    return {"parts": tuple(parts), "model": draft.model}


READERS: dict[Kind, Callable[[Draft, list[Fault]], dict[str, Any]]] = {
    **dict.fromkeys(sorted(CHOOSING), _choosing),
    Kind.TRUE_FALSE: _true_false,
    Kind.FILL_IN: _fill_in,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
    Kind.NUMERIC: _numeric,
    Kind.SHORT: _short,
    Kind.ESSAY: _essay,
    Kind.CASE: _case,
}


# --- From questions to drafts -------------------------------------------------------------------------------


def draft_of(question: Question) -> Draft:
    """The texts that `question_of` makes the same question of."""
    by_hand = question.kind == Kind.SHORT and question.by_hand
    draft = Draft(
        kind=labels.kind_word(labels.SHORT_BY_HAND if by_hand else question.kind.value),
        prompt=question.prompt,
        key=question.key,
        title=question.title,
        point=question.point,
        difficulty=labels.difficulty_word(question.difficulty),
        points=plain(question.points),
        explanation=question.explanation,
        unit=question.unit,
        exact_case="是" if question.exact_case else "",
        tags="；".join(escape(tag, ";；") for tag in question.tags),
        source=question.source,
        model=question.model,
        answer=_answer(question),
        choices=[each.text for each in question.items or _offered(question)],
        feedback=_said_of(question, lambda each: escape(each.feedback)),
        shares=_said_of(question, lambda each: plain(each.share) if each.share is not None else ""),
        pictures=question.pictures,
    )
    draft.parts = [
        Draft(labels.PARTS[part.kind], part.prompt, points=plain(part.points), model=part.answer)
        for part in question.parts
    ]
    return draft


def _offered(question: Question) -> tuple[Choice, ...]:
    """The choices as they are written down; those of a true-or-false question only where they have words of their own."""
    usual = [choice.text for choice in question.choices] == ["对", "错"]
    return () if question.kind == Kind.TRUE_FALSE and usual else question.choices


def _said_of(question: Question, words: Callable[[Choice], str]) -> str:
    lines = ((letter(place), words(each)) for place, each in enumerate(question.choices))
    return "\n".join(f"{key}={said}" for key, said in lines if said)


def _answer(question: Question) -> str:
    if question.kind == Kind.TRUE_FALSE:
        return "对" if "true" in question.correct else "错"
    if question.kind in CHOOSING:
        return "".join(letter(n) for n, each in enumerate(question.choices) if each.key in question.correct)
    if question.kind == Kind.ORDERING:
        return "".join(letter(place) for place in range(len(question.items)))
    lines = [write_answers(blank.answers) for blank in question.blanks]
    lines += [f"{escape(each.left, '>')} -> {escape(each.right, '>')}" for each in question.pairs]
    lines += [f"-> {escape(text, '>')}" for text in question.distractors]
    lines += [write_number(number) for number in question.numbers]
    return "\n".join([*lines, *([write_answers(question.answers)] if question.answers else [])])
