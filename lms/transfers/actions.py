"""Moving somebody from one cohort to another, with everything they have learned. Both cohorts are locked, lower key first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import notify
from core.states import Refused, StaleState, move
from lms.admissions.actions import archive_steps, reroute_application
from lms.admissions.queries import may_take_seat, stays_admitted
from lms.cohorts.models import Cohort
from lms.cohorts.policy import JOINABLE
from lms.cohorts.queries import state_of
from lms.enrolments.actions import (
    complete_if_done,
    give_up_waiting,
    lock_course_of,
    refuse_others,
    refuse_second,
)
from lms.enrolments.models import Enrolment
from lms.enrolments.places import free_seat, lock_cohorts, note, settle_places, take_seat
from lms.enrolments.queries import deciders_of
from lms.enrolments.states import MOVES as ENROLMENT_MOVES
from lms.enrolments.states import EnrolmentState
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
    target, enrolment = cohorts[target.pk], _locked(enrolment)
    if not can_ask(enrolment) or not _is_open(target):
        raise Refused(_("This cohort cannot be chosen now. Choose another one."))
    _refuse(obstacle_for(enrolment, target))
    if pending_of(enrolment):
        raise Refused(_("You have asked already. Take that back first if you want to go elsewhere."))
    # Of a time when this enrolment was somewhere else; nobody can grant it any more.
    _settle_wishes(enrolment.pk, actor, timezone.now())
    transfer = Transfer.objects.create(
        enrolment=enrolment,
        from_cohort=enrolment.cohort,
        to_cohort=target,
        reason=reason.strip(),
        asked_by_id=actor.pk,
    )
    note("lms.ask_transfer", enrolment, actor, after={"cohort": target.title}, reason=transfer.reason)
    _tell_deciders(transfer)
    return transfer


@transaction.atomic
def take_back_transfer(*, transfer: Transfer, actor: Asker) -> None:
    """The trainee takes the wish back. Raises Refused for anybody else, and IllegalMove when it is decided. Side
    effect: audit."""
    refuse_others(transfer.enrolment, actor)
    _take_back(transfer, actor, timezone.now())


def _take_back(transfer: Transfer, actor: Asker | None, now: datetime) -> None:
    decided_by = actor.pk if actor is not None else None
    move(transfer, TransferState.TAKEN_BACK, MOVES, decided_at=now, decided_by_id=decided_by)
    note("lms.take_back_transfer", transfer.enrolment, actor, after={"cohort": transfer.to_cohort.title})


@transaction.atomic
def end_wish(*, enrolment_id: int, actor: Asker | None) -> int:
    """Somebody has left their cohort or completed the course: there is nothing left to move, and nobody is asked any
    more. Returns how many wishes have ended. Side effect for each: audit."""
    return _settle_wishes(enrolment_id, actor, timezone.now())


def reconcile() -> list[str]:
    """End the wishes that nobody can grant any more because the person is not where they were; a line for each."""
    asked = Transfer.objects.filter(state=TransferState.ASKED)
    rest = asked.exclude(pk__in=Transfer.objects.pending().values("pk")).order_by("pk")
    return [
        f"transfer {pk}: ended"
        for pk, enrolment_id in rest.values_list("pk", "enrolment_id")
        if end_wish(enrolment_id=enrolment_id, actor=None)
    ]


def _settle_wishes(enrolment_id: int, actor: Asker | None, now: datetime) -> int:
    """End the wishes of this enrolment that are still open; returns how many. They are locked, so that one that is
    being decided now is waited for and stays decided. Side effect: audit."""
    wishes = Transfer.objects.filter(enrolment=enrolment_id, state=TransferState.ASKED)
    wishes = wishes.select_for_update(of=("self",))
    rows = list(wishes.select_related("enrolment__cohort__organisation", "to_cohort"))
    for wish in rows:
        _take_back(wish, actor, now)
    return len(rows)


@transaction.atomic
def end_wishes(*, cohort: Cohort, reason: str, actor: Asker | None) -> int:
    """A cohort is cancelled: nobody can be moved to it, and who wanted to leave it is free to go. Returns how many
    wishes have ended. Called under the cohort's lock. Side effects for each: audit, a notice."""
    now, ended = timezone.now(), 0
    wishes = Transfer.objects.filter(Q(to_cohort=cohort) | Q(from_cohort=cohort), state=TransferState.ASKED)
    wishes = wishes.select_related("enrolment__cohort__organisation", "enrolment__person__user")
    for wish in wishes.select_related("from_cohort", "to_cohort").order_by("pk"):
        ended += 1
        if wish.to_cohort_id == cohort.pk:
            _refuse_wish(wish, actor, reason, now)
            continue
        _take_back(wish, actor, now)
        _tell(
            wish,
            "ended",
            gettext_noop("Your wish to move to %(new)s has ended"),
            gettext_noop("%(old)s does not take place. The page shows where there are free places."),
        )
    return ended


@transaction.atomic
def grant_transfer(*, transfer: Transfer, actor: Asker) -> Enrolment:
    """Move the person who asked. Raises Refused when there is no free place (any more), when a condition there is not
    met, for one's own wish, and IllegalMove when it is decided. Where others decide there as well, the person stands as
    an applicant. Side effects, in order: the place, the state, the steps, audit, a notice."""
    _refuse_own(transfer.enrolment, actor)
    moved = _carry(transfer.enrolment, transfer.from_cohort_id, transfer.to_cohort_id, actor)
    move(transfer, TransferState.GRANTED, MOVES, decided_at=timezone.now(), decided_by_id=actor.pk)
    note("lms.grant_transfer", moved, actor, **_change(transfer))
    _tell_moved(moved, transfer)
    return moved


@transaction.atomic
def refuse_transfer(*, transfer: Transfer, actor: Asker, reason: str) -> None:
    """Leave the person where they are, and say why. Side effects: audit, a notice."""
    _refuse_own(transfer.enrolment, actor)
    if not reason.strip():
        raise Refused(_("Write the reason: the trainee will read it."))
    _refuse_wish(transfer, actor, reason.strip(), timezone.now())


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
    _tell(
        transfer,
        "refused",
        gettext_noop("You stay in %(old)s"),
        gettext_noop("The move to %(new)s was not granted. Reason: %(reason)s"),
        reason=transfer.answer,
    )


@transaction.atomic
def transfer_enrolment(*, enrolment: Enrolment, target: Cohort, reason: str, actor: Asker) -> Transfer:
    """An officer who runs both cohorts moves somebody at once. A wish that is open is settled by it.

    Raises Refused when there is no free place, without a reason, and for one's own place. Side effects as in
    `grant_transfer`.
    """
    _refuse_own(enrolment, actor)
    if not reason.strip():
        raise Refused(_("Write the reason: the trainee will read it."))
    source, now = enrolment.cohort_id, timezone.now()
    moved = _carry(enrolment, source, target.pk, actor)
    _settle_wishes(moved.pk, actor, now)
    transfer = _kept(moved, source, reason.strip(), actor, now)
    note("lms.transfer_enrolment", moved, actor, **_change(transfer))
    _tell_moved(moved, transfer)
    return transfer


@transaction.atomic
def move_elsewhere(*, enrolment: Enrolment, target: Cohort, actor: Asker) -> Transfer:
    """The trainee of a cancelled cohort takes a free place in another one, with one click.

    Whoever had been admitted keeps that where the same organisation runs the new cohort; elsewhere, and for applicants,
    it is decided there, at its stages or by its organiser. Raises Refused when that cohort takes nobody or has no free place, and
    Refused for anybody else than the person. Side effects, in order: the place, the states, audit, a notice, and one
    to those who decide.
    """
    refuse_others(enrolment, actor)
    source, now = enrolment.cohort_id, timezone.now()
    if enrolment.state != EnrolmentState.CANCELLED or not _is_open(target):
        raise Refused(_("This cohort cannot be chosen now. Choose another one."))
    moved = _carry(enrolment, source, target.pk, actor)
    transfer = _kept(moved, source, "", actor, now)
    note("lms.move_elsewhere", moved, actor, **_change(transfer))
    _tell_moved(moved, transfer)
    if moved.state == EnrolmentState.APPLIED and not moved.steps.exists():
        _tell_deciders(transfer)
    return transfer


def _carry(enrolment: Enrolment, source: int, target: int, actor: Asker) -> Enrolment:
    """Move the row itself, so that progress, attempts, attendance and hours stay attached; returns it as it is now.

    The new place is taken and the old one freed in one transaction; what is freed follows its own waiting list. Lessons
    and quizzes are known by their keys, so what is done counts in the version of the new cohort too. Who comes meets
    what the new cohort asks of everybody, and gets the steps of its plan unless their admission counts there too.
    """
    cohorts = lock_course_of(enrolment.person, source, target)
    old, new = cohorts[source], cohorts[target]
    row = _locked(enrolment)
    if row.cohort_id != source:
        raise Refused(_("This person has been moved already."))
    settle_places(new)
    new = Cohort.objects.select_related("organisation").get(pk=target)  # with who waits there now
    _refuse(obstacle_for(row, new))
    if row.state == EnrolmentState.CANCELLED:  # whoever comes from elsewhere brings their place
        refuse_second(row.person, new)
    if not may_take_seat(new, row.person) or not take_seat(new):
        raise Refused(_("That cohort has no free place."))
    stays = stays_admitted(row, new)
    standing = Enrolment.objects.filter(pk=row.pk, cohort=source).filter(state=row.state)
    if not standing.update(cohort=new, version_id=new.version_id):
        raise StaleState(row, row.state, row.state)
    if row.holds_seat:
        free_seat(old)
    row.cohort, row.version_id = new, new.version_id
    _stand_there(row, old, stays, actor)
    give_up_waiting(person=row.person, cohort=new, actor=actor, locked=cohorts)
    settle_places(old)
    if row.state == EnrolmentState.ENROLLED:
        complete_if_done(enrolment=row)
    return row


def _stand_there(row: Enrolment, old: Cohort, stays: bool, actor: Asker) -> None:
    """As what somebody stands in the new cohort: admitted, when that counts there too; otherwise it is decided anew, by
    the steps there. What ended with its cohort stands again."""
    was = row.state
    if was == EnrolmentState.CANCELLED or (was == EnrolmentState.ENROLLED and not stays):
        kept: dict[str, Any] = {} if stays else {"decided_at": None, "decided_by_id": None}
        move(row, EnrolmentState.APPLIED, ENROLMENT_MOVES, reason="", **kept)
    if was == EnrolmentState.CANCELLED and stays:
        move(row, EnrolmentState.ENROLLED, ENROLMENT_MOVES)
    if row.state == EnrolmentState.APPLIED:
        reroute_application(enrolment=row, source=old, was=was, actor=actor)
    elif row.cohort.plan_id != old.plan_id:
        archive_steps(enrolment=row)


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("cohort__organisation")
    return rows.select_related("cohort__organisation", "person__user").get(pk=enrolment.pk)


def _kept(moved: Enrolment, source: int, reason: str, actor: Asker, now: datetime) -> Transfer:
    return Transfer.objects.create(
        enrolment=moved,
        from_cohort_id=source,
        to_cohort=moved.cohort,
        state=TransferState.GRANTED,
        reason=reason,
        asked_at=now,
        asked_by_id=actor.pk,
        decided_at=now,
        decided_by_id=actor.pk,
    )


def _is_open(target: Cohort) -> bool:
    """Whether a trainee may choose this cohort by themselves: open to all, and taking people now."""
    return target.is_public and not target.by_invitation and state_of(target) in JOINABLE


def _refuse(sentence: str) -> None:
    if sentence:
        raise Refused(sentence)


def _refuse_own(enrolment: Enrolment, actor: Asker) -> None:
    if enrolment.person.user_id == actor.pk:
        raise Refused(_("Nobody decides on their own transfer. Ask another administrator."))


def _change(transfer: Transfer) -> dict[str, Any]:
    """What the audit says of a move: from where, to where, why."""
    return {
        "before": {"cohort": transfer.from_cohort.title},
        "after": {"cohort": transfer.to_cohort.title},
        "reason": transfer.reason,
    }


def _tell_moved(moved: Enrolment, transfer: Transfer) -> None:
    body = gettext_noop("Everything that you have learned has come with you. First day: %(day)s.")
    if moved.state == EnrolmentState.APPLIED:
        body = gettext_noop(
            "A place is kept for you there until your application is decided on. First day: %(day)s."
        )
    _tell(
        transfer,
        "moved",
        gettext_noop("You are in %(new)s now"),
        body,
        day=moved.cohort.starts_on or "—",
    )


def _tell(transfer: Transfer, what: str, title: str, body: str, **values: Any) -> None:
    notify(
        user=transfer.enrolment.person.user,
        kind=f"lms.transfer_{what}",
        title=title,
        body=body,
        url=reverse("lms:enrolment-detail", args=[transfer.enrolment_id]),
        source=f"lms.transfer:{transfer.pk}:{what}",
        old=transfer.from_cohort.title,
        new=transfer.to_cohort.title,
        **values,
    )


def _tell_deciders(transfer: Transfer) -> None:
    for user in deciders_of(transfer.to_cohort):
        notify(
            user=user,
            kind="lms.transfers",
            title=gettext_noop("Somebody wants to move to %(new)s"),
            body=gettext_noop("From %(old)s. It waits for your decision."),
            url=reverse("transfers:cohort", args=[transfer.to_cohort_id]),
            source=f"lms.transfer:{transfer.pk}:asked",
            old=transfer.from_cohort.title,
            new=transfer.to_cohort.title,
        )
