"""The supervisor's answer."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import move
from supervision.pairings.actions import NotPossible, create_pairing, require_of_pair
from supervision.pairings.models import Pairing
from supervision.requests.actions.lining import close_request, offer_places
from supervision.requests.actions.rows import (
    audit,
    done,
    end_request,
    fresh,
    locked,
    locked_person,
    locked_supervisors,
    tell,
)
from supervision.requests.models import PairingRequest
from supervision.requests.queries import line_lengths
from supervision.requests.states import MOVES, RequestState


@transaction.atomic
def accept_request(*, request: PairingRequest, actor: Asker) -> Pairing:
    """Agree: the two are paired from the wished day on, and the mentee's other requests end.

    Raises NotPossible for anybody but the supervisor and when no place is free for this one, and IllegalMove when it is settled already. Side effects in
    order: the state, the place and the pairing with its notices, an audit entry, the end of the other requests with a
    notice each, and what that makes free is offered.
    """
    mentee = locked_person(request.mentee_id)
    others = PairingRequest.objects.live().filter(mentee=mentee).exclude(pk=request.pk)
    keys = {request.supervisor_id, *others.values_list("supervisor", flat=True)}
    locked_supervisors(keys)
    row = fresh(request)
    require_of_pair(row.supervisor.person, actor)
    _require_place(row)
    old = move(
        row,
        RequestState.ACCEPTED,
        MOVES,
        answered_at=timezone.now(),
        answered_by_id=getattr(actor, "pk", None),
    )
    pairing = create_pairing(
        supervisor=row.supervisor,
        mentee=row.mentee,
        actor=actor,
        organisation=row.mentee.employer or row.organisation,
        goal=row.goal,
        starts_on=max(row.starts_on, timezone.localdate()),
        agreed=True,
    )
    row.pairing = pairing
    row.save(update_fields=["pairing"])
    done(row)
    audit("supervision.accept_request", row, actor, before={"state": old}, after={"pairing": pairing.pk})
    for other in others.with_people():
        close_request(request=other, actor=actor)
    for key in sorted(keys - {row.supervisor_id}):
        offer_places(supervisor_id=key)
    return pairing


@transaction.atomic
def decline_request(*, request: PairingRequest, actor: Asker, reason: str) -> None:
    """Say no, with a reason that the trainee reads. Raises NotPossible without one and for anybody but the supervisor,
    IllegalMove when it is settled.

    Side effects: the state, an audit entry without the reason (it is for the trainee), a notice; a place kept for it
    is offered to the next.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: the trainee reads it."))
    row = locked(request)
    require_of_pair(row.supervisor.person, actor)
    end_request(row, RequestState.DECLINED, "supervision.decline_request", actor, reason=reason.strip())
    tell(
        row,
        row.mentee,
        "declined",
        gettext_noop("%(supervisor)s cannot take you"),
        gettext_noop("The reason stands with your request. You can ask another supervisor."),
    )
    offer_places(supervisor_id=row.supervisor_id)


def _require_place(row: PairingRequest) -> None:
    values = {"name": row.mentee.name, "free": row.supervisor.places_free}
    if row.is_waiting and row.supervisor.places_free:
        raise NotPossible(
            _("%(name)s stands on the waiting list, and the free places are kept for those before.") % values
        )
    if row.is_waiting:
        words = _("Your places are all taken: %(name)s stands on the waiting list until one is free.")
        raise NotPossible(words % values)
    held, _waiting = line_lengths([row.supervisor_id]).get(row.supervisor_id, (0, 0))
    if row.is_open and not row.is_offered and 0 < row.supervisor.places_free <= held:
        raise NotPossible(_("The free place is kept for whoever was offered it first. Answer that request."))
