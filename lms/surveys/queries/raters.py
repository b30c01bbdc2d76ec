"""Who can be asked about a trainee."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import Person, User
from lms.surveys.models import SurveyInvitation

SupervisorsOf = Callable[[Collection[int]], Mapping[int, Sequence[int]]]
_supervisors: list[SupervisorsOf] = []


def ask_supervisors_by(function: SupervisorsOf) -> None:
    """Name the function that knows the accounts of people's present supervisors: person ids -> {person id: [user id]}.

    lms knows nothing of supervision; config joins the two.
    """
    _supervisors[:] = [function]


def supervisors_of(person_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """The accounts of the present supervisors of these people."""
    return _supervisors[0](person_ids) if _supervisors and person_ids else {}


def employers_of(person_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """For each person one administrator of their organisation, or of the nearest above it that has any. Two queries."""
    people = Person.objects.filter(pk__in=list(person_ids), employer__isnull=False)
    paths = dict(people.values_list("pk", "employer__path"))
    above = {path for own in set(paths.values()) for path in Organisation.paths_above(own)}
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        role=Role.ADMINISTRATOR, organisation__path__in=above, user__is_active=True
    )
    first = dict(held.order_by("-pk").values_list("organisation__path", "user_id"))  # the longest in office
    found = {}
    for person, path in paths.items():
        nearest = max((each for each in first if path.startswith(each)), key=len, default=None)
        if nearest is not None:
            found[person] = [first[nearest]]
    return found


def possible_raters(user: Asker, invitation: SurveyInvitation) -> QuerySet[User]:
    """Whom this officer can ask instead: people with a role in the officer's own tree, never the trainee."""
    roles = (Role.SUPERVISOR, Role.INSTRUCTOR, Role.ADMINISTRATOR)
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        scope_of(user).q("organisation", Role.ADMINISTRATOR, Role.INSTRUCTOR), role__in=roles
    )
    rows = User.objects.filter(pk__in=held.values("user"), is_active=True, person__isnull=False)
    return rows.exclude(pk=invitation.subject.user_id).select_related("person").order_by("person__pinyin")
