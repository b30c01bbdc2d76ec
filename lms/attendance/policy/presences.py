"""What a register says of a person in a class, as far as decisions rest on it."""

from __future__ import annotations

from enum import StrEnum


class Presence(StrEnum):
    """The words of the register (lms.attendance.states has them with their labels)."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ON_LEAVE = "on_leave"
    ABSENT = "absent"
    MADE_UP = "made_up"


THERE = frozenset({Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY})
ATTENDED = THERE | {Presence.MADE_UP}  # in this class, or in the one that stands for it
