"""Where a cohort stands: its state, in words and as a tone."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from lms.cohorts.models import Cohort
from lms.cohorts.policy import (
    RunFacts,
    RunState,
    run_state,
)

_TONES = {
    RunState.OPEN: "good",
    RunState.RUNNING_JOINABLE: "good",
    RunState.FULL_WAITING_LIST: "warn",
    RunState.OPENS_ON: "info",
    RunState.RUNNING: "info",
    RunState.CANCELLED: "bad",
}


def state_words(state: str) -> str:
    """The state of a run as a word for a chip."""
    return {
        RunState.TO_BE_SCHEDULED: gettext("To be scheduled"),
        RunState.OPENS_ON: gettext("Opens soon"),
        RunState.OPEN: gettext("Open for applications"),
        RunState.FULL_WAITING_LIST: gettext("Full, waiting list"),
        RunState.CLOSED_BEFORE_START: gettext("Applications closed"),
        RunState.RUNNING_JOINABLE: gettext("Running, still open"),
        RunState.RUNNING: gettext("Running"),
        RunState.ENDED: gettext("Ended"),
        RunState.CANCELLED: gettext("Cancelled"),
    }[RunState(state)]


def tone_of(state: str) -> str:
    """The tone of a run's state (see the status component)."""
    return _TONES.get(RunState(state), "plain")


def facts_of(cohort: Cohort) -> RunFacts:
    """What policy needs of a cohort; times become local, so that their dates are the dates people say.

    One query, unless the cohort was read `with_waiting`.
    """
    return RunFacts(
        opens_at=_local(cohort.opens_at),
        closes_at=_local(cohort.closes_at),
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        capacity=cohort.capacity,
        seats_taken=cohort.seats_taken,
        has_waiting_list=cohort.has_waiting_list,
        is_cancelled=cohort.cancelled_at is not None,
        by_invitation=cohort.by_invitation,
        waiting=cohort.waiting,
        min_members=cohort.min_members,
        alarm_days=cohort.alarm_days,
    )


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None


def state_of(cohort: Cohort, now: datetime | None = None) -> RunState:
    """Where the cohort stands now."""
    return run_state(facts_of(cohort), now=timezone.localtime(now))
