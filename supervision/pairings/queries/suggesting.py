"""Which supervisors suit a mentee, for the officer who pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import F

from core.access.scope import Asker
from core.people.models import Person
from core.people.words import words_of
from supervision.conflicts.queries import barred_for
from supervision.pairings.models import Pairing
from supervision.pairings.policy import Fit, Room, Score, score_of
from supervision.pairings.queries.leading import leaders_of
from supervision.pairings.queries.words import fit_words
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import tiers_of

SIDE_BY_SIDE = 4


@dataclass(frozen=True)
class Suggestion:
    """A supervisor for a mentee, with the score and a sentence for each part of it."""

    supervisor: Supervisor
    tiers: tuple[str, ...]
    score: Score

    @property
    def reasons(self) -> list[tuple[str, int, int]]:
        return [(fit_words(part.code, part.values), part.points, part.most) for part in self.score.parts]


def suggestions_for(mentee: Person, user: Asker) -> list[Suggestion]:
    """The supervisors who suit best, of all who serve the place, whom this user may pair and who have a free place. Six
    queries.

    Left out: the mentee, whom the mentee has already, the administrators over the mentee's employer, and those with whom
    a conflict of interest is declared.
    """
    if mentee.employer is None:
        return []
    taken = Pairing.objects.open().filter(mentee=mentee).values("supervisor")
    rows = (
        Supervisor.objects.active()
        .in_reach_of(user)
        .serving(mentee.employer.path)
        .filter(load__lt=F("capacity"))
        .exclude(pk=mentee.pk)
        .exclude(pk__in=taken)
        .exclude(pk__in=barred_for(mentee.pk))
        .exclude(person__user__in=leaders_of(mentee.employer))
        .with_month()
        .select_related("person", "organisation")
        .prefetch_related("fields", "designations")
    )
    known = Fit(
        mentee_fields=frozenset(field.name_here for field in mentee.fields.all()),
        mentee_path=mentee.employer.path,
        mentee_languages=frozenset(words_of(mentee.languages)),
    )
    found = [(row, score_of(_with(row, known))) for row in rows]
    found.sort(key=lambda pair: (-pair[1].points, pair[0].code))
    best = found[:SIDE_BY_SIDE]
    return [Suggestion(row, tuple(tiers_of(row)), score) for row, score in best]


def _with(row: Supervisor, mentee: Fit) -> Fit:
    return replace(
        mentee,
        supervisor_fields=frozenset(field.name_here for field in row.fields.all()),
        supervisor_path=row.organisation.path,
        room=room_of(row),
        supervisor_languages=frozenset(words_of(row.languages)),
    )


def room_of(row: Supervisor) -> Room:
    """The places and the minutes that a supervisor `with_month` has left."""
    return Room(row.load, row.capacity, row.month_minutes, row.monthly_minutes)
