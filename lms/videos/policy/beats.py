"""One message of the player: what it says was played. Nothing of it is believed beyond the server's clock."""

from __future__ import annotations

import re
from dataclasses import dataclass

LARGEST = 10**9  # eleven days; larger numbers are nobody's
MOST_CLAIMS = 40
CLAIM = re.compile(r"(\d{1,10})-(\d{1,10})@(\d{1,4})", re.ASCII)


@dataclass(frozen=True)
class Claim:
    """“I played from here to there”, at so many per cent of the normal speed."""

    start: int
    end: int
    rate: int = 100


@dataclass(frozen=True)
class Beat:
    """What the player says, by its own counting: everything since the last answer that it got.

    So the same beats in another order, or twice, or with one lost, say the same in the end. `runs`: it goes on playing
    after this. `played`: for how long it has been playing by now, when the server believes that it rested.
    """

    number: int
    claims: tuple[Claim, ...] = ()
    runs: bool = True
    played: int = 0


def whole(text: str) -> int:
    """A number of the player, 0 when it is none; never more than LARGEST."""
    return min(int(text), LARGEST) if text.isascii() and text.isdecimal() and len(text) <= 12 else 0


def claims_of(text: str) -> tuple[Claim, ...]:
    """The claims in “0-10000@100,10000-12500@150”; what is not one falls away, and so does what is too many."""
    pieces = text[: MOST_CLAIMS * 30].split(",")[:MOST_CLAIMS]
    found = (CLAIM.fullmatch(piece) for piece in pieces)
    numbers = [tuple(min(int(part), LARGEST) for part in match.groups()) for match in found if match]
    return tuple(Claim(*each) for each in numbers)
