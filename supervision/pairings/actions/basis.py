"""What every act on a pairing needs."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import Note, notify_each
from core.people.models import Person
from core.states import Refused
from supervision.pairings.models import Pairing

KIND = "supervision.pairing"
SECOND_CLICK = datetime.timedelta(minutes=1)  # so soon with the very same words, it was sent twice


CREATED = (
    gettext_noop("You supervise %(mentee)s from now on"),
    gettext_noop("%(supervisor)s supervises you from now on"),
    gettext_noop(
        "Arrange the first session with each other. After it, it is recorded here and confirmed by both."
    ),
)


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


def locked_pairing(pk: int) -> Pairing:
    """The pairing as it is now, with its people, locked until the transaction ends."""
    rows = Pairing.objects.select_for_update(of=("self",)).select_related(
        "supervisor__person__user", "mentee__user", "organisation"
    )
    return rows.get(pk=pk)


def one_of_pair(pairing: Pairing, actor: Asker) -> Person | None:
    """Which of the two the actor is; None for anybody else."""
    two = (pairing.supervisor.person, pairing.mentee)
    return next((person for person in two if person.user_id == actor.pk), None)


def require_of_pair(person: Person, actor: Asker) -> None:
    """Raises NotPossible unless the actor is this one of the two."""
    if person.user_id != actor.pk:
        raise NotPossible(_("This is for the other side of the pair to do."))


def audit(action: str, pairing: Pairing, actor: Asker | None, **facts: object) -> None:
    record(action=action, target=pairing, actor=actor, organisation=pairing.organisation, **facts)  # type: ignore[arg-type]


def tell_both(pairing: Pairing, what: str, supervisor: str, mentee: str, body: str, **values: Any) -> None:
    notify_each(kind=KIND, notes=notes_for_both(pairing, what, supervisor, mentee, body, **values))


def notes_for_both(
    pairing: Pairing, what: str, supervisor: str, mentee: str, body: str, **values: Any
) -> list[Note]:
    names = {"supervisor": pairing.supervisor.person.name, "mentee": pairing.mentee.name}
    people = ((pairing.supervisor.person, supervisor), (pairing.mentee, mentee))
    source, url = f"supervision.pairing:{pairing.pk}:{what}", pairing.get_absolute_url()
    return [Note(person.user, title, source, body, url, names | values) for person, title in people]
