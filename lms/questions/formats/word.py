"""Word papers, read: line by line, as people lay a paper out, with the answers below each question or at the end."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lms.questions.formats import labels, papers
from lms.questions.formats.docx import CELL, Paper, open_paper
from lms.questions.formats.drafts import Draft, question_of, split_path
from lms.questions.formats.papers import KEEP
from lms.questions.formats.pictures import MOST, picture
from lms.questions.formats.results import MOST_QUESTIONS, Entry, FileRefused, entry
from lms.questions.policy import PICTURE, Fault, FaultKind, Kind, Picture, fault

TEXTS: tuple[str, ...] = (
    "kind",
    "prompt",
    "key",
    "title",
    "difficulty",
    "points",
    "answer",
    "model",
    "explanation",
    "feedback",
)
TEXTS += ("shares", "unit", "exact_case", "tags", "source")
OF_PARTS = frozenset({"answer", "model", "points", "kind"})


@dataclass
class _Asked:
    """A question as it is being read: its number, its line, the kind of its heading, and where the next line belongs."""

    number: int
    line: int
    section: str
    draft: Draft = field(default_factory=Draft)
    path: str = ""
    target: tuple[Draft, str] | None = None


@dataclass
class _State:
    """What has been read so far."""

    asked: list[_Asked] = field(default_factory=list)
    section: str = ""
    each: str = ""  # the points that the heading gives to each question
    in_key: bool = False
    numbers: list[str] = field(default_factory=list)  # the row above, of a table with the answers
    key: dict[tuple[str, int], str] = field(default_factory=dict)
    last: tuple[str, int] | None = None
    begun_parts: bool = False


def read(content: bytes) -> Iterator[Entry]:
    """The questions of a paper. Raises FileRefused when it is no document, or no question was found in it."""
    paper = open_paper(content)
    state = _State()
    for number, paragraph in enumerate(paper.lines, 1):
        pieces = paragraph.split("\n")
        if not any(piece.strip() for piece in pieces):
            continue
        for piece in pieces:
            for part in papers.INLINE_FIELD.split(piece):
                _take(state, number, part)
        if len(state.asked) > MOST_QUESTIONS:
            break
    if not state.asked:
        raise FileRefused(
            _("No question was found in this document. Questions begin with a number, such as 1. or 1、")
        )
    for place, asked in enumerate(state.asked, 1):
        yield _entry(place, asked, state, paper)


def _take(state: _State, number: int, line: str) -> None:
    bare = line.strip()
    if state.in_key:
        _take_key(state, bare)
        return
    if papers.ANSWERS.fullmatch(bare) and state.asked:
        state.in_key, state.section = True, ""
        return
    if len(bare) < 200 and (kind := papers.section_kind(bare)) is not None:
        each = papers.EACH.search(bare)
        state.section, state.each = kind, each.group(1) if each else ""
        state.begun_parts = False
        if state.asked:
            state.asked[-1].target = None
        return
    if not (_part(state, bare) or _question(state, number, bare)) and state.asked:
        _below(state.asked[-1], line, bare)


def _part(state: _State, bare: str) -> bool:
    """A question below a case: (1), or 1. below the word 问题."""
    if not state.asked or state.asked[-1].section not in (Kind.CASE.value, ""):
        return False
    asked = state.asked[-1]
    if papers.QUESTIONS_HEAD.fullmatch(bare) and asked.section:
        state.begun_parts = True
        return True
    found = papers.PART.fullmatch(bare)
    if found:
        number, text = int(found.group(1) or found.group(3)), found.group(2) or found.group(4) or ""
    elif asked.section and state.begun_parts and (said := papers.QUESTION.fullmatch(bare)):
        number, text = int(said.group(1) or said.group(2)), said.group(3)
    else:
        return False
    parts = asked.draft.parts
    if not asked.section and (asked.draft.choices or asked.draft.answer or (not parts and number != 1)):
        return False
    if asked.target is not None and asked.target[1] in ("answer", "model") and 0 < number <= len(parts):
        _put(asked, parts[number - 1], "model", text)
    else:
        parts.append(Draft(kind=labels.PARTS[Kind.ESSAY]))
        _put(asked, parts[-1], "prompt", text)
    return True


def _question(state: _State, number: int, bare: str) -> bool:
    found = papers.QUESTION.fullmatch(bare)
    if found is None:
        return False
    asked = _Asked(int(found.group(1) or found.group(2)), number, state.section)
    asked.draft.points = state.each if state.section != Kind.CASE else ""
    state.begun_parts = False
    _put(asked, asked.draft, "prompt", found.group(3))
    state.asked.append(asked)
    return True


def _put(asked: _Asked, draft: Draft, name: str, text: str) -> None:
    setattr(draft, name, text)
    asked.target = (draft, name)


def _below(asked: _Asked, line: str, bare: str) -> None:
    """A line below the number of a question: a field, choices, or more of what stands before."""
    if field_ := papers.FIELD.fullmatch(bare):
        name = papers.FIELDS[field_.group(1) or field_.group(2)]
        draft = asked.draft.parts[-1] if asked.draft.parts and name in OF_PARTS else asked.draft
        if name == "point":
            asked.path, asked.target = field_.group(3), None
        else:
            _put(asked, draft, name, field_.group(3))
    elif (choices := papers.choices_in(bare)) and not asked.draft.parts and not asked.draft.answer:
        asked.draft.choices += [
            found.group(2) for each in choices if (found := papers.CHOICE.fullmatch(each))
        ]
        asked.target = (asked.draft, "choices")
    elif asked.target is not None:
        draft, name = asked.target
        if name == "choices":
            draft.choices[-1] += "\n" + line
        else:
            setattr(draft, name, getattr(draft, name) + "\n" + line)


def _take_key(state: _State, bare: str) -> None:
    """A line of the answers at the end of the paper."""
    if len(bare) < 200 and (kind := papers.section_kind(bare)) is not None:
        state.section = kind
        return
    cells = [cell.strip() for cell in bare.split(CELL)]
    if len(cells) > 1 and all(cell.isascii() and cell.isdigit() and len(cell) < 5 for cell in cells[1:]):
        state.numbers = cells[1:]
    elif len(cells) > 1 and state.numbers:
        pairs = zip(state.numbers, cells[1:], strict=False)
        state.key |= {(state.section, int(number)): said for number, said in pairs}
        state.numbers = []
    elif several := papers.key_answers(bare):
        state.key |= {(state.section, number): said for number, said in several.items()}
        state.last = None
    elif found := papers.QUESTION.fullmatch(bare):
        state.last = (state.section, int(found.group(1) or found.group(2)))
        state.key[state.last] = found.group(3)
    elif state.last is not None:
        state.key[state.last] += "\n" + bare


def _entry(place: int, asked: _Asked, state: _State, paper: Paper) -> Entry:
    draft, found = asked.draft, list[Fault]()
    if place > MOST_QUESTIONS:
        return Entry(place, asked.line, None, (fault(FaultKind.TOO_MANY, most=MOST_QUESTIONS),))
    if not draft.answer and not draft.model:
        draft.answer = state.key.get((asked.section, asked.number)) or state.key.get(("", asked.number), "")
    for each in (draft, *draft.parts):
        if ended := papers.POINTS.search(each.prompt):
            each.prompt, each.points = each.prompt[: ended.start()], each.points or ended.group(1)
    if not draft.answer and (draft.choices or asked.section == Kind.TRUE_FALSE):
        _answer_in_brackets(draft)
    draft.kind = (
        draft.kind
        or asked.section
        or papers.guessed(draft.choices, draft.answer, draft.prompt, bool(draft.parts))
    )
    _unshield(draft)
    draft.point = split_path(asked.path.replace(KEEP, ""))
    draft.pictures = _pictures(draft, paper, found)
    question, more = question_of(draft)
    return entry(place, asked.line, question, [*found, *more], draft.prompt)


def _answer_in_brackets(draft: Draft) -> None:
    found = papers.BRACKET.search(draft.prompt)
    if found is not None:
        draft.answer = found.group(1)
        draft.prompt = draft.prompt[: found.start()] + "(  )" + draft.prompt[found.end() :]


def _unshield(draft: Draft) -> None:
    for each in (draft, *draft.parts):
        for name in TEXTS:
            setattr(each, name, getattr(each, name).replace(KEEP, "").strip())
        each.choices = [text.replace(KEEP, "").strip() for text in each.choices]


def _pictures(draft: Draft, paper: Paper, found: list[Fault]) -> tuple[Picture, ...]:
    """The pictures that the texts name, each under the last part of its path, which stands in the texts from now on."""
    drafts = (draft, *draft.parts)
    texts = [getattr(each, name) for each in drafts for name in TEXTS] + draft.choices
    paths = list(dict.fromkeys(path for text in texts for path in PICTURE.findall(text)))
    if not paths:
        return ()
    for each in drafts:
        for name in TEXTS:
            setattr(each, name, _named(getattr(each, name)))
    draft.choices = [_named(text) for text in draft.choices]
    kept = []
    for path in paths[:MOST]:
        data = paper.picture(path)
        if (
            data is not None
            and (made := picture(posixpath.basename(path), data, found, paper.alts.get(path, ""))) is not None
        ):
            kept.append(made)
    return tuple(kept)


def _named(text: str) -> str:
    return re.sub(PICTURE, lambda mark: f"[[picture:{posixpath.basename(mark.group(1))}]]", text)
