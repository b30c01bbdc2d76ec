"""The common list of fields of service."""

from __future__ import annotations

from django.db import transaction

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.audit.actions import record
from core.organisations.models import Organisation
from core.people.models import ServiceField


@transaction.atomic
def save_service_field(*, field: ServiceField, actor: Asker) -> ServiceField:
    """Keep a new or changed field of the common list; audited at the top of the tree that the actor leads."""
    old = ServiceField.objects.filter(pk=field.pk).first()
    field.save()
    names = ("code", "name", "name_en", "position", "is_active")
    record(
        action="core.save_service_field",
        target=field,
        actor=actor,
        organisation=Organisation.objects.filter(scope_of(actor).q("", Role.ADMINISTRATOR))
        .order_by("path")
        .first(),
        before={name: getattr(old, name) for name in names} if old else None,
        after={name: getattr(field, name) for name in names},
    )
    return field
