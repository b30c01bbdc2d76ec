"""What a manual entry may say."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

LONGEST = datetime.timedelta(hours=24)  # one entry is one stretch of one day


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
