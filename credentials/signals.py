"""What credentials tells others, and its own features one another. Sent inside the transaction of the act, with `event=`."""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True)
class StandingChanged:
    """What these people have to show has changed: hours, a level, a post, a route, a commendation, a consent."""

    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class NoticeEnded:
    """Lines of a public notice whose last day has passed are settled: by their keys, those against which no objection stands,
    and those with one that was upheld. Each line is told once; a notice with open objections tells several times."""

    notice_id: int
    source: str
    about: str
    cleared_keys: tuple[str, ...]
    upheld_keys: tuple[str, ...]


@dataclass(frozen=True)
class NoticeWithdrawn:
    """A public notice was taken back before its last day: none of its lines is cleared by it."""

    notice_id: int
    source: str
    about: str
    keys: tuple[str, ...]


standing_changed = Signal()
notice_ended = Signal()
notice_withdrawn = Signal()
