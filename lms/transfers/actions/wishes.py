"""Wishing to be moved, and how a wish ends without a move."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import Refused, move
from lms.cohorts.models import Cohort
from lms.enrolments.actions import refuse_others
from lms.enrolments.models import Enrolment
from lms.enrolments.places import lock_cohorts, note
from lms.transfers.actions.checking import is_open, locked, refuse, refuse_own
from lms.transfers.actions.telling import tell, tell_deciders
from lms.transfers.models import Transfer
from lms.transfers.queries import can_ask, obstacle_for, pending_of
from lms.transfers.states import MOVES, TransferState


@transaction.atomic
def ask_transfer(*, enrolment: Enrolment, target: Cohort, reason: str, actor: Asker) -> Transfer:
    """Ask to be moved. No place is kept until it is decided: the new cohort's free place may be gone by then.

    Raises Refused when the target takes nobody now, when a wish is open already, without a reason, and for
    anybody else than the person. Side effects: audit; a notice to those who decide on the target's applications.
    """
    refuse_others(enrolment, actor)
    if not reason.strip():
        raise Refused(_("Write why you want to move: whoever decides will read it."))
    cohorts = lock_cohorts(
        [enrolment.cohort_id, target.pk]
    )  # neither is cancelled meanwhile (see end_wishes)
    target, enrolment = cohorts[target.pk], locked(enrolment)
    if not can_ask(enrolment) or not is_open(target):
        raise Refused(_("This cohort cannot be chosen now. Choose another one."))
    refuse(obstacle_for(enrolment, target))
    if pending_of(enrolment):
        raise Refused(_("You have asked already. Take that back first if you want to go elsewhere."))
    # Of a time when this enrolment was somewhere else; nobody can grant it any more.
    settle_wishes(enrolment.pk, actor, timezone.now())
    transfer = Transfer.objects.create(
        enrolment=enrolment,
        from_cohort=enrolment.cohort,
        to_cohort=target,
        reason=reason.strip(),
        asked_by_id=actor.pk,
    )
    note("lms.ask_transfer", enrolment, actor, after={"cohort": target.title}, reason=transfer.reason)
    tell_deciders(transfer)
    return transfer


@transaction.atomic
def take_back_transfer(*, transfer: Transfer, actor: Asker) -> None:
    """The trainee takes the wish back. Raises Refused for anybody else, and IllegalMove when it is decided. Side
    effect: audit."""
    refuse_others(transfer.enrolment, actor)
    _take_back(transfer, actor, timezone.now())


@transaction.atomic
def refuse_transfer(*, transfer: Transfer, actor: Asker, reason: str) -> None:
    """Leave the person where they are, and say why. Side effects: audit, a notice."""
    refuse_own(transfer.enrolment, actor)
    if not reason.strip():
        raise Refused(_("Write the reason: the trainee will read it."))
    _refuse_wish(transfer, actor, reason.strip(), timezone.now())


@transaction.atomic
def end_wish(*, enrolment_id: int, actor: Asker | None) -> int:
    """Somebody has left their cohort or completed the course: there is nothing left to move, and nobody is asked any
    more. Returns how many wishes have ended. Side effect for each: audit."""
    return settle_wishes(enrolment_id, actor, timezone.now())


@transaction.atomic
def end_wishes(*, cohort: Cohort, reason: str, actor: Asker | None) -> int:
    """A cohort is cancelled: nobody can be moved to it, and who wanted to leave it is free to go. Returns how many
    wishes have ended. Called under the cohort's lock. Side effects for each: audit, a notice."""
    now, ended = timezone.now(), 0
    wishes = Transfer.objects.filter(Q(to_cohort=cohort) | Q(from_cohort=cohort), state=TransferState.ASKED)
    wishes = wishes.select_related("enrolment__cohort__organisation", "enrolment__person__user")
    wishes = wishes.select_for_update(of=("self",))  # its person may leave or complete at this moment
    for wish in wishes.select_related("from_cohort", "to_cohort").order_by("pk"):
        ended += 1
        if wish.to_cohort_id == cohort.pk:
            _refuse_wish(wish, actor, reason, now)
            continue
        _take_back(wish, actor, now)
        tell(
            wish,
            "ended",
            gettext_noop("Your wish to move to %(new)s has ended"),
            gettext_noop("%(old)s does not take place. The page shows where there are free places."),
        )
    return ended


def reconcile() -> list[str]:
    """End the wishes that nobody can grant any more because the person is not where they were; a line for each."""
    asked = Transfer.objects.filter(state=TransferState.ASKED)
    rest = asked.exclude(pk__in=Transfer.objects.pending().values("pk")).order_by("pk")
    return [
        f"transfer {pk}: ended"
        for pk, enrolment_id in rest.values_list("pk", "enrolment_id")
        if end_wish(enrolment_id=enrolment_id, actor=None)
    ]


def settle_wishes(enrolment_id: int, actor: Asker | None, now: datetime) -> int:
    """End the wishes of this enrolment that are still open; returns how many. They are locked, so that one that is
    being decided now is waited for and stays decided. Side effect: audit."""
    wishes = Transfer.objects.filter(enrolment=enrolment_id, state=TransferState.ASKED)
    wishes = wishes.select_for_update(of=("self",))
    rows = list(wishes.select_related("enrolment__cohort__organisation", "to_cohort"))
    for wish in rows:
        _take_back(wish, actor, now)
    return len(rows)


def _take_back(transfer: Transfer, actor: Asker | None, now: datetime) -> None:
    decided_by = actor.pk if actor is not None else None
    move(transfer, TransferState.TAKEN_BACK, MOVES, decided_at=now, decided_by_id=decided_by)
    note("lms.take_back_transfer", transfer.enrolment, actor, after={"cohort": transfer.to_cohort.title})


def _refuse_wish(transfer: Transfer, actor: Asker | None, reason: str, now: datetime) -> None:
    decided_by = actor.pk if actor is not None else None
    move(
        transfer,
        TransferState.REFUSED,
        MOVES,
        decided_at=now,
        decided_by_id=decided_by,
        answer=reason,
    )
    note(
        "lms.refuse_transfer",
        transfer.enrolment,
        actor,
        after={"cohort": transfer.to_cohort.title},
        reason=transfer.answer,
    )
    tell(
        transfer,
        "refused",
        gettext_noop("You stay in %(old)s"),
        gettext_noop("The move to %(new)s was not granted. Reason: %(reason)s"),
        reason=transfer.answer,
    )
