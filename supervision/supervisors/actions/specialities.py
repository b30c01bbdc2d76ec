"""What a supervisor is versed in within their service fields: kept by themself."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.people.models import ServiceField
from supervision.supervisors.actions.registering import SupervisorRefused
from supervision.supervisors.models import Speciality, Supervisor

MOST_SPECIALITIES = 12


@transaction.atomic
def name_speciality(*, supervisor: Supervisor, field: ServiceField, name: str, actor: Asker) -> Speciality:
    """Name a speciality under one of one's own fields. Raises SupervisorRefused for somebody else's entry, another field,
    too many, and one that is named already. Side effect: audit."""
    row = Supervisor.objects.select_for_update(of=("self",)).select_related("person", "organisation")
    own = row.get(pk=supervisor.pk)
    if actor.pk != own.person.user_id:
        raise SupervisorRefused(_("Only the person themself can do this."))
    if not own.fields.filter(pk=field.pk).exists():
        raise SupervisorRefused(_("Choose one of your own service fields. An administrator enters them."))
    if own.specialities.count() >= MOST_SPECIALITIES:
        raise SupervisorRefused(_("Twelve specialities are the most. Remove one first."))
    try:
        with transaction.atomic():
            speciality = Speciality.objects.create(supervisor=own, field=field, name=name.strip())
    except IntegrityError:
        raise SupervisorRefused(_("This speciality is named already."))
    record(
        action="supervision.name_speciality",
        target=own,
        actor=actor,
        organisation=own.organisation,
        after={"field": field.name, "name": speciality.name},
    )
    return speciality


@transaction.atomic
def drop_speciality(*, speciality: Speciality, actor: Asker) -> None:
    """Remove one of one's own specialities; a second click changes nothing. Raises SupervisorRefused. Side effect:
    audit."""
    own = speciality.supervisor
    if actor.pk != own.person.user_id:
        raise SupervisorRefused(_("Only the person themself can do this."))
    gone, _by_model = Speciality.objects.filter(pk=speciality.pk).delete()
    if gone:
        record(
            action="supervision.drop_speciality",
            target=own,
            actor=actor,
            organisation=own.organisation,
            before={"field": speciality.field.code, "name": speciality.name},
        )
