"""Reading conflicts of interest: who must not be paired. What is answered here never says why, nor who declared it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.people.models import Person
from supervision.conflicts.models import Conflict
from supervision.supervisors.models import Supervisor


def is_barred(supervisor_id: int, mentee_id: int) -> bool:
    """Whether a conflict of interest between the two is declared, by whomever. One query."""
    rows = Conflict.objects.in_force().filter(supervisor=supervisor_id, mentee=mentee_id)
    return rows.exists()


def barred_for(mentee_id: int) -> set[int]:
    """The supervisors (their keys) with whom this person must not be paired. One query."""
    rows = Conflict.objects.in_force().filter(mentee=mentee_id)
    return set(rows.values_list("supervisor", flat=True))


def barred_pairs(mentee_ids: Iterable[int] | QuerySet[Person]) -> set[tuple[int, int]]:
    """Of these people every (mentee, supervisor) who must not be paired. One query."""
    rows = Conflict.objects.in_force().filter(mentee__in=mentee_ids)
    return set(rows.values_list("mentee", "supervisor"))


def desk_conflicts(user: Asker) -> QuerySet[Conflict]:
    """Those that this user reads from the desk: not their own declarations as one of the two."""
    mine = Q(mentee__user=user) | Q(supervisor__person__user=user)
    rows = Conflict.objects.visible_to(user).filter(scope_of(user).q("organisation", *READERS))
    return rows.exclude(mine).select_related("supervisor__person", "mentee", "organisation")


def own_conflicts(user: Asker) -> QuerySet[Conflict]:
    """What this user has declared as one of the two, and still holds."""
    mine = Q(mentee__user=user) | Q(supervisor__person__user=user)
    rows = Conflict.objects.visible_to(user).in_force().filter(mine, declared_by=user)  # type: ignore[misc]
    return rows.select_related("supervisor__person", "mentee")


def mentee_addressed(supervisor: Supervisor, address: str) -> Person | None:
    """The person with this e-mail address, if this supervisor has met them here: in a pairing, a request or a round.
    Whoever else has an account is nothing to be found out. One query."""
    met = (
        Q(pairings__supervisor=supervisor)
        | Q(supervision_requests__supervisor=supervisor)
        | Q(matching_rounds__round__supervisors__supervisor=supervisor)
    )
    rows = Person.objects.filter(met, user__email=address.strip().lower()).exclude(employer=None)
    return rows.select_related("employer", "user").first()


def met_by(supervisor: Supervisor) -> QuerySet[Person]:
    """The people whom this supervisor has met here in a pairing or a request, by name. One query."""
    met = Q(pairings__supervisor=supervisor) | Q(supervision_requests__supervisor=supervisor)
    rows = Person.objects.filter(met).exclude(employer=None).order_by()
    return Person.objects.filter(pk__in=rows.values("pk")).order_by("pinyin", "pk")


def supervisor_named(code: str) -> Supervisor | None:
    """The supervisor with this number. One query."""
    rows = Supervisor.objects.select_related("person", "organisation")
    return rows.filter(code=code.strip().upper()).first()


def conflict_data_of(person: Person) -> list[dict[str, Any]]:
    """What a person has declared themself, as they take it away. Never what others have declared about them. One query."""
    rows = Conflict.objects.filter(declared_by=person.user_id).filter(
        Q(mentee=person) | Q(supervisor=person.pk)
    )
    return [
        {
            "with": (row.supervisor.person if row.mentee_id == person.pk else row.mentee).name,
            "kind": row.kind,
            "reason": row.reason,
            "declared_at": row.declared_at,
            "ended_at": row.ended_at,
        }
        for row in rows.select_related("supervisor__person", "mentee")
    ]
