"""What an attempt asks: the questions of its paper, or those that were drawn for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lms.assessments.models import Attempt
from lms.courses.versions import PaperVersion, paper_of
from lms.questions.formats.blueprints import blueprint_from
from lms.questions.policy import Question, dealt, draw, mixed, question_from, shuffled
from lms.questions.queries import contents_of, pool_of


def paper_for(attempt: Attempt) -> PaperVersion:
    """The paper of an attempt, asked once for each object that stands for one."""
    if not Attempt.paper.is_cached(attempt):
        attempt.paper = paper_of(attempt.paper_id)
    paper: PaperVersion = attempt.paper
    return paper


def rows_of(attempt: Attempt) -> list[dict[str, Any]]:
    """What this attempt asks, in its order: what was drawn for it, or the questions of its paper, shuffled if that says so."""
    drawn: list[dict[str, Any]] | None = attempt.questions
    if drawn is not None:
        return drawn
    paper = paper_for(attempt)
    if not (paper.shuffles and attempt.seed):
        return paper.questions
    return [
        {**row, "choices": mixed(row["choices"], f"{attempt.seed} {row['key']}", kind=row["kind"])}
        for row in shuffled(paper.questions, attempt.seed)
    ]


def questions_of(
    attempt: Attempt, keys: Collection[str] | None = None, corrected: Mapping[str, Any] | None = None
) -> list[Question]:
    """The questions as marking needs them. `keys`: these only; `corrected`: what stands in the place of some, by key."""
    instead = corrected or {}
    rows = [instead.get(row["key"], row) for row in rows_of(attempt) if keys is None or row["key"] in keys]
    return [asked_in(row) for row in rows]


def asked_in(row: Mapping[str, Any]) -> Question:
    """A question of a paper, worth what its paper says."""
    question = question_from(row)
    return replace(question, points=worth_of(row)) if "marks" in row else question


def worth_of(row: Mapping[str, Any]) -> Decimal:
    """How many points a question of a paper brings."""
    return Decimal(row.get("marks") or row.get("points") or 1)


def most_of(paper: PaperVersion) -> Decimal | None:
    """The points of the whole paper; None where each attempt draws questions that are worth what they say themselves."""
    if not paper.bank_id:
        return sum((worth_of(row) for row in paper.questions), Decimal(0))
    if not all(line["marks"] for line in paper.blueprint):
        return None
    return Decimal(sum(line["count"] * line["marks"] for line in paper.blueprint))


def drawn_for(paper: PaperVersion, seed: str) -> list[dict[str, Any]]:
    """The questions of one attempt at a drawn paper, as it keeps them. Two queries. Raises NotEnough."""
    drawn = draw(blueprint_from(paper.blueprint), pool_of(paper.bank_id or 0), seed)
    contents = contents_of([candidate.revision for candidate, _line in drawn])
    return [
        {
            **dealt(contents[one.revision], f"{seed} {one.revision}", line.marks),
            "key": f"bank-{one.revision}",
            "revision": one.revision,
            **({"section": line.section} if line.section else {}),
        }
        for one, line in drawn
    ]
