"""What supervision tells the other apps. Sent inside the transaction of the act, with `event=` one of these."""

from dataclasses import dataclass
from datetime import date, datetime

from django.dispatch import Signal


@dataclass(frozen=True)
class SessionConfirmed:
    """Both sides agree that a supervision session took place. `minutes` is what the mentee was supervised for."""

    session_id: int
    supervisor_person_id: int
    mentee_person_id: int
    organisation_id: int
    held_on: date
    minutes: int
    form: str
    mode: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    amended: int = 0  # how often it was corrected since


@dataclass(frozen=True)
class SessionAmended(SessionConfirmed):
    """Both sides agree that a confirmed session was other than recorded: it holds what is right now."""


@dataclass(frozen=True)
class ParticipationConfirmed:
    """A participant agrees that a gathering took place, and with their own minutes. `leader_counts` says whether the
    gathering counts for its leader by now (`gathering_minutes`, once); `leader_supervises`: not as one of the peers."""

    participation_id: int
    gathering_id: int
    person_id: int
    organisation_id: int
    minutes: int
    leader_person_id: int
    leader_organisation_id: int
    leader_supervises: bool
    leader_counts: bool
    gathering_minutes: int
    circle_name: str
    held_on: date
    form: str
    mode: str
    starts_at: datetime
    ends_at: datetime
    amended: int = 0  # how often the gathering was corrected since somebody confirmed it


@dataclass(frozen=True)
class ParticipationAmended(ParticipationConfirmed):
    """Those whom it concerns agree that a confirmed gathering was other than recorded: it holds what is right now."""


@dataclass(frozen=True)
class PlacesChanged:
    """A supervisor has more or fewer free places than before: paired, ended, or changed in the registry."""

    supervisor_id: int


@dataclass(frozen=True)
class PairingEnded:
    """A pairing has ended; what the two had still planned is planned no more."""

    pairing_id: int


@dataclass(frozen=True)
class PairingPaused:
    """A pairing rests, perhaps up to a last day; what the two have planned in that time is planned no more."""

    pairing_id: int
    until: date | None = None


@dataclass(frozen=True)
class PairingResumed:
    """A pairing that rested goes on."""

    pairing_id: int


session_confirmed = Signal()
session_amended = Signal()
participation_confirmed = Signal()
participation_amended = Signal()
places_changed = Signal()
pairing_ended = Signal()
pairing_paused = Signal()
pairing_resumed = Signal()
