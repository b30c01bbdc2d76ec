"""Which supervisors suit a mentee, for the officer who pairs."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import Person
from supervision.conflicts.queries import barred_for
from supervision.pairings.models import Pairing
from supervision.pairings.policy import Fit, Reason, Score, score_of
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
        return [(reason_words(reason), reason.points, reason.most) for reason in self.score.reasons]


def suggestions_for(mentee: Person, user: Asker) -> list[Suggestion]:
    """The supervisors who suit best, of all whom this user may pair and who have a free place. Five queries.

    Left out: the mentee, whom the mentee has already, the administrators over the mentee's employer, and those with whom
    a conflict of interest is declared.
    """
    if mentee.employer is None:
        return []
    taken = Pairing.objects.open().filter(mentee=mentee).values("supervisor")
    leaders = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        role=Role.ADMINISTRATOR, organisation__path__in=Organisation.paths_above(mentee.employer.path)
    )
    rows = (
        Supervisor.objects.active()
        .in_reach_of(user)
        .filter(load__lt=F("capacity"))
        .exclude(pk=mentee.pk)
        .exclude(pk__in=taken)
        .exclude(pk__in=barred_for(mentee.pk))
        .exclude(person__user__in=leaders.values("user"))
        .select_related("person", "organisation")
        .prefetch_related("fields", "designations")
    )
    own = frozenset(field.name_here for field in mentee.fields.all())
    found = [(row, score_of(_fit(row, mentee, own))) for row in rows]
    found.sort(key=lambda pair: (-pair[1].points, pair[0].code))
    best = found[:SIDE_BY_SIDE]
    return [Suggestion(row, tuple(tiers_of(row)), score) for row, score in best]


def _fit(row: Supervisor, mentee: Person, own: frozenset[str]) -> Fit:
    assert mentee.employer is not None
    return Fit(
        mentee_fields=own,
        supervisor_fields=frozenset(field.name_here for field in row.fields.all()),
        mentee_path=tuple(Organisation.paths_above(mentee.employer.path)),
        supervisor_path=tuple(Organisation.paths_above(row.organisation.path)),
        load=row.load,
        capacity=row.capacity,
    )


def reason_words(reason: Reason) -> str:
    """One part of a score in words."""
    if reason.code == "fields":
        return _("Service fields in common: %(names)s") % reason.values
    if reason.code == "no_fields":
        return _("No service field in common")
    if reason.code == "fields_unknown":
        return _("The mentee has named no service field")
    if reason.code == "language":
        return _("A language in common: %(names)s") % reason.values
    if reason.code == "free":
        return _("%(free)s of %(capacity)s places free") % reason.values
    return _near_words(str(reason.values["shared"]))


def _near_words(shared: str) -> str:
    steps = len(shared) // Organisation.steplen
    words = {0: _("Another province"), 1: _("The same province"), 2: _("The same city")}
    return words.get(steps, _("The same district or nearer"))
