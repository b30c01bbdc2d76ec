"""What somebody is qualified as, asked of every app that knows.

Apps that may not import each other tell it here, at start, and ask it here. No number of a certificate is among it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Qualification:
    """A person holds a qualification until a day (None: for good); `is_verified`: an officer has compared it with its
    proof, otherwise the person says so."""

    person_id: int
    title: str
    until: datetime.date | None = None
    is_verified: bool = False


Finder = Callable[[Collection[int]], Iterable[Qualification]]
_finders: dict[str, Finder] = {}


def qualified_by(source: str, find: Finder) -> None:
    """Let an app tell what some people are qualified as today. Called once, when it starts."""
    _finders[source] = find


def qualifications_of(
    person_ids: Collection[int], *, only_verified: bool = False
) -> dict[int, list[Qualification]]:
    """What each of these people is qualified as today, the verified ones first; every id has its list. As many queries
    as there are apps that tell."""
    found: dict[int, list[Qualification]] = {person_id: [] for person_id in person_ids}
    for find in _finders.values():
        for each in find(person_ids):
            if each.is_verified or not only_verified:
                found[each.person_id].append(each)
    return {key: sorted(rows, key=lambda row: not row.is_verified) for key, rows in found.items()}
