"""Whose act it is, and the rows that stay locked until it is done."""

from __future__ import annotations

from core.access.scope import Asker
from core.states import StaleState
from supervision.pairings.actions import locked_pairing, require_of_pair
from supervision.sessions.models import Session


def locked_session(
    session: Session, actor: Asker, *, by_mentee: bool, revision: int | None = None
) -> Session:
    """The session as it is now, locked until the transaction ends, its pairing before it; and the actor is the one of the
    two whose act it is. Raises NotPossible for anybody else, StaleState when it changed since `revision`."""
    pairing = locked_pairing(session.pairing_id)
    require_of_pair(pairing.mentee if by_mentee else pairing.supervisor.person, actor)
    row = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    row.pairing = pairing
    if revision is not None and revision != row.revision:
        raise StaleState(row, row.state, row.state)
    return row
