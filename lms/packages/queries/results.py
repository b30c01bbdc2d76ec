"""What people have come to in a package, as the desk lists it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from core.access.scope import Asker
from lms.packages.models import Package, Registration, ScoState
from lms.packages.queries.sequencing import has_order, tree_with
from lms.packages.states import Completion, Kind, Success


@dataclass(frozen=True)
class Result:
    """One person in one version of the package."""

    person: str
    cohort: str
    version: int
    words: str
    tone: str  # of the status label
    score: (
        int | None
    )  # of a hundred: rolled up where the package has an order, else the mean of what was scored
    minutes: int
    seen_at: datetime | None


def results_of(package: Package, user: Asker) -> QuerySet[Registration]:
    """The people in any version of the package whom the user may see; who was there last comes first."""
    rows = Registration.objects.visible_to(user).filter(version__package=package)
    rows = rows.select_related("enrolment__person", "enrolment__cohort", "version")
    rows = rows.defer("version__summary")
    if package.kind != Kind.SCORM2004:  # what rolls a score up stands in the manifest
        rows = rows.defer("version__manifest", "version__summary")
    return rows.annotate(
        score=Avg("states__score"),
        seconds=Sum(F("states__seconds") + F("states__session_seconds")),
        seen_at=Max("states__updated_at"),
        failed=Count("states", filter=Q(states__success=Success.FAILED)),
        begun=Count("states", filter=~Q(states__completion=Completion.UNKNOWN)),
    ).order_by(F("seen_at").desc(nulls_last=True), "-pk")


def shown_results(rows: Iterable[Registration], package: Package) -> list[Result]:
    """The rows in words. One query more for a package with an order."""
    found = list(rows)
    if package.kind == Kind.SCORM2004:
        _roll_up([row for row in found if has_order(row.version)])
    return [_shown(row) for row in found]


def _roll_up(rows: list[Registration]) -> None:
    """Put the score of the whole in the place of the mean."""
    states: dict[int, dict[str, ScoState]] = {}
    for state in ScoState.objects.filter(registration__in=rows).defer("data"):
        states.setdefault(state.registration_id, {})[state.item] = state
    for row in rows:
        tree = tree_with(row.version, states.get(row.pk, {}))
        row.__dict__["score"] = tree.status(tree.root).measure


def _shown(row: Registration) -> Result:
    words, tone = _("In progress"), ""
    if row.completed_at:
        words, tone = str(Completion.COMPLETED.label), "primary"
    elif vars(row)["failed"]:
        words = str(Success.FAILED.label)
    elif not vars(row)["begun"]:
        words = str(Completion.UNKNOWN.label)
    score, seconds = vars(row)["score"], vars(row)["seconds"]
    return Result(
        person=str(row.enrolment.person),
        cohort=str(row.enrolment.cohort),
        version=row.version.number,
        words=words,
        tone=tone,
        score=None if score is None else round(score * 100),
        minutes=-(-(seconds or 0) // 60),
        seen_at=vars(row)["seen_at"],
    )
