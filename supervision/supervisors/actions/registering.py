"""Entering a supervisor into the registry, and changing what it says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.access.states import Role
from core.audit.actions import record
from core.organisations.actions import grant_role
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField
from supervision.signals import PlacesChanged, places_changed
from supervision.supervisors.actions.places import SupervisorRefused, closed_words, facts_of
from supervision.supervisors.models import (
    DEFAULT_CAPACITY,
    Supervisor,
)


@dataclass(frozen=True)
class Offer:
    """What a supervisor offers, as the registry shows it: to whom, in which languages and forms, how much and when."""

    profile: str = ""
    populations: str = ""
    languages: str = ""
    forms: tuple[str, ...] = ()
    monthly_minutes: int | None = None
    availability: str = ""

    def write(self, row: Supervisor) -> list[str]:
        """Put it into the row, unsaved; returns the names of the fields."""
        row.profile, row.populations, row.languages = (
            self.profile.strip(),
            self.populations,
            self.languages,
        )
        row.forms, row.monthly_minutes = list(self.forms), self.monthly_minutes
        row.availability = self.availability.strip()
        return ["profile", "populations", "languages", "forms", "monthly_minutes", "availability"]


@transaction.atomic
def register_supervisor(
    *,
    person: Person,
    code: str,
    organisation: Organisation,
    actor: Asker | None,
    capacity: int = DEFAULT_CAPACITY,
    fields: Iterable[ServiceField] = (),
    profile: str = "",
    is_active: bool = True,
    limit: int | None = None,
    regions: Iterable[Organisation] = (),
    offer: Offer | None = None,
) -> Supervisor:
    """Enter a person into the registry, closed unless `is_active`. Raises SupervisorRefused when the person or the number
    is there already.

    Side effects: the role of a supervisor at the organisation; audit entries for both.
    """
    if Supervisor.objects.filter(pk=person.pk).exists():
        raise SupervisorRefused(_("%(name)s is in the registry already.") % {"name": person.name})
    try:
        with transaction.atomic():
            supervisor = Supervisor(
                person=person,
                code=code.strip().upper(),
                organisation=organisation,
                capacity=capacity,
                limit=limit,
                is_active=is_active,
                is_closed=not is_active,
            )
            (offer or Offer(profile=profile)).write(supervisor)
            supervisor.save(force_insert=True)
    except IntegrityError:
        raise SupervisorRefused(_("This number is already given to another supervisor."))
    supervisor.fields.set(fields)
    supervisor.regions.set(regions)
    grant_role(user=person.user, role=Role.SUPERVISOR, organisation=organisation, actor=actor)  # type: ignore[arg-type]
    record(
        action="supervision.register_supervisor",
        target=supervisor,
        actor=actor,
        organisation=organisation,
        after={"code": supervisor.code, "capacity": capacity},
    )
    return supervisor


@transaction.atomic
def change_supervisor(
    *,
    supervisor: Supervisor,
    actor: Asker,
    capacity: int,
    is_active: bool,
    fields: Iterable[ServiceField],
    offer: Offer,
    limit: int | None = None,
    regions: Iterable[Organisation] = (),
) -> Supervisor:
    """Change what the registry says. Places below the mentees of today raise SupervisorRefused. An officer who lets an
    active supervisor take nobody closes the entry: the supervisor cannot undo that. Who set it so themself stays free to.

    Side effects: audit, PlacesChanged.
    """
    row = (
        Supervisor.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=supervisor.pk)
    )
    if capacity < row.load:
        words = _(
            "%(load)s mentees are with this supervisor now: there cannot be fewer places. End a pairing first."
        )
        raise SupervisorRefused(words % {"load": row.load})
    if limit is not None and capacity > limit:
        raise SupervisorRefused(_("There are more places than the most that are allowed."))
    before = facts_of(row)
    row.capacity, row.limit = capacity, limit
    row.is_closed = not is_active and (row.is_active or row.is_closed)
    row.is_active = is_active
    row.save(update_fields=["capacity", "limit", "is_active", "is_closed", *offer.write(row)])
    row.fields.set(fields)
    row.regions.set(regions)
    record(
        action="supervision.change_supervisor",
        target=row,
        actor=actor,
        organisation=row.organisation,
        before=before,
        after=facts_of(row),
    )
    places_changed.send(Supervisor, event=PlacesChanged(row.pk))
    return row


@transaction.atomic
def keep_own_entry(
    *,
    supervisor: Supervisor,
    actor: Asker,
    offer: Offer,
    is_active: bool | None = None,
    capacity: int | None = None,
) -> Supervisor:
    """Let a supervisor keep their own entry: what they offer, whether they take new mentees (None: as it is), and the
    places, within the limit that an officer has set. Without a limit the places stay. Raises SupervisorRefused, also
    for whoever would take mentees though an officer closed the entry. Side effects: audit, PlacesChanged.
    """
    row = (
        Supervisor.objects.select_for_update(of=("self",))
        .select_related("organisation", "person")
        .get(pk=supervisor.pk)
    )
    if actor.pk != row.person.user_id:
        raise SupervisorRefused(_("Only the person themself can do this."))
    before = facts_of(row)
    if row.limit is not None and capacity is not None and capacity != row.capacity:
        if not row.load <= capacity <= row.limit:
            words = _("Between %(load)s, the mentees of now, and %(limit)s, the most that are allowed.")
            raise SupervisorRefused(words % {"load": row.load, "limit": row.limit})
        row.capacity = capacity
    if is_active and row.is_closed:
        raise SupervisorRefused(closed_words(row))
    if is_active is not None:
        row.is_active = is_active
    row.save(update_fields=["capacity", "is_active", *offer.write(row)])
    record(
        action="supervision.keep_own_entry",
        target=row,
        actor=actor,
        organisation=row.organisation,
        before=before,
        after=facts_of(row),
    )
    places_changed.send(Supervisor, event=PlacesChanged(row.pk))
    return row
