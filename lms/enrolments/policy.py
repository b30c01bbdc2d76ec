"""When a course is completed, what is still missing for it, and what must be finished before what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.cohorts.policy import Sentence, gettext_noop, say

Outline = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Item:
    """One lesson, quiz or assignment of a course version's outline."""

    key: str
    kind: str  # lesson | quiz | assignment
    title: str
    title_en: str = ""
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """The completion rule of a course version: which kinds of items must be done."""

    require_lessons: bool = True
    require_quizzes: bool = True
    require_assignments: bool = False

    def asks_for(self, item: Item) -> bool:
        if item.kind == "assignment":
            return self.require_assignments
        return self.require_quizzes if item.kind == "quiz" else self.require_lessons


@dataclass(frozen=True)
class Facts:
    """What there is and what one person has done: keys of lessons completed, of quizzes and of assignments passed."""

    items: tuple[Item, ...]
    done: frozenset[str]


@dataclass(frozen=True)
class Missing:
    item: Item
    sentence: Sentence


@dataclass(frozen=True)
class Checklist:
    """The decision: complete or not, how far, and what is still missing, in words."""

    is_complete: bool
    done: int
    total: int
    missing: tuple[Missing, ...]


def is_complete(rule: Rule, facts: Facts) -> Checklist:
    """Whether everything that the rule asks for is done. A course that asks for nothing is never complete by itself."""
    asked = [item for item in facts.items if rule.asks_for(item)]
    missing = tuple(Missing(item, _missing_words(item)) for item in asked if item.key not in facts.done)
    return Checklist(
        is_complete=bool(asked) and not missing,
        done=len(asked) - len(missing),
        total=len(asked),
        missing=missing,
    )


def _missing_words(item: Item) -> Sentence:
    if item.kind == "quiz":
        return say(gettext_noop("Pass the quiz “%(title)s”."), title=item.title)
    if item.kind == "assignment":
        return say(gettext_noop("Hand in the assignment “%(title)s” and pass it."), title=item.title)
    return say(gettext_noop("Finish the lesson “%(title)s”."), title=item.title)


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
            yield Item(key, kind, row["title"], row.get("title_en") or "", tuple(requires))


def rule_of(row: Mapping[str, Any]) -> Rule:
    """The rule as a version keeps it. What it does not say of lessons and quizzes is asked for; of assignments, not."""
    return Rule(
        bool(row.get("lessons", True)), bool(row.get("quizzes", True)), bool(row.get("assignments", False))
    )


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
