"""What stands for a paper now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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


def regrades_for(attempt: Any) -> list[Regrade]:
    """The corrections of an attempt's paper in their order. One query for each object that stands for an attempt."""
    kept: dict[str, list[Regrade]] = attempt.__dict__
    if "_regrades" not in kept:
        kept["_regrades"] = list(Regrade.objects.filter(paper=attempt.paper_id).order_by("number"))
    return kept["_regrades"]


def as_marked(attempt: Any, rows: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """What an attempt was asked with the keys that it is marked by now. One query."""
    last = {row.question: row for row in regrades_for(attempt)}
    instead = corrections_in(last.values()).rows(rows)
    return [instead.get(row["key"], row) for row in rows]
