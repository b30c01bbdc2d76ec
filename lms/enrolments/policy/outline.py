"""The items of a course version, and what must be finished before what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Outline = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Item:
    """One lesson, quiz or assignment of a course version's outline."""

    key: str
    kind: str  # lesson | quiz | assignment
    title: str
    title_en: str = ""
    requires: tuple[str, ...] = ()
    minutes: int = 0


def items_of(outline: Outline) -> tuple[Item, ...]:
    """The items of a version's outline, in order.

    A quiz of the whole course (its section has no title) is the final exam: it requires every quiz before it.
    """
    return tuple(_items(outline))


def _items(outline: Outline) -> Iterator[Item]:
    quizzes: list[str] = []
    for section in outline:
        for row in section.get("items", ()):
            key, kind = str(row["key"]), row["kind"]
            requires = [str(wanted) for wanted in row.get("requires") or ()]
            if kind == "quiz" and not section.get("title"):
                requires += quizzes
            if kind == "quiz":
                quizzes.append(key)
            minutes = int(row.get("minutes") or 0)
            yield Item(key, kind, row["title"], row.get("title_en") or "", tuple(requires), minutes)


def learned_in(items: Sequence[Item], done: Collection[str]) -> dict[str, int]:
    """The planned minutes of the lessons that were done, by key: actual training time, not what the course could bring."""
    return {item.key: item.minutes for item in items if item.kind == "lesson" and item.key in done}


def first_before(items: Sequence[Item], key: str, done: Collection[str], *, in_order: bool) -> Item | None:
    """The first item that must be done before the item `key` opens, or None when it is open.

    What it requires comes first; in a course in order, so does everything that stands before it, except assignments:
    nobody waits for the teacher who marks.
    """
    position = next((number for number, item in enumerate(items) if item.key == key), None)
    if position is None:
        return None
    needed = set(items[position].requires)
    if in_order:
        needed |= {item.key for item in items[:position] if item.kind != "assignment"}
    return next((item for item in items if item.key in needed and item.key not in done), None)
