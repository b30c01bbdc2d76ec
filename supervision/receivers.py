"""What supervision does when one of its own features does something to those above it. One line each."""

from __future__ import annotations

from typing import Any

from supervision.evaluations import actions as evaluations
from supervision.requests import actions as requests
from supervision.signals import PlacesChanged


def on_places_changed(sender: object, event: PlacesChanged, **_: Any) -> None:
    requests.offer_places(supervisor_id=event.supervisor_id)
    evaluations.open_evaluations(supervisor_id=event.supervisor_id)
