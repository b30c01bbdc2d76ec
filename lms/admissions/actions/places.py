"""Places kept for organisations. All that touches them happens under the lock of the cohort."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.states import Refused
from lms.admissions.models import (
    CohortQuota,
)
from lms.admissions.policy import Quota, kept_free, past_end
from lms.admissions.queries import (
    quotas_of,
    seats_by_path,
)
from lms.cohorts.models import Cohort
from lms.cohorts.policy import Standing
from lms.cohorts.queries import words
from lms.signals import PlacesAdded, places_added


@transaction.atomic
def set_quota(
    *,
    cohort: Cohort,
    organisation: Organisation,
    places: int,
    actor: Asker | None,
    until: datetime | None = None,
) -> CohortQuota:
    """Keep so many places for an organisation, or change how many are kept; those who wait move up where they can.

    Raises Refused for an organisation that does not stand below the one that runs the cohort, for an end that is past,
    and when all quotas in force together would be more than the places, or more than are still free.
    Side effects: an audit entry; PlacesAdded.
    """
    cohort = _locked(cohort)
    top = cohort.organisation
    if organisation == top or not top.covers(organisation):
        raise Refused(
            _("Places are kept for organisations below %(organisation)s.") % {"organisation": top.name}
        )
    if wrong := past_end(until, cohort.closes_at, now=timezone.now()):
        raise Refused(words(wrong))
    others = cohort.quotas.in_force().exclude(organisation=organisation)
    kept = (others.aggregate(sum=Sum("places"))["sum"] or 0) + places
    if kept > cohort.capacity:
        text = _("The quotas together would keep %(kept)s places, but there are only %(capacity)s.")
        raise Refused(text % {"kept": kept, "capacity": cohort.capacity})
    quotas = [row.quota for row in quotas_of(cohort) if row.quota.path != organisation.path]
    wanted = kept_free([*quotas, Quota(organisation.path, places)], seats_by_path(cohort))
    if wanted > cohort.seats_free:
        text = _("%(wanted)s places would have to be free for the quotas, but only %(free)s are.")
        raise Refused(text % {"wanted": wanted, "free": cohort.seats_free})
    row, _is_new = CohortQuota.objects.update_or_create(
        cohort=cohort, organisation=organisation, defaults={"places": places, "until": until}
    )
    _record("lms.set_quota", row, actor, {"places": places, "until": until})
    places_added.send(Cohort, event=PlacesAdded(cohort_id=cohort.pk))
    return row


@transaction.atomic
def remove_quota(*, quota: CohortQuota, actor: Asker | None) -> bool:
    """Keep no places for this organisation any more; False when somebody was first.

    Side effects: an audit entry; PlacesAdded, on which those who wait move up: the places are open to all now.
    """
    _locked(quota.cohort)
    if not CohortQuota.objects.filter(pk=quota.pk).delete()[0]:
        return False
    _record("lms.remove_quota", quota, actor, {"places": 0})
    places_added.send(Cohort, event=PlacesAdded(cohort_id=quota.cohort_id))
    return True


def release_places() -> int:
    """Let those who wait for places that are kept no longer move up; returns how many cohorts were looked at.

    Idempotent: where all quotas still hold, nobody moves.
    """
    waiting = Cohort.objects.filter(
        quotas__isnull=False, enrolments__state=Standing.WAITING, cancelled_at=None
    )
    ids = list(waiting.order_by("pk").values_list("pk", flat=True).distinct())
    for pk in ids:
        places_added.send(Cohort, event=PlacesAdded(cohort_id=pk))
    return len(ids)


def _record(action: str, quota: CohortQuota, actor: Asker | None, after: dict[str, Any]) -> None:
    after = {"organisation": quota.organisation.name, **after}
    record(
        action=action, target=quota.cohort, actor=actor, organisation=quota.cohort.organisation, after=after
    )


def _locked(cohort: Cohort) -> Cohort:
    rows = Cohort.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=cohort.pk)
