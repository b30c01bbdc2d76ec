"""The waiting list: who is offered a freed place, who goes into the line, and whose request has ended otherwise."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import move
from supervision.pairings.models import Pairing
from supervision.pairings.states import OPEN as PAIRED
from supervision.requests.actions.rows import audit, done, end_request, locked_supervisors, tell
from supervision.requests.actions.words import ANSWER
from supervision.requests.models import PairingRequest
from supervision.requests.states import MOVES, RequestState


def close_request(*, request: PairingRequest, actor: Asker | None) -> None:
    """End a request because the mentee is paired now. Its supervisor is locked. Side effects: audit, notice to both."""
    end_request(request, RequestState.CLOSED, "supervision.close_request", actor)
    body = gettext_noop("The mentee is paired now. A new request can be made at any time.")
    title = gettext_noop("The request of %(mentee)s to %(supervisor)s has ended")
    for person in (request.mentee, request.supervisor.person):
        tell(request, person, "closed", title, body)


@transaction.atomic
def offer_places(*, supervisor_id: int) -> int:
    """Bring the line in order after places changed: who is paired leaves it, and every free place is offered to the
    first who waits, in the order of asking; with no place free, everybody else goes into the line. Returns the offers.

    Nobody asked later passes: a place that is offered is kept until it is answered. Side effects for each: audit, notice.
    """
    (supervisor,) = locked_supervisors([supervisor_id])
    live = list(PairingRequest.objects.live().filter(supervisor=supervisor).with_people().in_order())
    if not live:
        return 0
    paired = set(
        Pairing.objects.filter(supervisor=supervisor, state__in=sorted(PAIRED)).values_list(
            "mentee", flat=True
        )
    )
    for row in (row for row in live if row.mentee_id in paired):
        close_request(request=row, actor=None)
    if not supervisor.is_active:
        return 0
    left = [row for row in live if row.is_live]
    room = supervisor.places_free - sum(row.is_offered for row in left)
    if room < 1:
        for row in (row for row in left if row.is_open and not row.is_offered):
            line_up(request=row)
        return 0
    first = [row for row in left if row.is_waiting][:room]
    for row in first:
        offer_place(request=row)
    return len(first)


def offer_place(*, request: PairingRequest) -> None:
    """Keep a freed place for the first in line (the supervisor is locked). Side effects: audit, notice to both."""
    now = timezone.now()
    old = move(request, RequestState.OPEN, MOVES, is_offered=True, open_since=now, reminded_at=None)
    audit("supervision.offer_place", request, None, before={"state": old}, after={"state": request.state})
    what = f"offered:{now:%Y%m%d%H%M%S%f}"
    tell(
        request,
        request.supervisor.person,
        what,
        gettext_noop("A place with you is free, and %(mentee)s is the next in line"),
        ANSWER,
    )
    tell(
        request,
        request.mentee,
        what,
        gettext_noop("A place with %(supervisor)s is free, and you are the next in line"),
        gettext_noop("The place is kept for you until the supervisor answers."),
    )


def line_up(*, request: PairingRequest) -> None:
    """Put a request into the line because the last place is taken (the supervisor is locked). Side effects: audit, notice."""
    old = move(request, RequestState.WAITING, MOVES, open_since=None, reminded_at=None)
    audit("supervision.line_up", request, None, before={"state": old}, after={"state": request.state})
    done(request)
    tell(
        request,
        request.mentee,
        f"lined_up:{timezone.now():%Y%m%d%H%M%S%f}",
        gettext_noop("%(supervisor)s is full now; your request stands on the waiting list"),
        gettext_noop("You keep your place in the order of asking. You can withdraw and ask somebody else."),
    )
