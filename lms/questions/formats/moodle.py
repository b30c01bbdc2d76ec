"""Moodle XML, read: question after question, without definitions of entities, and its HTML as text."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from lms.questions.formats import cloze
from lms.questions.formats.encodings import checked
from lms.questions.formats.gift import category
from lms.questions.formats.gift_answers import multiple
from lms.questions.formats.html import alts_in, flat
from lms.questions.formats.numbers import decimal_of
from lms.questions.formats.pictures import MOST, from_base64
from lms.questions.formats.results import MOST_QUESTIONS, Entry, FileRefused, entry, note, short
from lms.questions.formats.tags import apply_by_hand, read_tags
from lms.questions.policy import (
    BLANK,
    FALSE,
    FULL,
    TRUE,
    Accepted,
    Blank,
    Choice,
    Fault,
    FaultKind,
    Kind,
    Number,
    Pair,
    Picture,
    Question,
    fault,
    letter,
    true_or_false,
)

CHINESE = re.compile(
    rb"""<\?xml[^>]{0,60}encoding=["'](?:gbk|gb2312|gb18030)["'][^>]{0,60}\?>""", re.IGNORECASE
)
DEEPEST = 60
MOST_ELEMENTS = 3_000_000
MOST_ANSWERS = 200


def read(content: bytes) -> Iterator[Entry]:
    """The questions of a Moodle XML file. Raises FileRefused when it is no such file; broken off in the middle, it ends
    with an entry that says so."""
    checked(content)
    if (declared := CHINESE.match(content)) is not None:  # an encoding that the parser does not know
        content = content[declared.end() :].decode("gb18030", "replace").encode()
    number = 0
    point: tuple[str, ...] = ()
    try:
        for element in _questions(content):
            if element.get("type") == "category":
                point = category(_plain(element.find("category")))
                continue
            number += 1
            if number > MOST_QUESTIONS:
                yield Entry(number, 0, None, (fault(FaultKind.TOO_MANY, most=MOST_QUESTIONS),))
                return
            yield _entry(number, element, point)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as damage:
        if not number:
            raise _refused(damage)
        yield Entry(number + 1, getattr(damage, "position", (0, 0))[0], None, (fault(FaultKind.UNREADABLE),))


def _refused(damage: Exception) -> FileRefused:
    if isinstance(damage, DefusedXmlException):
        return FileRefused(_("This XML file defines entities or a document type. Files of Moodle have none."))
    return FileRefused(_("This is no Moodle XML file, or it is damaged. Export it again as Moodle XML."))


def _questions(content: bytes) -> Iterator[Element]:
    """The question elements, each forgotten after it was used. Raises ValueError for what is too deep or no quiz."""
    depth, seen, root = 0, 0, None
    for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            depth, seen = depth + 1, seen + 1
            if root is None:
                root = element
            if depth > DEEPEST or seen > MOST_ELEMENTS or root.tag != "quiz":
                raise ValueError(element.tag)
            continue
        depth -= 1
        if depth == 1 and root is not None:
            if element.tag == "question":
                yield element
            root.clear()


def _plain(element: Element | None) -> str:
    """The text below an element, as it stands."""
    if element is None:
        return ""
    inner = element.find("text")
    return ((element if inner is None else inner).text or "").strip()


def _words(element: Element | None) -> str:
    """The text below an element, without its HTML where that is its format."""
    text = _plain(element)
    form = element.get("format", "html") if element is not None else ""
    return flat(text) if form in ("html", "moodle_auto_format", "") and ("<" in text or "&" in text) else text


def _entry(number: int, element: Element, point: tuple[str, ...]) -> Entry:
    kind_name = element.get("type", "")
    label = _words(element.find("questiontext")) or _words(element.find("name"))
    if kind_name == "description":
        return note(number, 0, label)
    if kind_name not in READERS:
        return entry(number, 0, None, [fault(FaultKind.UNKNOWN_KIND, kind=kind_name or "?")], label)
    found: list[Fault] = []
    kind, facts = READERS[kind_name](element, found)
    if any(_plain(hint) for hint in element.findall("hint")[:MOST_ANSWERS]):
        found.append(fault(FaultKind.HINTS_LEFT))
    tags = [_plain(tag) for tag in element.findall("tags/tag")[:MOST_ANSWERS]]
    more, kind = apply_by_hand(read_tags(tag for tag in tags if tag), kind)
    prompt = facts.pop("prompt", None)
    prompt = label if prompt is None else prompt
    title = _plain(element.find("name"))
    common: dict[str, Any] = {
        "key": _plain(element.find("idnumber")),
        "prompt": prompt,
        "title": "" if title == short(prompt) else title,
        "point": point,
        "points": decimal_of(_plain(element.find("defaultgrade")) or "1") or Decimal(1),
        "explanation": _words(element.find("generalfeedback")),
        "pictures": _pictures(element, found),
    }
    if kind == Kind.SHORT:
        facts.setdefault("answers", ())
    return entry(number, 0, Question(kind=kind, **{**common, **more, **facts}), found)


def _pictures(element: Element, found: list[Fault]) -> tuple[Picture, ...]:
    files = {file.get("name", "?"): file.text or "" for file in element.iter("file")}
    if len(files) > MOST:
        found.append(fault(FaultKind.TOO_MANY, most=MOST))
    alts: dict[str, str] = {}
    for text in element.iter("text") if files else ():
        alts = alts_in(text.text or "") | alts
    kept = (from_base64(name, text, found, alts.get(name, "")) for name, text in list(files.items())[:MOST])
    return tuple(each for each in kept if each is not None)


def _share(answer: Element) -> Decimal:
    return decimal_of(answer.get("fraction", "0")) or Decimal(0)


def _answers(element: Element, name: str = "answer") -> list[Element]:
    return element.findall(name)[: MOST_ANSWERS + 1]


def _multichoice(element: Element, found: list[Fault]) -> tuple[Kind, dict[str, Any]]:
    rows = [(_words(each), _share(each), _words(each.find("feedback"))) for each in _answers(element)]
    if _plain(element.find("single")).lower() in ("false", "0"):
        return Kind.MULTIPLE, multiple(rows)
    return Kind.SINGLE, _one_of(rows)


def _one_of(rows: list[tuple[str, Decimal, str]]) -> dict[str, Any]:
    """Choices of which one is right; shares other than all and nothing are their own."""
    usual = all(share in (0, FULL) for _text, share, _feedback in rows)
    choices = [
        Choice(letter(place), text, None if usual else share, feedback)
        for place, (text, share, feedback) in enumerate(rows)
    ]
    right = [letter(place) for place, row in enumerate(rows) if row[1] == FULL]
    return {"choices": tuple(choices), "correct": tuple(right)}


def _truefalse(element: Element, found: list[Fault]) -> tuple[Kind, dict[str, Any]]:
    rows = {_plain(each).lower(): each for each in _answers(element)}
    if set(rows) != {"true", "false"}:
        found.append(fault(FaultKind.NOT_TWO))
        return Kind.TRUE_FALSE, {"choices": true_or_false()}
    yes, no = (_words(rows[key].find("feedback")) for key in (TRUE, FALSE))
    right = TRUE if _share(rows[TRUE]) > 0 else FALSE
    return Kind.TRUE_FALSE, {"choices": true_or_false(said=(yes, no)), "correct": (right,)}


def _accepted(element: Element, found: list[Fault]) -> tuple[Accepted, ...]:
    """What is worth something; wrong answers that only have a remark are no answers, which is said."""
    rows = [(_plain(each), _share(each), _words(each.find("feedback"))) for each in _answers(element)]
    if wrong := [text for text, share, _remark in rows if share <= 0 and text not in ("", "*")]:
        found.append(fault(FaultKind.WRONG_LEFT, text="、".join(wrong)))
    return tuple(Accepted(*row) for row in rows if row[1] > 0)


def _shortanswer(element: Element, found: list[Fault]) -> tuple[Kind, dict[str, Any]]:
    return Kind.SHORT, {
        "answers": _accepted(element, found),
        "exact_case": _plain(element.find("usecase")) == "1",
    }


def _numerical(element: Element, found: list[Fault]) -> tuple[Kind, dict[str, Any]]:
    numbers = []
    for each in _answers(element):
        value, tolerance = decimal_of(_plain(each)), decimal_of(_plain(each.find("tolerance")) or "0")
        if value is None or tolerance is None:
            found.append(fault(FaultKind.NOT_A_NUMBER, text=_plain(each)))
        elif _share(each) <= 0:
            found.append(fault(FaultKind.WRONG_LEFT, text=_plain(each)))
        else:
            numbers.append(Number(value, tolerance, _share(each), _words(each.find("feedback"))))
    units = [_plain(each.find("unit_name")) for each in element.findall("units/unit")]
    return Kind.NUMERIC, {"numbers": tuple(numbers), "unit": units[0] if units else ""}


def _matching(element: Element, found: list[Fault]) -> tuple[Kind, dict[str, Any]]:
    pairs: list[Pair] = []
    distractors = []
    for each in _answers(element, "subquestion"):
        left, right = _words(each), _plain(each.find("answer"))
        if left:
            pairs.append(Pair(letter(len(pairs)), left, right))
        else:
            distractors.append(right)
    return Kind.MATCHING, {"pairs": tuple(pairs), "distractors": tuple(distractors)}


def _ordering(element: Element, found: list[Fault]) -> tuple[Kind, dict[str, Any]]:
    items = (Choice(letter(place), _words(each)) for place, each in enumerate(_answers(element)))
    return Kind.ORDERING, {"items": tuple(items)}


def _essay(element: Element, found: list[Fault]) -> tuple[Kind, dict[str, Any]]:
    return Kind.ESSAY, {"model": _words(element.find("graderinfo"))}


def _cloze(element: Element, found: list[Fault]) -> tuple[Kind, dict[str, Any]]:
    prompt, gaps = cloze.read(_words(element.find("questiontext")), found)
    facts: dict[str, Any] = {"prompt": prompt}
    if element.find("defaultgrade") is None:
        facts["points"] = Decimal(max(1, len(gaps)))
    if cloze.is_choice(gaps):
        found.append(fault(FaultKind.BECAME_CHOICE))
        rows = [(row.text, row.share, row.feedback) for row in gaps[0].rows]
        kind = Kind.SINGLE if gaps[0].kind in cloze.ONE_OF else Kind.MULTIPLE
        return kind, facts | (multiple(rows) if kind == Kind.MULTIPLE else _one_of(rows))
    facts["blanks"], facts["exact_case"] = cloze.blanks_of(gaps, found)
    return Kind.FILL_IN, facts


def _dragged(element: Element, found: list[Fault]) -> tuple[Kind, dict[str, Any]]:
    """Words dragged into a text, or selected in it: what belongs into each gap."""
    boxes = [_plain(each) for each in (*_answers(element, "dragbox"), *_answers(element, "selectoption"))]
    prompt, blanks = _words(element.find("questiontext")), []
    used: set[int] = set()
    pieces = prompt.split("[[")
    kept = [pieces[0]]
    for piece in pieces[1:]:
        number, closed, rest = piece.partition("]]")
        if (
            closed
            and number.isascii()
            and number.isdigit()
            and len(number) < 4
            and 0 < int(number) <= len(boxes)
        ):
            used.add(int(number))
            blanks.append(Blank((Accepted(boxes[int(number) - 1]),)))
            kept.append(BLANK + rest)
        else:
            kept.append("[[" + piece)
    if wrong := [text for number, text in enumerate(boxes, 1) if number not in used]:
        found.append(fault(FaultKind.WRONG_LEFT, text="、".join(wrong)))
    return Kind.FILL_IN, {"prompt": "".join(kept), "blanks": tuple(blanks)}


READERS: dict[str, Callable[[Element, list[Fault]], tuple[Kind, dict[str, Any]]]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
    "multianswer": _cloze,
    "ddwtos": _dragged,
    "gapselect": _dragged,
}
