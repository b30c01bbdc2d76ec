"""Whose act it is, and the rows that stay locked until it is done."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.models import Person
from core.states import StaleState
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.sessions.models import Session
from supervision.sessions.states import RemarkKind


def require(person: Person, actor: Asker) -> None:
    if person.user_id != actor.pk:
        raise NotPossible(_("This is for the other side of the pair to do."))


def locked_pairing(pk: int) -> Pairing:
    rows = Pairing.objects.select_for_update(of=("self",)).select_related(
        "supervisor__person__user", "mentee__user", "organisation"
    )
    return rows.get(pk=pk)


def locked_session(session: Session, actor: Asker, says: str | None, revision: int | None) -> Session:
    """The session as it is now, locked until the transaction ends, its pairing before it; and the actor is who may.

    The mentee confirms and objects; the supervisor answers and cancels.
    """
    pairing = locked_pairing(session.pairing_id)
    by_mentee = says in (None, RemarkKind.DISPUTE)
    require(pairing.mentee if by_mentee else pairing.supervisor.person, actor)
    row = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    row.pairing = pairing
    if revision is not None and revision != row.revision:
        raise StaleState(row, row.state, row.state)
    return row
