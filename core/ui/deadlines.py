"""How far away a day is, and how loudly to say so. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Distance:
    """Whole calendar days to a day (negative when it is over) and the tone it is shown in."""

    days: int
    tone: str  # plain | warn | bad | past


def distance_to(day: date, *, today: date, warn_within: int = 7, bad_within: int = 2) -> Distance:
    """Days count from midnight to midnight: at 23:59 the next day is one day away."""
    days = (day - today).days
    if days < 0:
        tone = "past"
    elif days <= bad_within:
        tone = "bad"
    elif days <= warn_within:
        tone = "warn"
    else:
        tone = "plain"
    return Distance(days, tone)
