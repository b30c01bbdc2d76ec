"""Keeping the registry of supervisors, and the places each of them has."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.access.states import Role
from core.audit.actions import record
from core.organisations.actions import grant_role
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField
from core.states import Refused
from supervision.signals import PlacesChanged, places_changed
from supervision.supervisors.models import DEFAULT_CAPACITY, Designation, Supervisor


class SupervisorRefused(Refused):
    """The registry cannot be changed so; the message says why in words for the one who tried."""


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
) -> Supervisor:
    """Enter a person into the registry. Raises SupervisorRefused when the person or the number is there already.

    Side effects: the role of a supervisor at the organisation; audit entries for both.
    """
    if Supervisor.objects.filter(pk=person.pk).exists():
        raise SupervisorRefused(_("%(name)s is in the registry already.") % {"name": person.name})
    try:
        with transaction.atomic():
            supervisor = Supervisor.objects.create(
                person=person,
                code=code.strip().upper(),
                organisation=organisation,
                capacity=capacity,
                profile=profile.strip(),
                is_active=is_active,
            )
    except IntegrityError:
        raise SupervisorRefused(_("This number is already given to another supervisor."))
    supervisor.fields.set(fields)
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
    profile: str,
    is_active: bool,
    fields: Iterable[ServiceField],
) -> Supervisor:
    """Change what the registry says. Places below the mentees of today raise SupervisorRefused.

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
    before = {"capacity": row.capacity, "is_active": row.is_active}
    row.capacity, row.profile, row.is_active = capacity, profile.strip(), is_active
    row.save(update_fields=["capacity", "profile", "is_active"])
    row.fields.set(fields)
    record(
        action="supervision.change_supervisor",
        target=row,
        actor=actor,
        organisation=row.organisation,
        before=before,
        after={"capacity": capacity, "is_active": is_active},
    )
    places_changed.send(Supervisor, event=PlacesChanged(row.pk))
    return row


@transaction.atomic
def designate(
    *,
    supervisor: Supervisor,
    tier: str,
    issuer: str,
    starts_on: datetime.date,
    actor: Asker | None,
    ends_on: datetime.date | None = None,
) -> Designation:
    """Record a dated designation by its issuer. Raises SupervisorRefused when it is recorded. Side effect: audit."""
    if ends_on is not None and ends_on < starts_on:
        raise SupervisorRefused(_("The last day must not be before the first."))
    try:
        with transaction.atomic():
            designation = Designation.objects.create(
                supervisor=supervisor, tier=tier, issuer=issuer.strip(), starts_on=starts_on, ends_on=ends_on
            )
    except IntegrityError:
        raise SupervisorRefused(_("This designation is already recorded."))
    record(
        action="supervision.designate",
        target=supervisor,
        actor=actor,
        organisation=supervisor.organisation,
        after={"tier": tier, "issuer": issuer, "starts_on": starts_on, "ends_on": ends_on},
    )
    return designation


@transaction.atomic
def end_designation(*, designation: Designation, on: datetime.date, actor: Asker) -> None:
    """Let a designation end on this day (not before its first). The row stays. Side effect: audit."""
    if on < designation.starts_on:
        raise SupervisorRefused(_("The last day must not be before the first."))
    before = {"ends_on": designation.ends_on}
    designation.ends_on = on
    designation.save(update_fields=["ends_on"])
    record(
        action="supervision.end_designation",
        target=designation.supervisor,
        actor=actor,
        organisation=designation.supervisor.organisation,
        before=before,
        after={"ends_on": on, "tier": designation.tier},
    )


def claim_place(*, supervisor: Supervisor) -> bool:
    """Take one of the supervisor's places by compare-and-set; False when none is free or no new mentee is taken.

    Call it inside the transaction of the pairing: the row stays locked until that ends.
    """
    free = Supervisor.objects.filter(pk=supervisor.pk, is_active=True, load__lt=F("capacity"))
    return bool(free.update(load=F("load") + 1))


def free_place(*, supervisor_id: int) -> None:
    """Give a place back. Call it inside the transaction that ends the pairing."""
    Supervisor.objects.filter(pk=supervisor_id, load__gt=0).update(load=F("load") - 1)
