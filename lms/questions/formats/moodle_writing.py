"""Questions written as Moodle XML. What it has no element for is said, by question."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from html import unescape
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from core.sheets.writing import UNWRITABLE
from lms.questions.formats import cloze
from lms.questions.formats.html import marked_up
from lms.questions.formats.results import Loss, Written, loss, short
from lms.questions.formats.tags import are_own, has_odd_shares, shares_of, tags_of
from lms.questions.policy import FULL, PICTURE, Choice, Kind, Question, plain

QUOTES = {"\n": " ", '"': "&quot;"}
TYPES = {
    Kind.SINGLE: "multichoice",
    Kind.MULTIPLE: "multichoice",
    Kind.TRUE_FALSE: "truefalse",
    Kind.FILL_IN: "cloze",
    Kind.MATCHING: "matching",
    Kind.ORDERING: "ordering",
    Kind.NUMERIC: "numerical",
    Kind.SHORT: "shortanswer",
    Kind.ESSAY: "essay",
}


def write(questions: Sequence[Question]) -> Written:
    """The questions as Moodle XML in UTF-8."""
    pieces = ['<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n']
    losses: list[Loss] = []
    point: tuple[str, ...] = ()
    for number, question in enumerate(questions, 1):
        if question.kind not in TYPES:
            losses += loss(number, question, ["kind"], whole=True)
            continue
        losses += loss(number, question, lost(question))
        if question.point != point:
            point = question.point
            path = "/".join(("$course$", "top", *(name.replace("/", "//") for name in point)))
            pieces.append(f'<question type="category"><category>{_inner(path)}</category></question>\n')
        pieces.append(_question(question))
    content = "".join([*pieces, "</quiz>\n"])
    return Written(UNWRITABLE.sub("", content).encode("utf-8", "replace"), tuple(losses))


def lost(question: Question) -> list[str]:
    """The fields that are left out."""
    found = ["signs"] if any(UNWRITABLE.search(text) for text in question.texts()) else []
    if question.kind == Kind.TRUE_FALSE:
        found += ["choices"] if [each.text for each in question.choices] != ["对", "错"] else []
        found += ["shares"] if any(each.share is not None for each in question.choices) else []
    found += ["title"] if question.title and question.title == short(question.prompt) else []
    found += ["shares"] if has_odd_shares(question) else []
    found += ["tags"] if are_own(question.tags) else []
    found += ["model"] if question.model and question.kind != Kind.ESSAY and not question.by_hand else []
    return found


def _inner(text: str) -> str:
    return f"<text>{escape(text)}</text>"


def _body(text: str, question: Question) -> str:
    """The format and the text; a text with pictures is HTML that shows them."""
    if not PICTURE.search(text):
        return f' format="plain_text">{_inner(text)}'
    alts = {each.name: each.alt for each in question.pictures}

    def shown(found: re.Match[str]) -> str:
        name = unescape(found.group(1))
        return f'<img src="@@PLUGINFILE@@/{quote(name)}" alt={quoteattr(alts.get(name, ""), QUOTES)}>'

    return f' format="html">{_inner(PICTURE.sub(shown, marked_up(text)))}'


def _question(question: Question) -> str:
    kind = TYPES[question.kind]
    if question.kind == Kind.SHORT and question.by_hand:
        kind = "essay"
    prompt = cloze.write(question) if question.kind == Kind.FILL_IN else question.prompt
    files = "".join(
        f'<file name={quoteattr(each.name)} path="/" encoding="base64">{base64.b64encode(each.data).decode("ascii")}</file>'
        for each in question.pictures
    )
    tags = tags_of(question, points=False, exact_case=False)
    return "".join(
        (
            f'<question type="{kind}"><name>{_inner(question.title or short(question.prompt))}</name>',
            f"<questiontext{_body(prompt, question)}{files}</questiontext>",
            f"<generalfeedback{_body(question.explanation, question)}</generalfeedback>",
            f"<defaultgrade>{plain(question.points)}</defaultgrade>",
            f"<idnumber>{escape(question.key)}</idnumber>" if question.key else "",
            WRITERS[kind](question),
            "".join(["<tags>", *(f"<tag>{_inner(tag)}</tag>" for tag in tags), "</tags>"]) if tags else "",
            "</question>\n",
        )
    )


def _answer(question: Question, text: str, share: Decimal, feedback: str, more: str = "") -> str:
    remark = f"<feedback{_body(feedback, question)}</feedback>" if feedback else ""
    return f'<answer fraction="{plain(share)}"{_body(text, question)}{remark}{more}</answer>'


def _multichoice(question: Question) -> str:
    is_single = question.kind == Kind.SINGLE
    rows = (_answer(question, each.text, _share(question, each), each.feedback) for each in question.choices)
    return f"<single>{'true' if is_single else 'false'}</single>{''.join(rows)}"


def _share(question: Question, choice: Choice) -> Decimal:
    if choice.share is not None:
        return choice.share
    right = choice.key in question.correct
    if question.kind == Kind.SINGLE:
        return FULL if right else Decimal(0)
    return shares_of(len(question.correct)) if right else -FULL


def _truefalse(question: Question) -> str:
    return "".join(
        _answer(question, each.key, FULL if each.key in question.correct else Decimal(0), each.feedback)
        for each in question.choices
    )


def _accepted(question: Question) -> str:
    return "".join(_answer(question, each.text, each.share, each.feedback) for each in question.answers)


def _numerical(question: Question) -> str:
    rows = (
        _answer(
            question,
            plain(each.value),
            each.share,
            each.feedback,
            f"<tolerance>{plain(each.tolerance)}</tolerance>",
        )
        for each in question.numbers
    )
    unit = f"<units><unit><multiplier>1</multiplier><unit_name>{escape(question.unit)}</unit_name></unit></units>"
    return "".join(rows) + (unit if question.unit else "")


def _matching(question: Question) -> str:
    rows = [(pair.left, pair.right) for pair in question.pairs]
    rows += [("", text) for text in question.distractors]
    return "".join(
        f"<subquestion{_body(left, question)}<answer>{_inner(right)}</answer></subquestion>"
        for left, right in rows
    )


WRITERS: dict[str, Callable[[Question], str]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": lambda question: f"<usecase>{int(question.exact_case)}</usecase>" + _accepted(question),
    "numerical": _numerical,
    "matching": _matching,
    "ordering": lambda question: "".join(_answer(question, item.text, FULL, "") for item in question.items),
    "essay": lambda question: f"<graderinfo{_body(question.model, question)}</graderinfo>",
    "cloze": lambda question: "",
}
