"""Public notices: what is kept of somebody’s objections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.people.models import Person
from credentials.public_notices.queries import objections_by


@dataclass(frozen=True)
class ObjectionFact:
    """One objection, as whoever filed it with their account may take it away."""

    notice: str
    line: str
    said: str
    name: str
    contact: str
    filed_at: datetime
    state: str
    answer: str
    answered_at: datetime | None


def objections_of(person: Person) -> list[ObjectionFact]:
    """What somebody has objected to with their account, the latest first. One query."""
    return [
        ObjectionFact(
            row.notice.title, f"{row.line.position}. {row.line}" if row.line else "", row.said, row.name, row.contact,
            row.filed_at, row.state, row.answer, row.answered_at,
        )
        for row in objections_by(person.user)
    ]  # fmt: skip
