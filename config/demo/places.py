"""Places in the sample cohorts: one that is full with people who wait and a place that is held, one below its minimum."""

from __future__ import annotations

import datetime

from django.utils import timezone

from core.models import User
from lms.cohorts.actions import change_cohort
from lms.cohorts.models import Cohort
from lms.enrolments.actions import withdraw
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState
from lms.transfers.actions import ask_transfer
from lms.transfers.models import Transfer
from lms.transfers.queries import obstacle_for


def arrange_places(
    cohorts: dict[str, Cohort], waiting: list[Enrolment], learning: list[Enrolment], officer: User
) -> None:
    """Free a place of the full cohort, set a minimum and a last day to leave, and let somebody ask to be moved.

    `waiting` are the enrolments of the full cohort in their order; of `learning` the first who can move asks. Idempotent.
    """
    _free_one(waiting)
    soon = timezone.localdate() + datetime.timedelta(days=14)
    change_cohort(cohort=cohorts["open"], actor=officer, min_members=20)
    change_cohort(cohort=cohorts["joinable"], actor=officer, withdraw_until=soon)
    if Transfer.objects.filter(enrolment__in=learning).exists():
        return
    target = Cohort.objects.get(pk=cohorts["open"].pk)
    for wants_to_move in learning:
        wants_to_move.refresh_from_db()
        if wants_to_move.state == EnrolmentState.ENROLLED and not obstacle_for(wants_to_move, target):
            ask_transfer(
                enrolment=wants_to_move,
                target=target,
                reason="单位调整了值班时间，希望转到秋季班面授（示例）。",
                actor=wants_to_move.person.user,
            )
            return


def _free_one(rows: list[Enrolment]) -> None:
    """The first who has a place gives it up, so that it is held for the first who waits."""
    first = rows[0]
    first.refresh_from_db()
    if first.state == EnrolmentState.ENROLLED:
        withdraw(enrolment=first, actor=first.person.user)
