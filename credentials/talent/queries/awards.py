"""Commendations, asked of whoever keeps them. The register of commendations tells its own here at start; until there is
one, nobody has any."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Award:
    """A commendation that somebody received: its title, who gave it, at which level (in words), in which year."""

    person_id: int
    title: str
    issuer: str
    level: str
    year: int


Finder = Callable[[Collection[int]], Iterable[Award]]
_finders: dict[str, Finder] = {}


def awarded_by(source: str, find: Finder) -> None:
    """Let a register tell what some people were commended for. Called once, when the app starts."""
    _finders[source] = find


def awards_of(person_ids: Collection[int]) -> dict[int, list[Award]]:
    """The commendations of each of these people, the latest first; every id has its list. As many queries as registers."""
    found: dict[int, list[Award]] = {person_id: [] for person_id in person_ids}
    for find in _finders.values():
        for each in find(person_ids):
            found[each.person_id].append(each)
    return {key: sorted(rows, key=lambda row: -row.year) for key, rows in found.items()}
