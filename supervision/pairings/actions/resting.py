"""Letting a pairing rest, and going on with it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import move
from supervision.pairings.actions.basis import note, tell_both
from supervision.pairings.models import Pairing
from supervision.pairings.states import MOVES, PairingState


@transaction.atomic
def pause_pairing(*, pairing: Pairing, actor: Asker, reason: str = "") -> None:
    """Let a pairing rest; it keeps its place, and no session can be recorded. Raises IllegalMove or StaleState.

    Side effects: an audit entry, a notice to both.
    """
    old = move(pairing, PairingState.PAUSED, MOVES)
    note(
        "supervision.pause_pairing",
        pairing,
        actor,
        before={"state": old},
        after={"state": pairing.state},
        reason=reason,
    )
    rests = gettext_noop("Your supervision rests: %(supervisor)s and %(mentee)s")
    tell_both(
        pairing,
        f"paused:{_moment()}",
        rests,
        rests,
        gettext_noop("It goes on when an administrator resumes it."),
    )


@transaction.atomic
def resume_pairing(*, pairing: Pairing, actor: Asker) -> None:
    """Go on with a paused pairing. Raises IllegalMove or StaleState. Side effects: audit entry, notice to both."""
    old = move(pairing, PairingState.ACTIVE, MOVES)
    note("supervision.resume_pairing", pairing, actor, before={"state": old}, after={"state": pairing.state})
    goes_on = gettext_noop("Your supervision goes on: %(supervisor)s and %(mentee)s")
    tell_both(
        pairing, f"resumed:{_moment()}", goes_on, goes_on, gettext_noop("Sessions can be recorded again.")
    )


def _moment() -> str:
    return f"{timezone.now():%Y%m%d%H%M%S%f}"
