"""One live lesson per person: a second tab or device takes over deliberately, and the first earns nothing any more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LIVE_FOR = 45_000  # a player that has not been heard of for three beats is not there any more


class Begin(StrEnum):
    """What becomes of somebody who wants to watch."""

    GRANTED = "granted"
    ELSEWHERE = "elsewhere"  # another player runs: it is asked first
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True)
class Holder:
    """Whose turn it is: the mark of the player, and when it was last heard of."""

    token: str
    heard_at: int
    runs: bool = True


def begin(holder: Holder | None, token: str, *, now: int, wants_it: bool) -> Begin:
    """Whether the player with this mark may go on; `wants_it`: somebody said so although another one runs."""
    is_live = holder is not None and holder.runs and now - holder.heard_at <= LIVE_FOR
    if holder is None or holder.token == token or not is_live:
        return Begin.GRANTED
    return Begin.TAKEN_OVER if wants_it else Begin.ELSEWHERE


def debt_only(spare: int) -> int:
    """What goes along when the clock begins anew: only what is owed, so that beginning often is worth nothing."""
    return min(spare, 0)
