"""Reading manual entries, and finding what was entered before."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.people.models import Person
from credentials.manual_entries.models import ManualEntry


def own_manual(person: Person) -> QuerySet[ManualEntry]:
    """What somebody has asked for or had entered, the latest first."""
    return ManualEntry.objects.filter(person=person).select_related("organisation", "entry")


def desk_manual(user: Asker) -> QuerySet[ManualEntry]:
    """The manual entries that this user may read, with what a row and a page of the desk show."""
    rows = ManualEntry.objects.visible_to(user)
    return rows.select_related(
        "person__user", "person__employer", "organisation", "proof", "entry",
        "asked_by__person", "entered_by__person", "decided_by__person",
    )  # fmt: skip


def to_decide(user: Asker) -> QuerySet[ManualEntry]:
    """What waits for this administrator, the oldest first."""
    mine = ManualEntry.objects.filter(scope_of(user).q("organisation", Role.ADMINISTRATOR))
    return mine.waiting_for(user)


@dataclass(frozen=True)
class Twin:
    """Another person's manual entry with the very same proof."""

    entry_id: int
    name: str
    title: str
    state_label: str
    visible: bool


def twins_of(entry: ManualEntry, user: Asker) -> list[Twin]:
    """Entries of other people that were proven by the same file, for the second officer to look at. Two queries.

    Who they are about is said only to whoever may see them.
    """
    rows = ManualEntry.objects.alive().filter(proof_sha256=entry.proof_sha256).exclude(person=entry.person_id)
    seen = set(ManualEntry.objects.visible_to(user).filter(pk__in=rows).values_list("pk", flat=True))
    return [
        Twin(row.pk, row.person.name, row.title, row.get_state_display(), row.pk in seen)
        for row in rows.select_related("person").order_by("pk")[:20]
    ]


def entered_before(
    person: Person,
    *,
    sha256: str,
    occurred_on: datetime.date,
    title: str,
    starts_at: datetime.datetime | None,
    ends_at: datetime.datetime | None,
    **_other: Any,
) -> tuple[ManualEntry, str] | None:
    """An entry of the same person that is the same thing again, and by what: "proof", "time" or "title". One query."""
    same = Q(proof_sha256=sha256) | Q(occurred_on=occurred_on, title__iexact=title, starts_at=None)
    if starts_at and ends_at:
        same |= Q(starts_at__lt=ends_at, ends_at__gt=starts_at)
    else:
        same |= Q(occurred_on=occurred_on, title__iexact=title)
    found = ManualEntry.objects.alive().filter(same, person=person).order_by("pk").first()
    if found is None:
        return None
    if found.proof_sha256 == sha256:
        return found, "proof"
    timed = starts_at and ends_at and found.starts_at and found.ends_at
    return found, "time" if timed else "title"
