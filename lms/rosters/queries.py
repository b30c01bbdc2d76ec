"""Reading what a list may take of a cohort."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lms.admissions.queries import quotas_of, seats_by_path
from lms.admissions.states import Stage
from lms.cohorts.models import Cohort
from lms.rosters.policy import PlaceFacts, Places


def places_of(cohort: Cohort) -> Places:
    """The places of a cohort that a list may give out, as they are now. Three queries, one more with quotas."""
    fresh = Cohort.objects.get(pk=cohort.pk)
    quotas = [row.quota for row in quotas_of(fresh)]
    facts = PlaceFacts(
        capacity=fresh.capacity,
        seats_taken=fresh.seats_taken,
        waiting=fresh.enrolments.waiting().count(),
        quotas=quotas,
        taken=seats_by_path(fresh) if quotas else None,
    )
    return Places(facts)


def staged_words(cohort: Cohort) -> str:
    """Why a list cannot enrol people here: others decide as well. "" when the organiser alone decides."""
    if cohort.plan is None or not any(stage.value != Stage.ORGANISER for stage in cohort.plan.stages):
        return ""
    return _(
        "Applications to this cohort are approved in stages. A list would pass them by: let people apply."
    )
