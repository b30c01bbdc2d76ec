"""What supervision does when one of its own features does something to those above it. One line each."""

from __future__ import annotations

from typing import Any

from supervision.evaluations import actions as evaluations
from supervision.projects import actions as projects
from supervision.requests import actions as requests
from supervision.signals import PairingEnded, PairingPaused, PairingResumed, PlacesChanged
from supervision.slots import actions as slots
from supervision.wishes import actions as wishes
from supervision.wishes.states import WishKind


def on_places_changed(sender: object, event: PlacesChanged, **_: Any) -> None:
    requests.offer_places(supervisor_id=event.supervisor_id)
    evaluations.open_evaluations(supervisor_id=event.supervisor_id)


def on_pairing_ended(sender: object, event: PairingEnded, **_: Any) -> None:
    slots.end_meetings(pairing_id=event.pairing_id)
    wishes.close_wishes(pairing_id=event.pairing_id)
    projects.leave_projects(pairing_id=event.pairing_id)


def on_pairing_paused(sender: object, event: PairingPaused, **_: Any) -> None:
    slots.rest_meetings(pairing_id=event.pairing_id, until=event.until)
    wishes.close_wishes(pairing_id=event.pairing_id, kinds=(WishKind.PAUSE,))


def on_pairing_resumed(sender: object, event: PairingResumed, **_: Any) -> None:
    wishes.close_wishes(pairing_id=event.pairing_id, kinds=(WishKind.RESUME,))
