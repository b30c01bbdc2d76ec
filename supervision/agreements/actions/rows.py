"""What every act on an agreement needs: the row as it is now, the audit without texts, and the notices."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.people.models import Person
from core.states import StaleState
from supervision.agreements.models import (
    Agreement,
)
from supervision.agreements.queries import frame_of
from supervision.pairings.actions import NotPossible, locked_pairing, require_of_pair
from supervision.pairings.models import Pairing


def told(row: Agreement) -> dict[str, Any]:
    days = {name: getattr(row, name).isoformat() for name in ("starts_on", "ends_on", "review_on")}
    return frame_of(row) | days


def locked_open_pairing(
    pk: int, *, of_supervisor: Asker | None = None, of_mentee: Asker | None = None
) -> Pairing:
    """The pairing, locked until the transaction ends; the actor is who may, and the pairing is open."""
    pairing = locked_pairing(pk)
    if of_supervisor is not None:
        require_of_pair(pairing.supervisor.person, of_supervisor)
    if of_mentee is not None:
        require_of_pair(pairing.mentee, of_mentee)
    if not pairing.is_open:
        raise NotPossible(_("The pairing has ended, so nothing can be agreed any more."))
    return pairing


def locked(agreement: Agreement, *, revision: int | None = None, **who: Asker) -> Agreement:
    pairing = locked_open_pairing(agreement.pairing_id, **who)
    row = Agreement.objects.select_for_update(of=("self",)).select_related("template").get(pk=agreement.pk)
    row.pairing = pairing
    if revision is not None and revision != row.revision:
        raise StaleState(row, row.state, row.state)
    return row


def audit(action: str, row: Agreement, actor: Asker, **facts: Any) -> None:
    record(action=action, target=row, actor=actor, organisation=row.pairing.organisation, **facts)


def answered(row: Agreement) -> None:
    """Nobody waits for the mentee any more: the notices that asked are settled."""
    settle(user=row.pairing.mentee.user, source=f"supervision.agreement:{row.pk}:proposed:")


def tell(row: Agreement, person: Person, what: str, title: str, body: str, **values: Any) -> None:
    notify(
        user=person.user,
        kind="supervision.agreement",
        title=title,
        body=body,
        url=row.get_absolute_url(),
        source=f"supervision.agreement:{row.pk}:{what}",
        supervisor=row.pairing.supervisor.person.name,
        mentee=row.pairing.mentee.name,
        **values,
    )
