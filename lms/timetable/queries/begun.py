"""Whether a class has begun. Attendance, which stands above the timetable, says so; it registers in lms/apps.py."""

from __future__ import annotations

from collections.abc import Callable

BEGUN: dict[str, Callable[[int], bool]] = {}


def begun_by(name: str, function: Callable[[int], bool]) -> None:
    """Ask `function(class_id)` too whether somebody has been in a class. One query is best."""
    BEGUN[name] = function


def has_begun(class_id: int) -> bool:
    """Whether anybody is known to have been in this class."""
    return any(function(class_id) for function in BEGUN.values())
