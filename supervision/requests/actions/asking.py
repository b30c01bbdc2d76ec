"""Asking a supervisor, and taking it back."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.people.models import Person
from supervision.pairings.actions import NotPossible, require_of_pair
from supervision.requests.actions.lining import offer_places
from supervision.requests.actions.rows import (
    audit,
    end_request,
    locked,
    locked_person,
    locked_supervisors,
    tell,
)
from supervision.requests.actions.words import ANSWER, LINE
from supervision.requests.models import PairingRequest
from supervision.requests.queries import WORDS, choices_of
from supervision.requests.states import RequestState
from supervision.supervisors.models import Supervisor


@transaction.atomic
def ask_supervisor(
    *,
    supervisor: Supervisor,
    mentee: Person,
    actor: Asker,
    goal: str,
    starts_on: datetime.date | None = None,
) -> PairingRequest:
    """Ask for supervision with a goal; without a free place the request stands in line, in the order of asking.

    Raises NotPossible for anybody but the mentee, and with the sentence of the policy. Side effects in order: the row, an audit entry, a notice to the
    supervisor.
    """
    if not goal.strip():
        raise NotPossible(_("Write what you want to reach: the supervisor decides by it."))
    mentee = locked_person(mentee.pk)
    require_of_pair(mentee, actor)
    (row,) = locked_supervisors([supervisor.pk])
    (choice,) = choices_of(mentee, [row])
    if not choice.answer.is_possible:
        raise NotPossible(choice.why)
    is_open, now = choice.answer.way == "ask", timezone.now()
    try:
        with transaction.atomic():
            asked = PairingRequest.objects.create(  # type: ignore[misc]
                supervisor=row,
                mentee=mentee,
                organisation=mentee.employer,
                state=RequestState.OPEN if is_open else RequestState.WAITING,
                goal=goal.strip(),
                starts_on=max(starts_on or timezone.localdate(), timezone.localdate()),
                asked_at=now,
                open_since=now if is_open else None,
            )
    except IntegrityError:
        raise NotPossible(str(WORDS["asked"]) % {"name": row.person.name})
    audit("supervision.ask_supervisor", asked, actor, after={"state": asked.state})
    if is_open:
        tell(asked, row.person, "asked", gettext_noop("%(mentee)s asks you for supervision"), ANSWER)
    else:
        tell(asked, row.person, "in_line", gettext_noop("%(mentee)s waits for a place with you"), LINE)
    return asked


@transaction.atomic
def withdraw_request(*, request: PairingRequest, actor: Asker) -> None:
    """Take one's request back. Raises NotPossible for another one's, IllegalMove when it is settled. Side effects: audit,
    notice, the next is offered."""
    row = locked(request)
    require_of_pair(row.mentee, actor)
    end_request(row, RequestState.WITHDRAWN, "supervision.withdraw_request", actor)
    tell(row, row.supervisor.person, "withdrawn", gettext_noop("%(mentee)s has withdrawn the request to you"))
    offer_places(supervisor_id=row.supervisor_id)
