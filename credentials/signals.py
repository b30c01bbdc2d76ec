"""What credentials tells others, and its own features one another. Sent inside the transaction of the act, with `event=`."""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True)
class StandingChanged:
    """What these people have to show has changed: hours, a level, a post, a route, a commendation, a consent."""

    person_ids: tuple[int, ...]


standing_changed = Signal()
