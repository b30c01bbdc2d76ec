"""Who is in classes although they do not learn in their cohort, and who was moved out of one. Attendance, which stands above
the timetable, and transfers, which stands beside it, say so; they register in lms/apps.py."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from core.people.models import Person

Ids = QuerySet[Any, Any] | Collection[int]


class Visit(NamedTuple):
    """A class of another cohort in which a person makes one up (`is_on`), or no longer does; since when."""

    class_id: int
    is_on: bool
    at: datetime


class Leave(NamedTuple):
    """A class that a person has asked leave from, and whether it is agreed."""

    class_id: int
    is_agreed: bool


class Move(NamedTuple):
    """That a person was moved from one cohort to another, and when."""

    from_cohort: int
    to_cohort: int
    at: datetime


@dataclass(frozen=True)
class GuestBook:
    """What is known of people who make a class up in another cohort, or are to be absent from one of their own, as
    querysets of ids or as collections."""

    classes_of: Callable[[Person], Ids]
    people_in: Callable[[int], Ids]
    visits_of: Callable[[Person], Iterable[Visit]]  # those that were agreed, also when that was taken back
    leave_of: Callable[[Person], Iterable[Leave]]
    people_away: Callable[[int], Ids]  # with leave from this class


NOBODY = GuestBook(
    lambda person: (), lambda class_id: (), lambda person: (), lambda person: (), lambda class_id: ()
)
_BOOKS: dict[str, GuestBook] = {}
_MOVES: dict[str, Callable[[Person], Iterable[tuple[int, int, datetime]]]] = {}


def guests_by(book: GuestBook) -> None:
    """Take what is known of guests from this book; the latest one counts."""
    _BOOKS["guests"] = book


def moves_by(name: str, function: Callable[[Person], Iterable[tuple[int, int, datetime]]]) -> None:
    """Ask `function(person)` too out of which cohorts, in which they had a place, a person was moved, whereto and when."""
    _MOVES[name] = function


def guest_book() -> GuestBook:
    """What is known of guests now."""
    return _BOOKS.get("guests", NOBODY)


def moves_of(person: Person) -> list[Move]:
    """The cohorts that a person was moved out of, whereto and when."""
    return [Move(*move) for function in _MOVES.values() for move in function(person)]
