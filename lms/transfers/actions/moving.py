"""Moving somebody from one cohort to another, with everything they have learned. Both cohorts are locked, lower key first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.states import Refused, StaleState, move
from lms.admissions.actions import archive_steps, reroute_application
from lms.admissions.queries import may_take_seat, stays_admitted
from lms.cohorts.models import Cohort
from lms.enrolments.actions import (
    complete_if_done,
    give_up_waiting,
    lock_course_of,
    refuse_others,
    refuse_second,
)
from lms.enrolments.models import Enrolment
from lms.enrolments.places import free_seat, note, settle_places, take_seat
from lms.enrolments.states import MOVES as ENROLMENT_MOVES
from lms.enrolments.states import EnrolmentState
from lms.signals import ApplicationDecided, PersonAdmitted, application_decided, person_admitted
from lms.transfers.actions.checking import is_open, locked, refuse, refuse_own
from lms.transfers.actions.telling import tell_deciders, tell_moved
from lms.transfers.actions.wishes import settle_wishes
from lms.transfers.models import Transfer
from lms.transfers.queries import obstacle_for
from lms.transfers.states import MOVES, TransferState


@transaction.atomic
def grant_transfer(*, transfer: Transfer, actor: Asker) -> Enrolment:
    """Move the person who asked. Raises Refused when there is no free place (any more), when a condition there is not
    met, for one's own wish, and IllegalMove when it is decided. Where others decide there as well, the person stands as
    an applicant; where only the organiser does, this agreement is the decision. Side effects, in order: the place, the state, the steps, audit, a notice."""
    refuse_own(transfer.enrolment, actor)
    now = timezone.now()
    moved = _carry(transfer.enrolment, transfer.from_cohort_id, transfer.to_cohort_id, actor, agreed_at=now)
    move(transfer, TransferState.GRANTED, MOVES, decided_at=now, decided_by_id=actor.pk)
    note("lms.grant_transfer", moved, actor, **_change(transfer))
    tell_moved(moved, transfer)
    _finish(moved)
    return moved


@transaction.atomic
def transfer_enrolment(*, enrolment: Enrolment, target: Cohort, reason: str, actor: Asker) -> Transfer:
    """An officer who runs both cohorts moves somebody at once. A wish that is open is settled by it.

    Raises Refused when there is no free place, without a reason, and for one's own place. Side effects as in
    `grant_transfer`.
    """
    refuse_own(enrolment, actor)
    if not reason.strip():
        raise Refused(_("Write the reason: the trainee will read it."))
    source, now = enrolment.cohort_id, timezone.now()
    moved = _carry(enrolment, source, target.pk, actor, agreed_at=now)
    settle_wishes(moved.pk, actor, now)
    transfer = _kept(moved, source, reason.strip(), actor, now)
    note("lms.transfer_enrolment", moved, actor, **_change(transfer))
    tell_moved(moved, transfer)
    _finish(moved)
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
    if enrolment.state != EnrolmentState.CANCELLED or not is_open(target):
        raise Refused(_("This cohort cannot be chosen now. Choose another one."))
    moved = _carry(enrolment, source, target.pk, actor)
    transfer = _kept(moved, source, "", actor, now)
    note("lms.move_elsewhere", moved, actor, **_change(transfer))
    tell_moved(moved, transfer)
    if moved.state == EnrolmentState.APPLIED and not moved.steps.exists():
        tell_deciders(transfer)
    _finish(moved)
    return transfer


def _carry(
    enrolment: Enrolment, source: int, target: int, actor: Asker, *, agreed_at: datetime | None = None
) -> Enrolment:
    """Move the row itself, so that progress, attempts, attendance and hours stay attached; returns it as it is now.

    The new place is taken and the old one freed in one transaction; what is freed follows its own waiting list. Lessons
    and quizzes are known by their keys, so what is done counts in the version of the new cohort too. Who comes meets
    what the new cohort asks of everybody, and gets the steps of its plan unless their admission counts there too.
    `agreed_at`: the moment of the move, where `actor` speaks for the organiser of the new cohort.
    """
    cohorts = lock_course_of(enrolment.person, source, target)
    old, new = cohorts[source], cohorts[target]
    row = locked(enrolment)
    if row.cohort_id != source:
        raise Refused(_("This person has been moved already."))
    settle_places(new)
    new = Cohort.objects.select_related("organisation").get(pk=target)  # with who waits there now
    refuse(obstacle_for(row, new))
    if row.state == EnrolmentState.CANCELLED:  # whoever comes from elsewhere brings their place
        refuse_second(row.person, new)
    if not may_take_seat(new, row.person) or not take_seat(new):
        raise Refused(_("That cohort has no free place."))
    stays, standing_as = stays_admitted(row, new), row.state
    standing = Enrolment.objects.filter(pk=row.pk, cohort=source).filter(state=row.state)
    if not standing.update(cohort=new, version_id=new.version_id):
        raise StaleState(row, row.state, row.state)
    if row.holds_seat:
        free_seat(old)
    row.cohort, row.version_id = new, new.version_id
    _stand_there(row, old, stays, actor, agreed_at)
    give_up_waiting(person=row.person, cohort=new, actor=actor, locked=cohorts)
    settle_places(old)
    if standing_as == EnrolmentState.APPLIED:
        told = ApplicationDecided(old.pk, actor.pk)
        application_decided.send(Enrolment, event=told)
    return row


def _finish(moved: Enrolment) -> None:
    """What follows for whoever has a place in the new cohort, once the wish is decided: completing ends those still open."""
    if moved.state == EnrolmentState.ENROLLED:
        person_admitted.send(Enrolment, event=PersonAdmitted(enrolment_id=moved.pk))
        complete_if_done(enrolment=moved)


def _stand_there(row: Enrolment, old: Cohort, stays: bool, actor: Asker, agreed_at: datetime | None) -> None:
    """As what somebody stands in the new cohort: admitted, when that counts there too; otherwise it is decided anew, by
    the steps there. What ended with its cohort stands again."""
    was = row.state
    if was == EnrolmentState.CANCELLED or (was == EnrolmentState.ENROLLED and not stays):
        kept: dict[str, Any] = {} if stays else {"decided_at": None, "decided_by_id": None}
        move(row, EnrolmentState.APPLIED, ENROLMENT_MOVES, reason="", **kept)
    if was == EnrolmentState.CANCELLED and stays:
        move(row, EnrolmentState.ENROLLED, ENROLMENT_MOVES)
    if row.state == EnrolmentState.APPLIED:
        if reroute_application(enrolment=row, source=old, was=was, actor=actor, agreed_at=agreed_at):
            decided: dict[str, Any] = {"decided_at": agreed_at, "decided_by_id": actor.pk}
            move(row, EnrolmentState.ENROLLED, ENROLMENT_MOVES, **decided)
    elif row.cohort.plan_id != old.plan_id:
        archive_steps(enrolment=row)


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


def _change(transfer: Transfer) -> dict[str, Any]:
    """What the audit says of a move: from where, to where, why."""
    return {
        "before": {"cohort": transfer.from_cohort.title},
        "after": {"cohort": transfer.to_cohort.title},
        "reason": transfer.reason,
    }
