"""What stands for a paper now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, FilteredRelation, Q

from lms.corrections.models import Regrade
from lms.corrections.policy import Corrections
from lms.corrections.states import Remedy


def corrections_of(paper_id: int) -> Corrections:
    """The corrections that stand for this paper. One query."""
    last = {row.question: row for row in Regrade.objects.filter(paper=paper_id).order_by("number")}
    return corrections_in(last.values())


def corrections_in(rows: Iterable[Regrade]) -> Corrections:
    """What these come to, one for each question."""
    kept = list(rows)
    return Corrections(
        changes={row.question: row.change for row in kept if row.remedy == Remedy.KEY},
        full=frozenset(row.question for row in kept if row.remedy == Remedy.FULL),
        out=frozenset(row.question for row in kept if row.remedy == Remedy.OUT),
    )


def regrades_for(attempt: Any) -> list[Any]:
    """The corrections of an attempt's paper in their order, each with what it made of this attempt (`line_…`; `line_id` None:
    it was marked by it from the first). One query for each object that stands for an attempt."""
    kept: dict[str, list[Any]] = attempt.__dict__
    if "_regrades" not in kept:
        own = FilteredRelation("lines", condition=Q(lines__attempt=attempt.pk))
        rows = Regrade.objects.filter(paper=attempt.paper_id).annotate(own=own).order_by("number")
        facts = {
            "line_id": "pk",
            "line_before": "before",
            "line_after": "after",
            "line_passed": "passed_after",
        }
        kept["_regrades"] = list(rows.annotate(**{name: F(f"own__{part}") for name, part in facts.items()}))
    return kept["_regrades"]


def as_marked(attempt: Any, rows: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """What an attempt was asked with the keys that it is marked by now. One query."""
    last = {row.question: row for row in regrades_for(attempt)}
    instead = corrections_in(last.values()).rows(rows)
    return [instead.get(row["key"], row) for row in rows]
