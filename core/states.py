"""How anything in the product changes state: one legal move, made once."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models


class Refused(ValueError):
    """What was asked for cannot be done. The message says why, in the user's language: show it as it is."""


Moves = Mapping[Any, Iterable[str]]


class IllegalMove(Exception):
    """The state this thing is in does not lead to the wanted one."""

    def __init__(self, thing: models.Model, old: str, new: str) -> None:
        self.thing, self.old, self.new = thing, old, new
        super().__init__(f"{thing._meta.label} {thing.pk}: {old} → {new}")


class StaleState(IllegalMove):
    """Somebody else moved it first; what the caller looked at is no longer so."""


def can_move(moves: Moves, old: str, new: str) -> bool:
    """Whether the table of legal moves leads from `old` to `new`."""
    return new in moves.get(old, ())


def move(thing: models.Model, new: str, moves: Moves, *, field: str = "state", **changes: Any) -> str:
    """Move `thing` to state `new` by compare-and-set, writing `changes` in the same statement; returns the old state.

    Two clicks make one move: the second finds that the row no longer has the state it looked at.
    Raises IllegalMove when the table forbids it and StaleState when somebody else was first.
    """
    old = getattr(thing, field)
    if not can_move(moves, old, new):
        raise IllegalMove(thing, old, new)
    rows = type(thing)._base_manager.filter(pk=thing.pk, **{field: old})
    if not rows.update(**{field: new}, **changes):
        raise StaleState(thing, old, new)
    for name, value in {field: new, **changes}.items():
        setattr(thing, name, value)
    return str(old)


def move_all(
    rows: models.QuerySet[Any], old: str, new: str, moves: Moves, *, field: str = "state", **changes: Any
) -> int:
    """Move those of `rows` that are in state `old` to `new` in one statement; returns how many there were.

    Whoever asked for a number compares it: fewer were moved when somebody else was first. Raises IllegalMove when the
    table forbids it.
    """
    if not can_move(moves, old, new):
        raise IllegalMove(rows.model(**{field: old}), old, new)
    return rows.filter(**{field: old}).update(**{field: new}, **changes)
