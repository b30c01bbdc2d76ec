"""Places kept for organisations: which are in force, whom they leave a place, who is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.models import Person
from lms.admissions.models import CohortQuota
from lms.admissions.policy import (
    Quota,
    fits,
    kept_free,
    kept_from,
)
from lms.cohorts.models import Cohort
from lms.cohorts.queries import list_words

if TYPE_CHECKING:
    from lms.enrolments.models import Enrolment


@dataclass(frozen=True)
class KeptPlaces:
    """A quota in force, with the name of its organisation and its end (None: nobody knows when)."""

    quota: Quota
    name: str
    until: datetime | None


def quotas_of(cohort: Cohort) -> list[KeptPlaces]:
    """The quotas of a cohort that are in force. One query."""
    rows = cohort.quotas.in_force().select_related("organisation")
    return [
        KeptPlaces(
            Quota(row.organisation.path, row.places), row.organisation.name, row.until or cohort.closes_at
        )
        for row in rows
    ]


def seats_by_path(cohort: Cohort) -> dict[str, int]:
    """How many seats are taken, by the tree path of the employer as it was when the application was handed in."""
    path = Coalesce("record__employer__path", "person__employer__path")
    rows = cohort.enrolments.seated().order_by().values_list(path).annotate(number=Count("pk"))
    return {found or "": number for found, number in rows}


def may_take_seat(cohort: Cohort, person: Person) -> bool:
    """Whether the quotas leave this person one of the free places. Asked under the lock of the cohort."""
    quotas = quotas_of(cohort)
    if not quotas:
        return True
    path = person.employer.path if person.employer else ""
    return fits(cohort.capacity, [row.quota for row in quotas], seats_by_path(cohort), path)


def seats_for(cohort: Cohort, person: Person) -> int:
    """How many of the free places this person may take: without those that are kept for others. At most two queries."""
    quotas = [row.quota for row in quotas_of(cohort)]
    if not quotas:
        return cohort.seats_free
    path, taken = person.employer.path if person.employer else "", seats_by_path(cohort)
    if not fits(cohort.capacity, quotas, taken, path):
        return 0
    return max(1, cohort.seats_free - kept_from(cohort.capacity, quotas, taken, path))


def kept_words(cohort: Cohort, quotas: list[KeptPlaces], taken: dict[str, int], path: str) -> str:
    """For whom places are kept, as this person is told."""
    if not quotas:
        return ""
    free = kept_free([row.quota for row in quotas], taken)
    names = list_words(
        _("%(name)s (%(places)s)") % {"name": row.name, "places": row.quota.places} for row in quotas
    )
    mine = [row.name for row in quotas if path.startswith(row.quota.path)]
    text = _("Places kept for organisations: %(names)s; of these %(free)s are free.") % {
        "names": names,
        "free": free,
    }
    if mine:
        return f"{text} " + _("Your employer belongs to %(name)s, so they are for you too.") % {
            "name": mine[-1]
        }
    if not fits(cohort.capacity, [row.quota for row in quotas], taken, path):
        return f"{text} " + _("All other places are taken: you join the waiting list.")
    return text


def next_in_line(cohort: Cohort) -> list[Enrolment]:
    """Those on the waiting list who may move up now, in their order: never more than are free, and with quotas only
    whom a free place is not kept from. Asked under the lock of the cohort."""
    rows = cohort.enrolments.waiting().select_related("person__user", "person__employer")
    quotas = [row.quota for row in quotas_of(cohort)]
    if not quotas:
        return list(rows[: cohort.seats_free])
    taken, chosen = seats_by_path(cohort), []
    for row in rows.select_related("record__employer"):
        record = getattr(row, "record", None)
        employer = (record.employer if record else None) or row.person.employer
        path = employer.path if employer else ""
        if fits(cohort.capacity, quotas, taken, path):
            taken[path] = taken.get(path, 0) + 1
            chosen.append(row)
        if len(chosen) >= cohort.seats_free:
            break
    return chosen[: cohort.seats_free]


def desk_quotas(user: Asker, cohort: Cohort) -> tuple[list[tuple[CohortQuota, int]], int]:
    """The quotas of a cohort as the officer sees them, each with the seats taken in it, and the places kept and free."""
    in_force = quotas_of(cohort)
    taken = seats_by_path(cohort) if in_force else {}
    rows = CohortQuota.objects.visible_to(user).filter(cohort=cohort).select_related("organisation", "cohort")
    counted = [
        (row, sum(number for path, number in taken.items() if path.startswith(row.organisation.path)))
        for row in rows
    ]
    return counted, kept_free([row.quota for row in in_force], taken)
