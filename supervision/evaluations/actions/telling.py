"""Who is asked, and the notices."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from core.notices.actions import notify
from core.people.models import Person
from supervision.evaluations.models import (
    Evaluation,
)
from supervision.evaluations.states import BY_MENTEE


def asked(row: Evaluation) -> Person:
    """Who is asked."""
    return row.pairing.mentee if row.direction in BY_MENTEE else row.pairing.supervisor.person


def source(row: Evaluation, what: str) -> str:
    return f"supervision.evaluation:{row.pairing_id}:{row.occasion}:{what}"


def tell(person: Person, rows: Sequence[Evaluation], what: str, title: str, body: str) -> bool:
    row = rows[0]
    told = notify(
        user=person.user,
        kind="supervision.evaluation",
        title=title,
        body=body,
        url=row.get_absolute_url() if len(rows) == 1 else reverse("supervision:evaluation-list"),
        source=source(row, what),
        supervisor=row.pairing.supervisor.person.name,
        mentee=row.pairing.mentee.name,
        day=max(each.closes_on for each in rows),
    )
    return told is not None
