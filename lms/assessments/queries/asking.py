"""One question as the page of a sitting shows it: the places to answer in, with what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lms.assessments.queries.papers import worth_of
from lms.questions.policy import BLANKS, LONGEST_TEXT, LONGEST_WORD, Kind, plain, shuffled


@dataclass(frozen=True)
class Option:
    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class Place:
    """One thing to fill in or to choose. `before`: the text that stands before it; `name`: what the field is called after
    the name of the question."""

    before: str
    name: str = ""
    label: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    points: str = ""


def words_in(said: Any) -> str:
    """What was said in words; whatever else is kept is none."""
    return said if isinstance(said, str) else ""


def texts_in(said: Any) -> list[str]:
    """What was said place by place."""
    is_list = isinstance(said, Sequence) and not isinstance(said, str)
    return [each if isinstance(each, str) else "" for each in said] if is_list else []


def keyed_in(said: Any) -> Mapping[str, str]:
    """What was said by the keys of pairs or parts."""
    return {key: words_in(each) for key, each in said.items()} if isinstance(said, Mapping) else {}


def places_of(row: Mapping[str, Any], said: Any, seed: str) -> list[Place]:
    """The places of a question that is not answered by choosing."""
    return PLACES[row["kind"]](row, said, seed)


def rights_in(row: Mapping[str, Any], seed: str) -> list[str]:
    """The right sides of a matching question, in an order that the attempt decides."""
    rights = {*(pair["right"] for pair in row["pairs"]), *row.get("distractors", ())}
    return shuffled(sorted(rights), f"{seed} {row['key']}")


def items_in(row: Mapping[str, Any], seed: str) -> list[Mapping[str, str]]:
    """What is to be put in order, as it stands before."""
    return shuffled(sorted(row["items"], key=lambda item: item["key"]), f"{seed} {row['key']}")


def most_signs(row: Mapping[str, Any]) -> int:
    """How long a text may be."""
    by_hand = row["kind"] in (Kind.ESSAY, Kind.CASE) or (row["kind"] == Kind.SHORT and not row.get("answers"))
    return LONGEST_TEXT if by_hand else LONGEST_WORD


def _blanks(row: Mapping[str, Any], said: Any, _seed: str) -> list[Place]:
    texts, values = BLANKS.split(row["prompt"]), texts_in(said)
    places = [
        Place(text, label=_("Blank %(number)s") % {"number": n}, name="-", value=_at(values, n - 1))
        for n, text in enumerate(texts[:-1], 1)
    ]
    return [*places, Place(texts[-1])]


def _at(values: Sequence[str], place: int) -> str:
    return values[place] if place < len(values) else ""


def _pairs(row: Mapping[str, Any], said: Any, seed: str) -> list[Place]:
    values, rights = keyed_in(said), rights_in(row, seed)
    return [
        Place(
            pair["left"],
            f"-{pair['key']}",
            options=tuple(Option(right, right, values.get(pair["key"]) == right) for right in rights),
        )
        for pair in row["pairs"]
    ]


def _items(row: Mapping[str, Any], said: Any, seed: str) -> list[Place]:
    """`said`: the keys by their places; or, where two were given the same place, {key: place} as the form has it."""
    at = keyed_in(said) or {key: str(place) for place, key in enumerate(texts_in(said), 1) if key}
    numbers = [str(number) for number in range(1, len(row["items"]) + 1)]
    return [
        Place(
            item["text"],
            f"-{item['key']}",
            options=tuple(Option(n, n, at.get(item["key"]) == n) for n in numbers),
        )
        for item in items_in(row, seed)
    ]


def _word(row: Mapping[str, Any], said: Any, _seed: str) -> list[Place]:
    return [Place("", label=row.get("unit", ""), value=words_in(said))]


def _parts(row: Mapping[str, Any], said: Any, _seed: str) -> list[Place]:
    values = keyed_in(said)
    return [
        Place(
            part["prompt"],
            f"-{part['key']}",
            value=values.get(part["key"], ""),
            points=plain(worth_of(part)),
        )
        for part in row["parts"]
    ]


PLACES: dict[str, Callable[[Mapping[str, Any], Any, str], list[Place]]] = {
    Kind.FILL_IN: _blanks,
    Kind.MATCHING: _pairs,
    Kind.ORDERING: _items,
    Kind.NUMERIC: _word,
    Kind.SHORT: _word,
    Kind.ESSAY: _word,
    Kind.CASE: _parts,
}
