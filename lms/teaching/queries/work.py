"""What waits for an officer in all cohorts together, for the list on the dashboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import CharField, Count, QuerySet, Value
from django.urls import reverse

from core.access.scope import Asker, scope_of
from core.access.states import Role
from lms.approvals.queries import waiting_for
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.enrolments.models import Enrolment
from lms.teaching.queries.sources import COUNTERS, MARKING
from lms.transfers.models import Transfer

PAGES = {"transfers": "transfers:cohort"}  # beside those of the counters
TO_TEACH = ("questions", "posts", "registers")  # counters of whoever teaches; "absences" are everybody's


@dataclass(frozen=True)
class CohortWork:
    """So many of one kind (`applications`, `transfers`, `absences`, `marking`, …) that wait in one cohort for this
    officer; `url` is the list in which they are decided."""

    kind: str
    count: int
    cohort: str
    url: str


def work_for(user: Asker) -> list[CohortWork]:
    """What this administrator or instructor is to decide on, mark or answer now, kind by kind and cohort by cohort. Two
    queries; one where nothing waits."""
    counted = _counted(user)
    ids = {cohort for _kind, cohort, _number in counted}
    rows = Cohort.objects.filter(pk__in=ids).values_list("pk", "title", "title_en") if ids else ()
    names = {pk: titled(title, title_en) for pk, title, title_en in rows}
    found = [
        CohortWork(kind, number, names[cohort], _address(kind, cohort)) for kind, cohort, number in counted
    ]
    return sorted(found, key=lambda work: (work.kind, work.cohort))


def _counted(user: Asker) -> list[tuple[str, int, int]]:
    """Kind, cohort and number, of what there is any of. One query."""
    scope = scope_of(user)
    runs = scope.q("to_cohort__organisation", Role.ADMINISTRATOR)
    teaches = _ids(Cohort.objects.instructed_by(user))
    asked = Transfer.objects.pending().filter(runs).exclude(enrolment__person__user=user.pk)
    # Grouped without what `waiting_for` adds to each row.
    applied = Enrolment.objects.filter(pk__in=waiting_for(user).order_by().values("pk"))
    parts: list[tuple[str, QuerySet[Any, Any]]] = [
        ("applications", _by_cohort(applied, "cohort")),
        ("transfers", _by_cohort(asked, "to_cohort")),
        *(("marking", marking.count(teaches)) for marking in MARKING.values()),
    ]
    if counter := COUNTERS.get("absences"):
        leads = scope.q("organisation", Role.ADMINISTRATOR, Role.INSTRUCTOR)
        parts.append(("absences", counter.count(_ids(Cohort.objects.filter(leads, cancelled_at=None)))))
    parts += [(name, COUNTERS[name].count(teaches)) for name in TO_TEACH if name in COUNTERS]
    first, *rest = [part.annotate(kind=Value(kind, output_field=CharField())) for kind, part in parts]
    found: Counter[tuple[str, int]] = Counter()
    for cohort, number, kind in first.union(*rest, all=True):
        found[kind, cohort] += number
    return [(kind, cohort, number) for (kind, cohort), number in found.items()]


def _ids(cohorts: QuerySet[Cohort]) -> Collection[int]:
    """These cohorts as a subquery: no list of numbers travels."""
    return cast("Collection[int]", cohorts.order_by().values("pk"))


def _by_cohort(rows: QuerySet[Any], at: str) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(at).annotate(number=Count("pk"))


def _address(kind: str, cohort_id: int) -> str:
    if kind == "applications":
        return reverse("approvals:index")
    if kind == "marking":
        return f"{reverse('teaching:marking')}?cohort={cohort_id}"
    return reverse(PAGES.get(kind) or COUNTERS[kind].page, args=[cohort_id])
