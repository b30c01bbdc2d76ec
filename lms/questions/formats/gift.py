"""GIFT, Moodle's text format, read: blocks set apart by empty lines, an answer in braces, a backslash before a sign itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.questions.formats.encodings import decoded
from lms.questions.formats.gift_answers import read_answer
from lms.questions.formats.html import flat
from lms.questions.formats.results import MOST_QUESTIONS, Entry, entry, note
from lms.questions.formats.tags import apply_by_hand, read_tags
from lms.questions.policy import BLANK, Fault, FaultKind, Question, fault

SIGNS = "~=#{}:\\"
MARKS = {sign: chr(0xFDD0 + place) for place, sign in enumerate(SIGNS)}  # no characters: see encodings
PLAIN = str.maketrans({mark: sign for sign, mark in MARKS.items()})
ESCAPED = re.compile(r"\\([~=#{}:\\n])")
COMMENT = re.compile(r"\[(id|tag):((?:\\.|[^\]\\]){1,2000})\]")
FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
LONGEST = 400_000  # characters of one question
ROOTS = ("$course$", "$system$", "$module$", "$category$", "top")


@dataclass
class _State:
    """What stands above the questions to come."""

    point: tuple[str, ...] = ()
    number: int = 0


def read(content: bytes) -> Iterator[Entry]:
    """The questions of a GIFT file, in order. Raises FileRefused when it is no text."""
    state = _State()
    for line, block in blocks(decoded(content)):
        text, marks = _stripped(block, state)
        if not text.strip():
            continue
        state.number += 1
        if state.number > MOST_QUESTIONS:
            yield Entry(state.number, line, None, (fault(FaultKind.TOO_MANY, most=MOST_QUESTIONS),))
            return
        yield _entry(state, line, text, marks)


def blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """What stands between empty lines, with the number of its first line."""
    block: list[str] = []
    first = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            first = first if block else number
            block.append(line)
        elif block:
            yield first, block
            block = []
    if block:
        yield first, block


def _stripped(block: list[str], state: _State) -> tuple[str, dict[str, Any]]:
    """The block without comments and categories; its key and tags, which Moodle writes into comments."""
    kept, key = [], ""
    tags: list[str] = []
    for line in block:
        if line.lstrip().startswith("//"):
            for name, said in COMMENT.findall(line):
                said = re.sub(r"\\(.)", r"\1", said)
                key, tags = (said, tags) if name == "id" else (key, [*tags, said])
        elif line.lstrip().upper().startswith("$CATEGORY:"):
            state.point = category(line.split(":", 1)[1])
        else:
            kept.append(line)
    return "\n".join(kept), {"key": key, "tags": tags}


def category(text: str) -> tuple[str, ...]:
    """The path that a category is: `//` is a slash within a name, Moodle's own roots do not count."""
    names = [name.replace("\ufdef", "/").strip() for name in text.strip().replace("//", "\ufdef").split("/")]
    while names and (names[0].lower() in ROOTS or not names[0]):
        names.pop(0)
    return tuple(name for name in names if name)


def marked(text: str) -> str:
    """The text with its escaped signs out of the way: `plain` brings them back."""
    return ESCAPED.sub(lambda found: "\ufdda" if found.group(1) == "n" else MARKS[found.group(1)], text)


def plain(text: str, *, is_html: bool = False) -> str:
    """The text as it is meant. Ends of lines are spaces, as Moodle reads them; `\\n` is one."""
    text = (
        " ".join(line.strip() for line in text.strip().split("\n")).replace("\ufdda", "\n").translate(PLAIN)
    )
    return flat(text.replace("\n", "<br>") if "<" not in text else text) if is_html else text.strip()


def _entry(state: _State, line: int, text: str, marks: dict[str, Any]) -> Entry:
    label = text[:200]
    if len(text) > LONGEST:
        return entry(state.number, line, None, [fault(FaultKind.TOO_LONG, most=LONGEST)], label)
    body = marked(text)
    title, body = _title(body)
    body, is_html = _format(body)
    opened, closed = body.find("{"), body.rfind("}")
    if opened < 0 and closed < 0:
        return note(state.number, line, plain(body, is_html=is_html))
    inside = body[opened + 1 : closed]
    if opened < 0 or closed < opened or "{" in inside or "}" in inside:
        return entry(state.number, line, None, [fault(FaultKind.NOT_CLOSED)], label)
    found: list[Fault] = []
    prompt = _prompt(body[:opened], body[closed + 1 :], is_html)
    kind, facts = read_answer(inside, prompt, lambda said: _piece(said, is_html), found)
    if kind is None:
        return entry(state.number, line, None, found, prompt)
    more, kind = apply_by_hand(read_tags(marks["tags"]), kind)
    points = {"points": more.pop("points", Decimal(1))}
    facts = {"key": marks["key"], "title": plain(title), "point": state.point, **more, **points, **facts}
    return entry(state.number, line, Question(kind=kind, prompt=prompt, **facts), found)


def _title(body: str) -> tuple[str, str]:
    head = body.lstrip()
    if head.startswith("::"):
        end = head.find("::", 2)
        if end > 0:
            return head[2:end], head[end + 2 :]
    return "", body


def _format(body: str) -> tuple[str, bool]:
    """The body without the name of its format, and whether that is HTML."""
    head = body.lstrip()
    if found := FORMAT.match(head):
        return head[found.end() :], found.group(1).lower() == "html"
    return body, False


def _piece(said: str, is_html: bool) -> str:
    """A text within the answer, which may name a format of its own."""
    said, own = _format(said)
    return plain(said, is_html=is_html or own)


def _prompt(before: str, after: str, is_html: bool) -> str:
    """The prompt; what stands behind the answer makes its place a blank."""
    if not after.strip():
        return plain(before, is_html=is_html)
    return plain(f"{before.rstrip()} {BLANK} {after.lstrip()}", is_html=is_html)
