"""Questions written as GIFT. What it has no sign for is said, by question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from lms.questions.formats.results import Loss, Written, loss
from lms.questions.formats.tags import are_own, has_odd_shares, shares_of, tags_of
from lms.questions.policy import BLANKS, FULL, Accepted, Choice, Kind, Question, plain

SIGNS = re.compile(r"[~=#{}:\\]")
UNWRITABLE = frozenset({Kind.CASE})


def write(questions: Sequence[Question]) -> Written:
    """The questions as GIFT in UTF-8."""
    pieces: list[str] = []
    losses: list[Loss] = []
    point: tuple[str, ...] = ()
    for number, question in enumerate(questions, 1):
        if whole := unsaid(question):
            losses += loss(number, question, whole, whole=True)
            continue
        losses += loss(number, question, lost(question))
        if question.point != point:
            point = question.point
            pieces.append(f"$CATEGORY: {'/'.join(('top', *(name.replace('/', '//') for name in point)))}\n")
        pieces.append(_block(question))
    return Written("\n".join(pieces).encode("utf-8", "replace"), tuple(losses))


def unsaid(question: Question) -> list[str]:
    """Why a question cannot be written at all."""
    if question.kind in UNWRITABLE:
        return ["kind"]
    if question.kind == Kind.FILL_IN and len(question.blanks) != 1:
        return ["blanks"]
    is_blank = len(BLANKS.findall(question.prompt)) == 1
    return ["kind"] if question.kind == Kind.SHORT and question.answers and is_blank else []


def lost(question: Question) -> list[str]:
    """The fields that are left out."""
    found = [name for name in ("unit", "model") if getattr(question, name)]
    if question.pictures:
        found.append("pictures")
    if question.kind == Kind.TRUE_FALSE:
        found += ["choices"] if [each.text for each in question.choices] != ["对", "错"] else []
        found += ["shares"] if any(each.share is not None for each in question.choices) else []
    found += ["shares"] if has_odd_shares(question) else []
    found += ["tags"] if are_own(question.tags) else []
    sides = [*question.distractors, *(text for pair in question.pairs for text in (pair.left, pair.right))]
    sides += [each.text for each in question.answers] + [
        a.text for blank in question.blanks for a in blank.answers
    ]
    return found + (["arrow"] if any("->" in text for text in sides) else [])


def escape(text: str) -> str:
    """A text in which no sign means anything but itself."""
    return SIGNS.sub(r"\\\g<0>", text).replace("\n", "\\n")


def _text(text: str) -> str:
    """A text within the answer; the name of its format stands before one that would begin like something else."""
    own = text.startswith(("%", "//", "$", "[", "::"))
    return ("[plain]" if own else "") + escape(text)


def _side(text: str) -> str:
    """GIFT has no escape for its arrow: a real one stands for it within a text."""
    return _text(text.replace("->", "→"))


def _block(question: Question) -> str:
    head = [f"[id:{_bracketed(question.key)}]"] if question.key else []
    head += [f"[tag:{_bracketed(tag)}]" for tag in tags_of(question, points=True, exact_case=True)]
    lines = ["// " + " ".join(head)] if head else []
    title = f"::{escape(question.title)}::" if question.title else ""
    general = f"####{_text(question.explanation)}" if question.explanation else ""
    start = escape(question.prompt)
    lines.append(f"{title}[plain]{start} {{{WRITERS[question.kind](question)}{general}}}")
    return "\n".join(lines) + "\n"


def _bracketed(text: str) -> str:
    return re.sub(r"([\]\\])", r"\\\1", " ".join(text.split()))


def _weight(share: Decimal | None) -> str:
    return "" if share is None else f"%{plain(share)}%"


def _remark(feedback: str) -> str:
    return f"#{_text(feedback)}" if feedback else ""


def _lines(rows: Sequence[str]) -> str:
    return "\n" + "".join(f"  {row}\n" for row in rows)


def _choices(question: Question) -> str:
    return _lines([_choice(question, each) for each in question.choices])


def _choice(question: Question, each: Choice) -> str:
    right = each.key in question.correct
    share = each.share
    if question.kind == Kind.MULTIPLE:
        sign = "~"
        share = share if share is not None else shares_of(len(question.correct)) if right else -FULL
    else:
        sign = "=" if right else "~"
    return sign + _weight(share) + _text(each.text) + _remark(each.feedback)


def _true_false(question: Question) -> str:
    is_true = "true" in question.correct
    remarks = {each.key: _text(each.feedback) if each.feedback else "" for each in question.choices}
    right, wrong = (remarks["true"], remarks["false"]) if is_true else (remarks["false"], remarks["true"])
    said = f"#{wrong}#{right}" if right else f"#{wrong}" if wrong else ""
    return ("T" if is_true else "F") + said


def _accepted(answers: Sequence[Accepted]) -> str:
    return _lines(
        [
            "="
            + _weight(None if each.share == FULL else each.share)
            + _side(each.text)
            + _remark(each.feedback)
            for each in answers
        ]
    )


def _pairs(question: Question) -> str:
    rows = [f"={_side(pair.left)} -> {_side(pair.right)}" for pair in question.pairs]
    return _lines(rows + [f"= -> {_side(text)}" for text in question.distractors])


def _ordered(question: Question) -> str:
    return ">ALL" + _lines([_text(item.text) for item in question.items])


def _numbers(question: Question) -> str:
    rows = [
        "="
        + _weight(None if each.share == FULL else each.share)
        + f"{plain(each.value)}:{plain(each.tolerance)}"
        + _remark(each.feedback)
        for each in question.numbers
    ]
    return "#" + _lines(rows)


WRITERS: dict[Kind, Callable[[Question], str]] = {
    **dict.fromkeys((Kind.SINGLE, Kind.MULTIPLE), _choices),
    Kind.TRUE_FALSE: _true_false,
    Kind.FILL_IN: lambda question: _accepted(question.blanks[0].answers),
    Kind.SHORT: lambda question: _accepted(question.answers) if question.answers else "",
    Kind.MATCHING: _pairs,
    Kind.ORDERING: _ordered,
    Kind.NUMERIC: _numbers,
    Kind.ESSAY: lambda question: "",
}
