"""Where else somebody could learn: below an enrolment, for its trainee."""

from __future__ import annotations

from typing import Any

from django import template

from lms.cohorts.queries import titled
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState
from lms.transfers.queries import can_ask, pending_of, places_elsewhere

register = template.Library()


@register.inclusion_tag("lms/transfers/elsewhere.html", takes_context=True)
def elsewhere(context: dict[str, Any], enrolment: Enrolment) -> dict[str, Any]:
    """The wish to move that is open, the places elsewhere after a cancellation, or the way to ask. Own enrolments only."""
    cancelled = enrolment.state == EnrolmentState.CANCELLED
    asks = can_ask(enrolment)
    pending = pending_of(enrolment) if asks else None
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "enrolment": enrolment,
        "cancelled": cancelled,
        "may_ask": asks,
        "pending": pending,
        "pending_title": titled(pending.to_cohort.title, pending.to_cohort.title_en) if pending else "",
        "places": places_elsewhere(enrolment) if cancelled else [],
    }
