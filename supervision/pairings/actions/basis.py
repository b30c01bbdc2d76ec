"""What every act on a pairing needs: the refusal in words, the entry in the audit, the notice to both."""

from __future__ import annotations

from typing import Any

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.states import Refused
from supervision.pairings.models import Pairing


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


def note(action: str, pairing: Pairing, actor: Asker | None, **facts: object) -> None:
    record(action=action, target=pairing, actor=actor, organisation=pairing.organisation, **facts)  # type: ignore[arg-type]


def tell_both(pairing: Pairing, what: str, supervisor: str, mentee: str, body: str, **values: Any) -> None:
    """A notice to each of the two, with a title of their own; `what` names the event, once per pairing."""
    people = ((pairing.supervisor.person, supervisor), (pairing.mentee, mentee))
    for person, title in people:
        notify(
            user=person.user,
            kind="supervision.pairing",
            title=title,
            body=body,
            url=pairing.get_absolute_url(),
            source=f"supervision.pairing:{pairing.pk}:{what}",
            supervisor=pairing.supervisor.person.name,
            mentee=pairing.mentee.name,
            **values,
        )
