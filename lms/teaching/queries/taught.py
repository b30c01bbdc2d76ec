"""What the dashboard shows teachers of the cohorts on their desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from core.access.scope import Asker
from lms.cohorts.queries import state_of, state_words, titled, tone_of
from lms.teaching.queries.overview import taught_by


@dataclass(frozen=True)
class TaughtCohort:
    """One cohort on the dashboard of its teacher; `url` leads to the teacher's side of it."""

    title: str
    course_title: str
    organisation: str
    state_label: str
    tone: str
    learners: int
    next_class: str
    next_at: datetime | None
    url: str


def taught_for(user: Asker, *, limit: int, read: int = 30) -> list[TaughtCohort]:
    """The cohorts on this teacher's desk: those with a class to come first, the next one on top, then those in which
    somebody learns. One query."""
    rows: list[Any] = list(taught_by(user)[:read])  # with what `taught_by` counted
    rows.sort(
        key=lambda row: (row.next_at is None, row.next_at and row.next_at.timestamp(), not row.learners)
    )
    return [
        TaughtCohort(
            title=titled(row.title, row.title_en),
            course_title=titled(row.version.title, row.version.title_en),
            organisation=row.organisation.name,
            state_label=state_words(state := state_of(row)),
            tone=tone_of(state),
            learners=row.learners,
            next_class=titled(row.next_title or "", row.next_title_en or ""),
            next_at=row.next_at,
            url=reverse("teaching:grades", args=[row.pk]),
        )
        for row in rows[:limit]
    ]
