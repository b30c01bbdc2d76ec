"""Writing a handover, and passing it on or not.

No text goes into the audit, a notice or a mail. What was said in sessions is never part of a handover: the supervisor
writes it anew, the mentee reads it first and decides.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.people.models import Person
from core.states import StaleState, move
from supervision.handovers.models import Handover
from supervision.handovers.queries import successors_of
from supervision.handovers.states import MOVES, HandoverState
from supervision.pairings.actions import NotPossible, locked_pairing, require_of_pair
from supervision.pairings.models import Pairing


@transaction.atomic
def write_handover(*, pairing: Pairing, actor: Asker, text: str) -> Handover:
    """Write what the next supervisor should know, or write it anew; the mentee is asked to read it first.

    Raises NotPossible when the actor is not the supervisor or the text is empty, IllegalMove when it has been passed
    on. Side effects: the row, an audit entry without the text, a notice to the mentee without it.
    """
    pairing = locked_pairing(pairing.pk)
    require_of_pair(pairing.supervisor.person, actor)
    if not text.strip():
        raise NotPossible(_("Write what the next supervisor should know."))
    row, created = Handover.objects.select_for_update(of=("self",)).get_or_create(
        pairing=pairing, defaults={"text": text.strip()}
    )
    row.pairing = pairing
    old = row.state
    if not created:
        old = move(row, HandoverState.WRITTEN, MOVES, text=text.strip(), written_at=timezone.now())
    _audit("supervision.write_handover", row, actor, before={"state": old}, after={"state": row.state})
    _tell(
        pairing.mentee,
        row,
        f"written:{row.written_at:%Y%m%d%H%M%S%f}",
        gettext_noop("%(name)s has written a handover for your next supervisor"),
        gettext_noop("Read it first. Nobody else reads it before you pass it on."),
        pairing.supervisor.person.name,
    )
    return row


@transaction.atomic
def release_handover(
    *, handover: Handover, actor: Asker, to: Pairing, with_goals: bool, seen: str | None = None
) -> Handover:
    """Pass a handover on to the supervisor of another of one's own open pairings; for good. `seen` is the `version` of the
    text that the mentee has read, by default that of `handover`.

    Raises NotPossible when the actor is not the mentee or `to` is not such a pairing, IllegalMove, and StaleState when it
    was written anew since: nothing is passed on that the mentee has not read.
    Side effects: the state, an audit entry without the text, a notice to that supervisor.
    """
    row = _own(handover, actor)
    if not successors_of(row.pairing).filter(pk=to.pk).exists():
        raise NotPossible(_("Choose one of your present supervisors."))
    if not row.is_released and row.version != (handover.version if seen is None else seen):
        raise StaleState(row, row.state, HandoverState.RELEASED)
    old = move(
        row,
        HandoverState.RELEASED,
        MOVES,
        released_to_id=to.pk,
        released_at=timezone.now(),
        with_goals=with_goals,
    )
    facts = {"state": row.state, "with_goals": with_goals}
    _audit("supervision.release_handover", row, actor, before={"state": old}, after=facts)
    title = gettext_noop("%(name)s has passed on a handover to you")
    _tell(to.supervisor.person, row, "released", title, "", row.pairing.mentee.name)
    return row


@transaction.atomic
def keep_handover(*, handover: Handover, actor: Asker) -> Handover:
    """Decide not to pass a handover on; that can still change. Raises as release_handover does.

    Side effects: the state and an audit entry. The supervisor sees it on the page and is sent nothing.
    """
    row = _own(handover, actor)
    old = move(row, HandoverState.KEPT, MOVES)
    _audit("supervision.keep_handover", row, actor, before={"state": old}, after={"state": row.state})
    return row


def _own(handover: Handover, actor: Asker) -> Handover:
    """The handover as it is now, its pairing locked before it; the actor is the mentee. What asked them is settled."""
    pairing = locked_pairing(handover.pairing_id)
    require_of_pair(pairing.mentee, actor)
    row = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    row.pairing = pairing
    settle(user=pairing.mentee.user, source=f"supervision.handover:{row.pk}:written:")
    return row


def _audit(action: str, handover: Handover, actor: Asker, **facts: Any) -> None:
    organisation = handover.pairing.organisation
    record(action=action, target=handover, actor=actor, organisation=organisation, **facts)


def _tell(person: Person, handover: Handover, what: str, title: str, body: str, name: str) -> None:
    notify(
        user=person.user,
        kind="supervision.handover",
        title=title,
        body=body,
        url=handover.get_absolute_url(),
        source=f"supervision.handover:{handover.pk}:{what}",
        name=name,
    )
