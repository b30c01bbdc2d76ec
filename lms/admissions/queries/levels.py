"""Who holds which national level: verified by an app above, or declared with an application."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from lms.admissions.states import Level

if TYPE_CHECKING:
    from lms.enrolments.models import Enrolment

AskLevels = Callable[[list[int]], dict[int, set[str]]]
_ask: dict[str, AskLevels] = {}


def ask_levels_by(function: AskLevels | None) -> None:
    """Let an app above say who holds which national level, verified: person ids → {person id: levels (Level)}.

    A person who is missing, or has an empty set, is unknown. None takes the function back.
    """
    _ask.pop("levels", None)
    if function is not None:
        _ask["levels"] = function


def levels_of(person_ids: Iterable[int]) -> dict[int, set[str]]:
    """The verified national levels of these people, as far as anybody knows."""
    ids = list(person_ids)
    return _ask["levels"](ids) if "levels" in _ask and ids else {}


def level_words(enrolment: Enrolment) -> str:
    """The national level that was declared with an application; "" where none was asked."""
    record = getattr(enrolment, "record", None)
    return str(Level(record.level).label) if record is not None and record.level in Level.values else ""
