"""What a manual entry may say."""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

LONGEST = datetime.timedelta(hours=24)  # one entry is one stretch of one day
DAY_MINUTES = 1440  # that one day can have, where no rule says less
NEAR = 0.8  # how much of two titles is the same when they may mean the same training
SHORT = 4  # a title of fewer letters stands in many others by chance


def plain_title(title: str) -> str:
    """A title without what may differ between two ways of writing it: width, capitals, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def is_near(title: str, other: str) -> bool:
    """Whether two titles may mean the same training: nearly the same letters, or the one stands in the other."""
    one, two = sorted((plain_title(title), plain_title(other)), key=len)
    if len(one) >= SHORT and one in two:
        return True
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= NEAR


@dataclass(frozen=True)
class Said:
    """What was typed: a day with its minutes, and the times if the training had any."""

    occurred_on: datetime.date
    minutes: int
    starts_at: datetime.datetime | None = None
    ends_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong, and at which field."""

    field: str
    code: str


def faults_of(said: Said, *, today: datetime.date, now: datetime.datetime, lump_minutes: int) -> list[Fault]:
    """Everything that is wrong with these facts; nothing when they can be entered.

    With times, the minutes lie within them; without, they are at most `lump_minutes` (a dated rule).
    """
    found = []
    if said.occurred_on > today:
        found.append(Fault("day", "in_future"))
    elif said.occurred_on.year < 2000:
        found.append(Fault("day", "long_ago"))
    if said.minutes < 1:
        found.append(Fault("minutes", "none"))
    if (said.starts_at is None) != (said.ends_at is None):
        return [*found, Fault("end" if said.ends_at is None else "start", "half")]
    if said.starts_at is None or said.ends_at is None:
        if said.minutes > lump_minutes:
            found.append(Fault("minutes", "lump"))
        return found
    length = said.ends_at - said.starts_at
    if not datetime.timedelta() < length <= LONGEST:
        found.append(Fault("end", "order"))
    elif said.minutes > length.total_seconds() // 60:
        found.append(Fault("minutes", "longer"))
    if said.ends_at > now and not found:
        found.append(Fault("end", "in_future"))
    return found
