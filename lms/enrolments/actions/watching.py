"""What the clock does: warn of too few people, and mend what a crash could leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.actions import both, notify
from lms.cohorts.models import Cohort
from lms.cohorts.policy import Alarm
from lms.cohorts.queries import alarm_in
from lms.enrolments.actions.completing import complete_those_done
from lms.enrolments.models import Enrolment
from lms.enrolments.places import free_seat, lock_cohort, settle_places
from lms.enrolments.queries import deciders_of
from lms.enrolments.states import EnrolmentState


def warn_below_minimum(*, now: datetime | None = None) -> int:
    """Tell those who decide that a cohort has fewer people than its minimum, for each first day.

    Once when applications have closed, and once so many days before the start; returns how many notices were written.
    Safe to call at any time. Side effect: an urgent notice to each.
    """
    today = timezone.localdate(now)
    rows = Cohort.objects.filter(cancelled_at=None, min_members__isnull=False)
    coming = rows.filter(Q(starts_on=None) | Q(starts_on__gt=today)).with_waiting().with_members()
    coming = coming.filter(min_members__gt=F("members_count"))
    found = ((row, alarm_in(row, now)) for row in coming.select_related("organisation"))
    due = [(row, alarm) for row, alarm in found if alarm is not None]
    return sum(
        _warn(cohort, alarm, _undecided(cohort), user)
        for cohort, alarm in due
        for user in deciders_of(cohort)
    )


def _undecided(cohort: Cohort) -> int:
    return cohort.enrolments.filter(state=EnrolmentState.APPLIED).count()


def _warn(cohort: Cohort, alarm: Alarm, undecided: int, user: Any) -> bool:
    body = gettext_noop(
        "%(taken)s of at least %(minimum)s people. Advertise it, put it off, or cancel it in good time."
    )
    if undecided:
        body = gettext_noop(
            "%(taken)s of at least %(minimum)s people; applications that wait for a decision: %(undecided)s. Decide on them, advertise it, put it off, or cancel it in good time."
        )
    notice = notify(
        user=user,
        kind="lms.below_minimum",
        title=gettext_noop("Too few people: %(cohort)s"),
        body=body,
        url=reverse("applications:cohort", args=[cohort.pk]),
        source=f"lms.minimum:{cohort.pk}:{cohort.starts_on}:{alarm}",
        urgent=True,
        cohort=both(cohort.title, cohort.title_en),
        taken=cohort.members,
        undecided=undecided,
        minimum=cohort.min_members,
    )
    return notice is not None


def reconcile() -> list[str]:
    """Find and mend what a crash could leave: counted seats, free places, completions. Says what it mended."""
    found = []
    for cohort in Cohort.objects.select_related("organisation"):
        with transaction.atomic():
            locked = lock_cohort(cohort.pk)
            seated = locked.enrolments.seated().count()
            if seated != locked.seats_taken:
                found.append(f"cohort {cohort.pk}: places taken {locked.seats_taken} → {seated}")
                free_seat(locked, locked.seats_taken - seated)
            offered = settle_places(locked)
        if offered:
            found.append(f"cohort {cohort.pk}: {offered} places offered to the waiting list")
    learning = Enrolment.objects.filter(state=EnrolmentState.ENROLLED)
    done = complete_those_done(enrolment_ids=learning.values_list("pk", flat=True))
    return found + [f"enrolment {pk}: completed" for pk in done]
