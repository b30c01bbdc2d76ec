"""The rows of requests: locked in one order (the mentee, then the supervisors by their keys), moved, recorded and told of."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.people.models import Person
from core.states import move
from supervision.requests.models import PairingRequest
from supervision.requests.states import MOVES, RequestState
from supervision.supervisors.models import Supervisor


def locked_person(pk: int) -> Person:
    rows = Person.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("employer", "user").get(pk=pk)


def locked_supervisors(keys: Any) -> list[Supervisor]:
    rows = Supervisor.objects.select_for_update(of=("self",)).filter(pk__in=set(keys)).order_by("pk")
    return list(rows.select_related("person__user", "organisation"))


def fresh(request: PairingRequest) -> PairingRequest:
    return PairingRequest.objects.with_people().select_related("mentee__employer").get(pk=request.pk)


def locked(request: PairingRequest) -> PairingRequest:
    """The request as it is now, with its supervisor's line locked."""
    locked_supervisors([request.supervisor_id])
    return fresh(request)


def end_request(
    row: PairingRequest, state: RequestState, action: str, actor: Asker | None, reason: str = ""
) -> None:
    old = move(
        row,
        state,
        MOVES,
        answered_at=timezone.now(),
        answered_by_id=getattr(actor, "pk", None),
        reason=reason,
    )
    done(row)
    audit(action, row, actor, before={"state": old}, after={"state": row.state})


def audit(action: str, row: PairingRequest, actor: Asker | None, **facts: Any) -> None:
    record(action=action, target=row, actor=actor, organisation=row.organisation, **facts)


def done(row: PairingRequest) -> None:
    """What the supervisor was asked is answered: no letter repeats it."""
    settle(source=f"supervision.request:{row.pk}:", user=row.supervisor.person.user)


def tell(row: PairingRequest, person: Person, what: str, title: str, body: str = "") -> None:
    notify(
        user=person.user,
        kind="supervision.request",
        title=title,
        body=body,
        url=row.get_absolute_url(),
        source=f"supervision.request:{row.pk}:{what}",
        supervisor=row.supervisor.person.name,
        mentee=row.mentee.name,
    )
