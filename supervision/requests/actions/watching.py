"""What the clock does: reminding of a request, and letting it lapse."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.states import IllegalMove
from supervision.requests.actions.lining import offer_places
from supervision.requests.actions.rows import end_request, locked, tell
from supervision.requests.actions.words import ANSWER
from supervision.requests.models import PairingRequest
from supervision.requests.policy import is_unanswered
from supervision.requests.states import RequestState


def watch_requests() -> int:
    """Remind of what waits unanswered, once, and let lapse what waited too long. Returns how many lapsed.

    After SUPERVISION_REQUEST_REMIND_DAYS and SUPERVISION_REQUEST_LAPSE_DAYS since it could be answered; who waits in
    line does not lapse, for nobody can answer.
    """
    lapsed, now = 0, timezone.now()
    remind, lapse = settings.SUPERVISION_REQUEST_REMIND_DAYS, settings.SUPERVISION_REQUEST_LAPSE_DAYS
    due = now - datetime.timedelta(days=min(remind, lapse))
    rows = PairingRequest.objects.filter(state=RequestState.OPEN, open_since__lte=due)
    for row in rows.with_people().in_order():
        since = row.open_since
        assert since is not None
        if is_unanswered(since, now, lapse):
            lapsed += _lapse_once(row)
        elif row.reminded_at is None:
            _remind_once(row)
    return lapsed


@transaction.atomic
def lapse_request(*, request: PairingRequest) -> None:
    """End a request that nobody answered. Raises IllegalMove when it is settled. Side effects: audit, notices, offers."""
    row = locked(request)
    if row.open_since != request.open_since:  # it went into the line and came back meanwhile
        return
    end_request(row, RequestState.LAPSED, "supervision.lapse_request", None)
    title = gettext_noop("The request of %(mentee)s to %(supervisor)s has lapsed without an answer")
    body = gettext_noop("A new request can be made at any time.")
    for person in (row.mentee, row.supervisor.person):
        tell(row, person, "lapsed", title, body)
    offer_places(supervisor_id=row.supervisor_id)


def _lapse_once(row: PairingRequest) -> int:
    try:
        lapse_request(request=row)
    except IllegalMove:
        return 0
    return 1


@transaction.atomic
def _remind_once(row: PairingRequest) -> None:
    unreminded = PairingRequest.objects.filter(pk=row.pk, state=RequestState.OPEN, reminded_at=None)
    if unreminded.update(reminded_at=timezone.now()):
        what = f"reminded:{row.open_since:%Y%m%d%H%M%S%f}"
        tell(row, row.supervisor.person, what, gettext_noop("%(mentee)s still waits for your answer"), ANSWER)
