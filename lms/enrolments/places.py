"""Places: taken, freed, and offered to whoever waits, in their order. Everything here happens under the cohort's lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify, settle
from core.states import StaleState, move
from lms.admissions.queries import next_in_line
from lms.cohorts.models import Cohort
from lms.cohorts.policy import is_over, offer_until
from lms.cohorts.queries import way_back
from lms.courses.versions import version_of
from lms.enrolments.models import Enrolment
from lms.enrolments.states import MOVES, EnrolmentState


def lock_cohort(cohort_id: int) -> Cohort:
    """The cohort as it is now, locked until the transaction ends, with its organisation."""
    return (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("organisation", "plan")
        .get(pk=cohort_id)
    )


def lock_cohort_of(enrolment: Enrolment) -> Cohort:
    """The cohort of an enrolment, locked, and from now on the one that the enrolment knows.

    Raises StaleState when the enrolment has been moved to another cohort since it was read.
    """
    cohort = lock_cohort(enrolment.cohort_id)
    if not Enrolment.objects.filter(pk=enrolment.pk, cohort=cohort).exists():
        raise StaleState(enrolment, enrolment.state, enrolment.state)
    enrolment.cohort = cohort
    return cohort


def lock_cohorts(cohort_ids: Iterable[int]) -> dict[int, Cohort]:
    """Several cohorts, locked in the order of their keys: two who want the same two never wait for each other."""
    return {pk: lock_cohort(pk) for pk in sorted(set(cohort_ids))}


def settle_places(cohort: Cohort) -> int:
    """Let offers lapse whose time has run out, and offer every free place to whoever waits first; returns how many.

    Afterwards nobody waits for a place that is free, except where it is kept for others (quotas of lms/admissions).
    `cohort` is locked by the caller, and its count of places is kept up to date. Side effects for each person: audit,
    notice.
    """
    lapsed = _lapse_due(cohort)
    offered = _offer_free(cohort)
    _tell_lapsed(cohort, lapsed)
    return offered


def _offer_free(cohort: Cohort) -> int:
    cancelled, today = cohort.cancelled_at is not None, timezone.localdate()
    if is_over(is_cancelled=cancelled, ends_on=cohort.ends_on, today=today) or not cohort.seats_free:
        return 0
    waiting = next_in_line(cohort)
    offered = 0
    for enrolment in waiting:
        enrolment.cohort = cohort
        offered += offer_place(enrolment=enrolment)
    return offered


def offer_place(*, enrolment: Enrolment) -> bool:
    """Hold a free place for somebody who waits (the cohort is locked); False when none is free.

    Side effects, in order: the place is taken; the state and the end of the offer; audit; an urgent notice.
    """
    cohort = enrolment.cohort
    if not take_seat(cohort):
        return False
    until = offer_until(
        now=timezone.localtime(),
        hours=cohort.offer_hours,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
    )
    old = move(enrolment, EnrolmentState.OFFERED, MOVES, offer_expires_at=until)
    note("lms.offer_place", enrolment, None, before={"state": old}, after={"state": enrolment.state})
    tell(
        enrolment,
        "offered",
        gettext_noop("A place became free: %(cohort)s"),
        gettext_noop("It is held for you until %(until)s. Accept it by then, or it goes to the next person."),
        urgent=True,
        until=until,
    )
    return True


def _lapse_due(cohort: Cohort) -> list[Enrolment]:
    """Let the cohort's offers lapse whose time has run out; their places become free. Side effect: audit."""
    due = cohort.enrolments.offered().filter(offer_expires_at__lte=timezone.now())
    rows = list(due.select_related("person__user"))
    for enrolment in rows:
        enrolment.cohort = cohort
        old = move(enrolment, EnrolmentState.LAPSED, MOVES)
        free_seat(cohort)
        note("lms.expire_offers", enrolment, None, before={"state": old}, after={"state": enrolment.state})
        settle_offer(enrolment)
    return rows


def _tell_lapsed(cohort: Cohort, rows: list[Enrolment]) -> None:
    """Tell whoever let an offer lapse what the cohort offers them now, when the freed places have been offered on."""
    if not rows:
        return
    now = Cohort.objects.with_waiting().get(pk=cohort.pk)
    for enrolment in rows:
        back = way_back(now, enrolment.person.user)
        body = gettext_noop("You did not accept the place in time, and it is open to others now.")
        if back is not None:
            body = gettext_noop(
                "You did not accept the place in time, and it is open to others now. You can apply for this cohort again."
            )
        if back is not None and back.is_waiting_list:
            body = gettext_noop(
                "You did not accept the place in time, and it was offered to the next person. You can join the waiting list again, at its end."
            )
        tell(enrolment, "lapsed", gettext_noop("The offer has run out: %(cohort)s"), body)


def expire_offers(*, cohort: Cohort | None = None) -> int:
    """Let every offer lapse whose time has run out (of one cohort, or of all), and offer the places to the next.

    Each cohort is a transaction of its own. Returns how many cohorts had such offers. Safe to call at any time.
    """
    due = Enrolment.objects.offered().filter(offer_expires_at__lte=timezone.now())
    if cohort is not None:
        due = due.filter(cohort=cohort)
    ids = sorted(set(due.order_by().values_list("cohort_id", flat=True)))
    for pk in ids:
        with transaction.atomic():
            settle_places(lock_cohort(pk))
    return len(ids)


def take_seat(cohort: Cohort) -> bool:
    """Take a place by compare-and-set; False when none is free or the cohort is cancelled."""
    return take_seats(cohort, 1)


def take_seats(cohort: Cohort, number: int) -> bool:
    """Take so many places at once, or none: False when fewer are free or the cohort is cancelled."""
    free = Cohort.objects.filter(pk=cohort.pk, seats_taken__lte=F("capacity") - number, cancelled_at=None)
    if not free.update(seats_taken=F("seats_taken") + number):
        return False
    cohort.seats_taken += number
    return True


def free_seat(cohort: Cohort, number: int = 1) -> None:
    """Give back that many places."""
    Cohort.objects.filter(pk=cohort.pk).update(seats_taken=F("seats_taken") - number)
    cohort.seats_taken -= number


def settle_offer(enrolment: Enrolment) -> None:
    """The notice of an offer has been answered, or asks for nothing any more."""
    settle(user=enrolment.person.user, source=f"lms.enrolment:{enrolment.pk}:offered")


def note(action: str, enrolment: Enrolment, actor: Asker | None, **facts: Any) -> None:
    """The audit entry of an act on an enrolment, filed under the organisation that runs its cohort."""
    record(action=action, target=enrolment, actor=actor, organisation=enrolment.cohort.organisation, **facts)


def tell(
    enrolment: Enrolment, what: str, title: str, body: str, *, urgent: bool = False, **values: Any
) -> None:
    """The notice to a trainee about their enrolment, once for each `what`; it leads to the page of the enrolment."""
    version = version_of(enrolment.version_id)
    notify(
        user=enrolment.person.user,
        kind=f"lms.enrolment_{what.replace('-', '_')}",
        title=title,
        body=body,
        url=reverse("lms:enrolment-detail", args=[enrolment.pk]),
        source=f"lms.enrolment:{enrolment.pk}:{what}:{enrolment.cohort_id}",
        urgent=urgent,
        cohort=both(enrolment.cohort.title, enrolment.cohort.title_en),
        course=both(version.title, version.title_en),
        **values,
    )
