"""Leaving a cohort, or being left by it. Every verb locks the cohort before the enrolment."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import both, notify_many
from core.states import Refused, move
from lms.cohorts.models import Cohort
from lms.cohorts.queries import elsewhere, words
from lms.enrolments.actions.completing import AT_ONCE
from lms.enrolments.models import Enrolment
from lms.enrolments.places import (
    free_seat,
    lock_cohort,
    lock_cohort_of,
    note,
    settle_offer,
    settle_places,
    tell,
)
from lms.enrolments.queries import leaving_of
from lms.enrolments.states import MOVES, EnrolmentState
from lms.signals import ApplicationDecided, EnrolmentEnded, application_decided, enrolment_ended


@transaction.atomic
def withdraw(*, enrolment: Enrolment, actor: Asker, reason: str = "") -> None:
    """Leave a cohort or take an application back; the seat is offered to the next on the waiting list at once.

    After the cohort's last day to leave only an officer takes somebody out, which counts as dropping out: raises
    Refused for the trainee then. Whoever takes somebody else out says why: raises Refused without a reason. Hours
    already earned stay. Side effects: audit entry; a notice to the trainee when somebody else withdrew them.
    """
    is_own, reason = actor.pk == enrolment.person.user_id, reason.strip()
    if not is_own and not reason:
        raise Refused(_("Write the reason: the trainee will read it."))
    cohort = lock_cohort_of(enrolment)
    rule = leaving_of(enrolment)
    if not rule.is_allowed and is_own:
        raise Refused(words(rule.sentence))
    end_enrolment(
        enrolment,
        EnrolmentState.WITHDRAWN,
        "lms.withdraw_enrolment",
        actor,
        reason,
        withdrawn_late=rule.is_late,
    )
    settle_places(cohort)
    if not is_own:
        tell(
            enrolment,
            "withdrawn",
            gettext_noop("You were withdrawn from %(cohort)s"),
            gettext_noop("Reason: %(reason)s"),
            reason=reason,
        )


@transaction.atomic
def end_all(*, cohort: Cohort, reason: str, actor: Asker | None) -> int:
    """End every enrolment that still stands in a cancelled cohort, and say at once what there is elsewhere.

    What is completed stays completed, and hours that were earned stay. Who had been admitted is kept (`decided_at`), so
    that they need no second decision where the same organisation has a free place. So many at a time are read that
    memory does not grow with the cohort, each locked: who completes at this moment is waited for and stays completed.
    Side effects for each person: audit, an urgent notice.
    """
    cohort = lock_cohort(cohort.pk)
    rest = cohort.enrolments.active().exclude(state=EnrolmentState.COMPLETED).select_for_update(of=("self",))
    body = gettext_noop("This cohort does not take place. Reason: %(reason)s")
    if elsewhere(cohort):
        body = gettext_noop(
            "This cohort does not take place. Reason: %(reason)s. Other cohorts of this course have free places: you can move there and keep what you have learned."
        )
    ended = 0
    while rows := list(rest.select_related("person__user__person").order_by("pk")[:AT_ONCE]):
        for enrolment in rows:
            enrolment.cohort = cohort
            old = move(enrolment, EnrolmentState.CANCELLED, MOVES, reason=reason)
            facts = {"before": {"state": old}, "after": {"state": enrolment.state}, "reason": reason}
            note("lms.cancel_cohort", enrolment, actor, **facts)
        ended += len(rows)
        _tell_cancelled(cohort, rows, body, reason)
    free_seat(cohort, cohort.seats_taken - cohort.enrolments.seated().count())
    return ended


def _tell_cancelled(cohort: Cohort, rows: list[Enrolment], body: str, reason: str) -> None:
    pages = {row.person.user_id: reverse("lms:enrolment-detail", args=[row.pk]) for row in rows}
    notify_many(
        users=[row.person.user for row in rows if row.person.user is not None],
        kind="lms.enrolment_cancelled",
        title=gettext_noop("Cancelled: %(cohort)s"),
        body=body,
        url=lambda user: pages[user.pk],
        source=f"lms.cohort:{cohort.pk}:cancelled",
        urgent=True,
        cohort=both(cohort.title, cohort.title_en),
        reason=reason,
    )


def end_enrolment(
    enrolment: Enrolment, new: str, action: str, actor: Asker | None, reason: str, **changes: Any
) -> None:
    """Move to an end state; a kept seat becomes free. The cohort is locked by the caller.

    Side effects, in order: the state, the seat; the notice of an offer is settled; an audit entry; EnrolmentEnded, and
    ApplicationDecided of what waited for a decision.
    """
    had_seat = enrolment.holds_seat
    offered = enrolment.state == EnrolmentState.OFFERED
    changes |= {"reason": reason, "decided_at": timezone.now()}
    changes["decided_by_id"] = actor.pk if actor is not None else None
    old = move(enrolment, new, MOVES, **changes)
    if had_seat:
        free_seat(enrolment.cohort)
    if offered:
        settle_offer(enrolment)
    note(action, enrolment, actor, before={"state": old}, after={"state": new}, reason=reason)
    event = EnrolmentEnded(enrolment.pk, actor.pk if actor is not None else None)
    enrolment_ended.send(Enrolment, event=event)
    if old == EnrolmentState.APPLIED:
        told = ApplicationDecided(enrolment.cohort_id, changes["decided_by_id"])
        application_decided.send(Enrolment, event=told)
