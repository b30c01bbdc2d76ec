"""A pairing rests for a reason, perhaps until a day, and goes on. While it rests, nobody is asked to meet."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import IllegalMove, move
from supervision.pairings.actions.basis import NotPossible, audit, tell_both
from supervision.pairings.models import Pairing, Pause
from supervision.pairings.states import MOVES, PairingState
from supervision.signals import PairingPaused, PairingResumed, pairing_paused, pairing_resumed


@transaction.atomic
def pause_pairing(
    *, pairing: Pairing, actor: Asker | None, reason: str, until: datetime.date | None = None
) -> Pause:
    """Let a pairing rest for a reason that both read, perhaps up to a day (the last one of the pause).

    It keeps its place; no session of that time can be recorded for it, what the two have planned in that time is cancelled, and
    quiet reminders stop. Raises NotPossible without a reason or for a day that has passed, IllegalMove or StaleState.
    Side effects in order: the row of the pause, an audit entry, a notice to both, PairingPaused.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: both of them will read it."))
    today = timezone.localdate()
    if until is not None and until < today:
        raise NotPossible(_("The last day of the pause must not have passed."))
    old = move(pairing, PairingState.PAUSED, MOVES)
    pause = Pause.objects.create(
        pairing=pairing,
        reason=reason.strip(),
        starts_on=today,
        until=until,
        begun_by_id=getattr(actor, "pk", None),
    )
    after = {"state": pairing.state, "until": until}
    audit(
        "supervision.pause_pairing", pairing, actor, before={"state": old}, after=after, reason=pause.reason
    )
    rests = gettext_noop("Your supervision rests: %(supervisor)s and %(mentee)s")
    if until is None:
        body = gettext_noop(
            "It goes on when it is resumed; you can ask for that on its page. Reason: %(reason)s"
        )
        tell_both(pairing, f"paused:{pause.pk}", rests, rests, body, reason=pause.reason)
    else:
        body = gettext_noop(
            "It rests up to %(until)s and goes on by itself after that day. Reason: %(reason)s"
        )
        tell_both(pairing, f"paused:{pause.pk}", rests, rests, body, reason=pause.reason, until=until)
    pairing_paused.send(Pairing, event=PairingPaused(pairing.pk, until))
    return pause


@transaction.atomic
def resume_pairing(*, pairing: Pairing, actor: Asker | None) -> None:
    """Go on with a paused pairing. Raises IllegalMove or StaleState. Side effects: the end of the pause, an audit entry,
    a notice to both, PairingResumed."""
    old = move(pairing, PairingState.ACTIVE, MOVES)
    now = timezone.now()
    Pause.objects.running().filter(pairing=pairing).update(
        ended_at=now, ended_by_id=getattr(actor, "pk", None)
    )
    audit("supervision.resume_pairing", pairing, actor, before={"state": old}, after={"state": pairing.state})
    goes_on = gettext_noop("Your supervision goes on: %(supervisor)s and %(mentee)s")
    body = gettext_noop("Sessions can be recorded again. Arrange the next one.")
    tell_both(pairing, f"resumed:{now:%Y%m%d%H%M%S%f}", goes_on, goes_on, body)
    pairing_resumed.send(Pairing, event=PairingResumed(pairing.pk))


def end_pauses() -> int:
    """Go on with the pairings whose pause had a last day that has passed; returns how many."""
    resumed = 0
    over = Pause.objects.running().filter(until__lt=timezone.localdate(), pairing__state=PairingState.PAUSED)
    for key in over.order_by("pk").values_list("pairing", flat=True):
        try:
            resume_pairing(pairing=Pairing.objects.with_people().get(pk=key), actor=None)
        except IllegalMove:
            continue  # somebody resumed or ended it at this moment
        resumed += 1
    return resumed
