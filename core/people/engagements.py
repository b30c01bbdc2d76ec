"""Who was engaged when, asked of every app that knows: nobody is in two places at once.

Apps that are strangers to each other tell it here, at start, and ask it here. Nothing says with whom or about what:
who asks may show it to somebody who must not know.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


@dataclass(frozen=True)
class Engagement:
    """A person was in something for a time. `what` names its kind only ("a class"); `is_agreed`: the person said so
    themselves, or a register does."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    what: str
    is_agreed: bool = True

    @property
    def values(self) -> dict[str, str]:
        """For a sentence: what, on which day, from when to when."""
        starts_at, ends_at = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        span = f"{starts_at:%H:%M}–{ends_at:%H:%M}"
        return {"what": self.what, "day": date_format(starts_at.date()), "span": span}


Finder = Callable[[Collection[int], datetime, datetime], Iterable[Engagement]]
_finders: dict[str, Finder] = {}


def engaged_by(source: str, find: Finder) -> None:
    """Let an app tell who of some people was engaged at any moment of a span. Called once, when it starts."""
    _finders[source] = find


def engagements_of(
    person_ids: Collection[int], starts_at: datetime, ends_at: datetime, *, besides: str
) -> list[Engagement]:
    """What these people were engaged in between two moments, as all apps but `besides` know it, the earliest first.

    One may begin when the other ends. As many queries as there are apps that tell.
    """
    found = [
        engagement
        for source, find in _finders.items()
        if source != besides
        for engagement in find(person_ids, starts_at, ends_at)
        if engagement.starts_at < ends_at and starts_at < engagement.ends_at
    ]
    return sorted(found, key=lambda each: (each.starts_at, each.person_id))
