"""Keeping the registry of supervisors, and the places each of them has."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.access.states import Role
from core.attachments.actions import keep_file
from core.attachments.models import Attachment
from core.audit.actions import record
from core.organisations.actions import grant_role
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField, User
from core.people.queries import let_in_by
from core.states import Refused
from supervision.signals import PlacesChanged, places_changed
from supervision.supervisors.models import DEFAULT_CAPACITY, Designation, SupervisionNorm, Supervisor


class SupervisorRefused(Refused):
    """The registry cannot be changed so; the message says why in words for the one who tried."""


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
    """Enter a person into the registry. Raises SupervisorRefused when the person or the number is there already.

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
    if limit is not None and capacity > limit:
        raise SupervisorRefused(_("There are more places than the most that are allowed."))
    before = _facts(row)
    row.capacity, row.limit, row.is_active = capacity, limit, is_active
    row.save(update_fields=["capacity", "limit", "is_active", *offer.write(row)])
    row.fields.set(fields)
    row.regions.set(regions)
    record(
        action="supervision.change_supervisor",
        target=row,
        actor=actor,
        organisation=row.organisation,
        before=before,
        after=_facts(row),
    )
    places_changed.send(Supervisor, event=PlacesChanged(row.pk))
    return row


def _facts(row: Supervisor) -> dict[str, Any]:
    return {"capacity": row.capacity, "limit": row.limit, "is_active": row.is_active}


@transaction.atomic
def keep_own_entry(
    *, supervisor: Supervisor, actor: Asker, offer: Offer, is_active: bool, capacity: int | None = None
) -> Supervisor:
    """Let a supervisor keep their own entry: what they offer, whether they take new mentees, and the places, within the
    limit that an officer has set. Without a limit the places stay. Raises SupervisorRefused. Side effect: audit.
    """
    row = (
        Supervisor.objects.select_for_update(of=("self",))
        .select_related("organisation", "person")
        .get(pk=supervisor.pk)
    )
    if actor.pk != row.person.user_id:
        raise SupervisorRefused(_("Only the person themself can do this."))
    before = _facts(row)
    if row.limit is not None and capacity is not None and capacity != row.capacity:
        if not row.load <= capacity <= row.limit:
            words = _("Between %(load)s, the mentees of now, and %(limit)s, the most that are allowed.")
            raise SupervisorRefused(words % {"load": row.load, "limit": row.limit})
        row.capacity = capacity
    row.is_active = is_active
    row.save(update_fields=["capacity", "is_active", *offer.write(row)])
    record(
        action="supervision.keep_own_entry",
        target=row,
        actor=actor,
        organisation=row.organisation,
        before=before,
        after=_facts(row),
    )
    places_changed.send(Supervisor, event=PlacesChanged(row.pk))
    return row


def require_independent_of(supervisor: Supervisor, actor: Asker | None) -> None:
    """Nobody gives themselves a tier, nor through an officer whom they have let in. Raises SupervisorRefused."""
    if not isinstance(actor, User):
        return
    holder, place = supervisor.person.user, supervisor.organisation
    if actor.pk == holder.pk or let_in_by(user=actor, officer=holder, organisation=place):
        raise SupervisorRefused(
            _("Your account or your role here is this person's doing: another administrator decides.")
        )


@transaction.atomic
def designate(
    *,
    supervisor: Supervisor,
    tier: str,
    issuer: str,
    starts_on: datetime.date,
    actor: Asker | None,
    ends_on: datetime.date | None = None,
    basis: str = "",
    document: Any = None,
) -> Designation:
    """Record a dated designation by its issuer; `document` is the file that shows it, as AttachmentField has taken it,
    or one that was kept before. Raises SupervisorRefused when it is recorded. Side effects: the file, audit.
    """
    require_independent_of(supervisor, actor)
    if ends_on is not None and ends_on < starts_on:
        raise SupervisorRefused(_("The last day must not be before the first."))
    try:
        with transaction.atomic():
            designation = Designation.objects.create(
                supervisor=supervisor,
                tier=tier,
                issuer=issuer.strip(),
                starts_on=starts_on,
                ends_on=ends_on,
                basis=basis.strip(),
            )
    except IntegrityError:
        raise SupervisorRefused(_("This designation is already recorded."))
    if document is not None:
        assert actor is not None
        kept = document if isinstance(document, Attachment) else keep_file(upload=document, actor=actor)
        designation.document = kept
        designation.save(update_fields=["document"])
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
    require_independent_of(designation.supervisor, actor)
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


@transaction.atomic
def set_norm(
    *, organisation: Organisation, workers: int, starts_on: datetime.date, source: str, actor: Asker
) -> SupervisionNorm:
    """Set how many social workers one supervisor is meant for, from a day on. Raises SupervisorRefused when a norm of
    the place begins on that day. Side effect: audit."""
    try:
        with transaction.atomic():
            norm = SupervisionNorm.objects.create(
                organisation=organisation, workers=workers, starts_on=starts_on, source=source.strip()
            )
    except IntegrityError:
        raise SupervisorRefused(_("A norm of this place begins on that day already."))
    record(
        action="supervision.set_norm",
        target=norm,
        actor=actor,
        organisation=organisation,
        after={"workers": workers, "starts_on": starts_on, "source": norm.source},
    )
    return norm


def open_document(*, designation: Designation, actor: Asker) -> None:
    """Note that somebody else than the supervisor has opened the document of a designation. Side effect: audit."""
    if designation.supervisor.person.user_id != actor.pk:
        record(
            action="supervision.open_document",
            target=designation.supervisor,
            actor=actor,
            organisation=designation.supervisor.organisation,
            after={"tier": designation.tier, "issuer": designation.issuer},
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


@transaction.atomic
def raise_places(*, supervisor_id: int, capacity: int, actor: Asker, reason: str) -> None:
    """Let a supervisor have at least so many places, and as many be allowed: an officer gives them for those who come now.

    Side effect: audit with the reason. Whoever calls it fills the places and tells PlacesChanged.
    """
    row = (
        Supervisor.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=supervisor_id)
    )
    if row.capacity >= capacity:
        return
    before = _facts(row)
    row.capacity = capacity
    if row.limit is not None:
        row.limit = max(row.limit, capacity)
    row.save(update_fields=["capacity", "limit"])
    record(
        action="supervision.raise_places",
        target=row,
        actor=actor,
        organisation=row.organisation,
        before=before,
        after=_facts(row),
        reason=reason,
    )
