"""What a manual entry may say."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

LONGEST = datetime.timedelta(hours=24)  # one entry is one stretch of one day
DAY_MINUTES = 1440  # that one day can have, where no rule says less
NEAR = 0.8  # how much of two titles is the same when they may mean the same training
SHORT = 4  # a title of fewer letters stands in many others by chance
# What a training is called besides its subject; the longer word first. They differ between two papers of one training.
KINDS = re.compile(
    "工作坊|训练营|(?:培训|研修|研讨|进修|学习|讲习|训练)[班会]?|(?:专题|系列)?(?:讲座|课程)|公开课|论坛|沙龙|年会"
    "|workshop|training|seminar|lecture|course|conference|forum"
)


def plain_title(title: str) -> str:
    """A title without what may differ between two ways of writing it: width, capitals, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def subject_of(title: str) -> str:
    """A plain title without the words for the kind of event; with them where hardly anything else is left."""
    plain = plain_title(title)
    subject = KINDS.sub("", plain)
    return subject if len(subject) > 1 else plain


def is_near(title: str, other: str) -> bool:
    """Whether two titles may mean the same training: nearly the same letters, or the one stands in the other; of the
    whole titles or of their subjects."""
    return any(_is_near(naming(title), naming(other)) for naming in (plain_title, subject_of))


def _is_near(title: str, other: str) -> bool:
    one, two = sorted((title, other), key=len)
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
class Other:
    """What else there is of the same person on the same day: credited already, or only asked for or entered."""

    title: str
    has_times: bool
    is_credited: bool
    is_degree: bool = False


def may_be_same(said: Said, title: str, *, is_degree: bool, other: Other) -> bool:
    """Whether somebody has to say that this is another training than `other`, which is of the same day.

    With times on both sides the clock tells. Without, a title that is near is asked about, and whatever was credited for
    that day; but a degree is no work of a day, so only another one of nearly its name could be the same.
    """
    if said.starts_at and other.has_times:
        return False
    if is_near(title, other.title):
        return True
    return other.is_credited and not (is_degree or other.is_degree)


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
