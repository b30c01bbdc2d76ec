"""What people are told of a move: the trainee, and those who decide on it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from core.notices.actions import both, notify
from lms.enrolments.models import Enrolment
from lms.enrolments.queries import deciders_of
from lms.enrolments.states import EnrolmentState
from lms.transfers.models import Transfer


def tell_moved(moved: Enrolment, transfer: Transfer) -> None:
    """The trainee is in the new cohort, or stands there as an applicant."""
    body = gettext_noop("Everything that you have learned has come with you. First day: %(day)s.")
    if moved.state == EnrolmentState.APPLIED:
        body = gettext_noop(
            "A place is kept for you there until your application is decided on. First day: %(day)s."
        )
    tell(
        transfer,
        "moved",
        gettext_noop("You are in %(new)s now"),
        body,
        day=moved.cohort.starts_on or "—",
    )


def tell(transfer: Transfer, what: str, title: str, body: str, **values: Any) -> None:
    """A notice to the trainee about their transfer, once for each `what`; it leads to the page of the enrolment."""
    notify(
        user=transfer.enrolment.person.user,
        kind=f"lms.transfer_{what}",
        title=title,
        body=body,
        url=reverse("lms:enrolment-detail", args=[transfer.enrolment_id]),
        source=f"lms.transfer:{transfer.pk}:{what}",
        old=both(transfer.from_cohort.title, transfer.from_cohort.title_en),
        new=both(transfer.to_cohort.title, transfer.to_cohort.title_en),
        **values,
    )


def tell_deciders(transfer: Transfer) -> None:
    """A notice to those who decide on the new cohort's applications."""
    for user in deciders_of(transfer.to_cohort):
        notify(
            user=user,
            kind="lms.transfers",
            title=gettext_noop("Somebody wants to move to %(new)s"),
            body=gettext_noop("From %(old)s. It waits for your decision."),
            url=reverse("transfers:cohort", args=[transfer.to_cohort_id]),
            source=f"lms.transfer:{transfer.pk}:asked",
            old=both(transfer.from_cohort.title, transfer.from_cohort.title_en),
            new=both(transfer.to_cohort.title, transfer.to_cohort.title_en),
        )
