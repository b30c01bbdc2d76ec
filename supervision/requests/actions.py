"""Asking a supervisor, and answering: each happens once, never over the places, and nobody passes the line.

Locks are taken in one order everywhere: the mentee, then the supervisors by their keys.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.people.models import Person
from core.states import IllegalMove, move
from supervision.pairings.actions import NotPossible, create_pairing
from supervision.pairings.models import Pairing
from supervision.pairings.states import OPEN as PAIRED
from supervision.requests.models import PairingRequest
from supervision.requests.policy import is_unanswered
from supervision.requests.queries import WORDS, choices_of, line_lengths
from supervision.requests.states import MOVES, RequestState
from supervision.supervisors.models import Supervisor


@transaction.atomic
def ask_supervisor(
    *,
    supervisor: Supervisor,
    mentee: Person,
    actor: Asker | None,
    goal: str,
    starts_on: datetime.date | None = None,
) -> PairingRequest:
    """Ask for supervision with a goal; without a free place the request stands in line, in the order of asking.

    Raises NotPossible with the sentence of the policy. Side effects in order: the row, an audit entry, a notice to the
    supervisor.
    """
    if not goal.strip():
        raise NotPossible(_("Write what you want to reach: the supervisor decides by it."))
    mentee = _locked_person(mentee.pk)
    (row,) = _locked_supervisors([supervisor.pk])
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
    _record("supervision.ask_supervisor", asked, actor, after={"state": asked.state})
    if is_open:
        _tell(asked, row.person, "asked", gettext_noop("%(mentee)s asks you for supervision"), ANSWER)
    else:
        _tell(asked, row.person, "in_line", gettext_noop("%(mentee)s waits for a place with you"), LINE)
    return asked


@transaction.atomic
def accept_request(*, request: PairingRequest, actor: Asker) -> Pairing:
    """Agree: the two are paired from the wished day on, and the mentee's other requests end.

    Raises NotPossible when no place is free for this one, and IllegalMove when it is settled already. Side effects in
    order: the state, the place and the pairing with its notices, an audit entry, the end of the other requests with a
    notice each, and what that makes free is offered.
    """
    mentee = _locked_person(request.mentee_id)
    others = PairingRequest.objects.live().filter(mentee=mentee).exclude(pk=request.pk)
    keys = {request.supervisor_id, *others.values_list("supervisor", flat=True)}
    _locked_supervisors(keys)
    row = _fresh(request)
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
    _done(row)
    _record("supervision.accept_request", row, actor, before={"state": old}, after={"pairing": pairing.pk})
    for other in others.with_people():
        close_request(request=other, actor=actor)
    for key in sorted(keys - {row.supervisor_id}):
        offer_places(supervisor_id=key)
    return pairing


@transaction.atomic
def decline_request(*, request: PairingRequest, actor: Asker, reason: str) -> None:
    """Say no, with a reason that the trainee reads. Raises NotPossible without one, IllegalMove when it is settled.

    Side effects: the state, an audit entry without the reason (it is for the trainee), a notice; a place kept for it
    is offered to the next.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: the trainee reads it."))
    row = _locked(request)
    _end(row, RequestState.DECLINED, "supervision.decline_request", actor, reason=reason.strip())
    _tell(
        row,
        row.mentee,
        "declined",
        gettext_noop("%(supervisor)s cannot take you"),
        gettext_noop("The reason stands with your request. You can ask another supervisor."),
    )
    offer_places(supervisor_id=row.supervisor_id)


@transaction.atomic
def withdraw_request(*, request: PairingRequest, actor: Asker) -> None:
    """Take one's request back. Raises IllegalMove when it is settled. Side effects: audit, notice, the next is offered."""
    row = _locked(request)
    _end(row, RequestState.WITHDRAWN, "supervision.withdraw_request", actor)
    _tell(
        row, row.supervisor.person, "withdrawn", gettext_noop("%(mentee)s has withdrawn the request to you")
    )
    offer_places(supervisor_id=row.supervisor_id)


def close_request(*, request: PairingRequest, actor: Asker | None) -> None:
    """End a request because the mentee is paired now. Its supervisor is locked. Side effects: audit, notice to both."""
    _end(request, RequestState.CLOSED, "supervision.close_request", actor)
    body = gettext_noop("The mentee is paired now. A new request can be made at any time.")
    title = gettext_noop("The request of %(mentee)s to %(supervisor)s has ended")
    for person in (request.mentee, request.supervisor.person):
        _tell(request, person, "closed", title, body)


@transaction.atomic
def offer_places(*, supervisor_id: int) -> int:
    """Bring the line in order after places changed: who is paired leaves it, and every free place is offered to the
    first who waits, in the order of asking; with no place free, everybody else goes into the line. Returns the offers.

    Nobody asked later passes: a place that is offered is kept until it is answered. Side effects for each: audit, notice.
    """
    (supervisor,) = _locked_supervisors([supervisor_id])
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
    _record("supervision.offer_place", request, None, before={"state": old}, after={"state": request.state})
    what = f"offered:{now:%Y%m%d%H%M%S%f}"
    _tell(
        request,
        request.supervisor.person,
        what,
        gettext_noop("A place with you is free, and %(mentee)s is the next in line"),
        ANSWER,
    )
    _tell(
        request,
        request.mentee,
        what,
        gettext_noop("A place with %(supervisor)s is free, and you are the next in line"),
        gettext_noop("The place is kept for you until the supervisor answers."),
    )


def line_up(*, request: PairingRequest) -> None:
    """Put a request into the line because the last place is taken (the supervisor is locked). Side effects: audit, notice."""
    old = move(request, RequestState.WAITING, MOVES, open_since=None, reminded_at=None)
    _record("supervision.line_up", request, None, before={"state": old}, after={"state": request.state})
    _done(request)
    _tell(
        request,
        request.mentee,
        f"lined_up:{timezone.now():%Y%m%d%H%M%S%f}",
        gettext_noop("%(supervisor)s is full now; your request stands on the waiting list"),
        gettext_noop("You keep your place in the order of asking. You can withdraw and ask somebody else."),
    )


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
    row = _locked(request)
    if row.open_since != request.open_since:  # it went into the line and came back meanwhile
        return
    _end(row, RequestState.LAPSED, "supervision.lapse_request", None)
    title = gettext_noop("The request of %(mentee)s to %(supervisor)s has lapsed without an answer")
    body = gettext_noop("A new request can be made at any time.")
    for person in (row.mentee, row.supervisor.person):
        _tell(row, person, "lapsed", title, body)
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
        _tell(
            row, row.supervisor.person, what, gettext_noop("%(mentee)s still waits for your answer"), ANSWER
        )


ANSWER = gettext_noop("Read the goal, then accept or decline.")
LINE = gettext_noop("As soon as a place is free, it is offered in the order of the waiting list.")


def _locked_person(pk: int) -> Person:
    rows = Person.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("employer", "user").get(pk=pk)


def _locked_supervisors(keys: Any) -> list[Supervisor]:
    rows = Supervisor.objects.select_for_update(of=("self",)).filter(pk__in=set(keys)).order_by("pk")
    return list(rows.select_related("person__user", "organisation"))


def _fresh(request: PairingRequest) -> PairingRequest:
    return PairingRequest.objects.with_people().select_related("mentee__employer").get(pk=request.pk)


def _locked(request: PairingRequest) -> PairingRequest:
    """The request as it is now, with its supervisor's line locked."""
    _locked_supervisors([request.supervisor_id])
    return _fresh(request)


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


def _end(
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
    _done(row)
    _record(action, row, actor, before={"state": old}, after={"state": row.state})


def _record(action: str, row: PairingRequest, actor: Asker | None, **facts: Any) -> None:
    record(action=action, target=row, actor=actor, organisation=row.organisation, **facts)


def _done(row: PairingRequest) -> None:
    """What the supervisor was asked is answered: no letter repeats it."""
    settle(source=f"supervision.request:{row.pk}:", user=row.supervisor.person.user)


def _tell(row: PairingRequest, person: Person, what: str, title: str, body: str = "") -> None:
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
