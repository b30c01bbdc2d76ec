"""Award rounds: the honour roll, and what is kept of somebody’s nominations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from core.people.models import Person
from credentials.awards.models import Nomination
from credentials.awards.queries import honoured


@dataclass(frozen=True)
class HonourFact:
    """One winner, with nothing but name and unit."""

    name: str
    unit: str


@dataclass(frozen=True)
class HonourGroup:
    """The winners of one round, in their order."""

    year: int
    title: str
    issuer: str
    rank_label: str
    winners: list[HonourFact] = field(default_factory=list)


def honour_roll(year: int | None = None) -> list[HonourGroup]:
    """The winners of all rounds, or those of a year; the latest first. One query."""
    rows = honoured() if year is None else honoured().filter(result__round__year=year)
    return [*_groups(rows)]


def _groups(rows: object) -> Iterator[HonourGroup]:
    for round, grants in groupby(rows, key=lambda row: row.result.round):  # type: ignore[call-overload]
        people = [row.result.nomination for row in grants]
        winners = [HonourFact(one.person.name, one.organisation.name) for one in people]
        yield HonourGroup(
            round.year, round.title, round.organisation.name, str(round.get_rank_display()), winners
        )


def honour_years() -> list[int]:
    """The years in which somebody was honoured, the latest first. One query."""
    years = honoured().order_by().values_list("result__round__year", flat=True)
    return sorted(set(years), reverse=True)


@dataclass(frozen=True)
class NominationFact:
    """One nomination, as its nominee may take it away."""

    round: str
    way: str
    deeds: str
    state: str
    made_at: datetime
    accepted_at: datetime | None
    papers: list[str]


def nominations_of(person: Person) -> list[NominationFact]:
    """What somebody was nominated for, the latest first. Two queries."""
    rows = Nomination.objects.filter(person=person).select_related("round").order_by("-made_at")
    return [
        NominationFact(
            str(row.round), row.way, row.deeds, row.state, row.made_at, row.accepted_at,
            [paper.attachment.name for paper in row.papers.all()],
        )
        for row in rows.prefetch_related("papers__attachment")
    ]  # fmt: skip
