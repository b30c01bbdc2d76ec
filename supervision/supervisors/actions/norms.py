"""How many social workers one supervisor is meant for."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from supervision.supervisors.actions.registering import SupervisorRefused
from supervision.supervisors.models import (
    SupervisionNorm,
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
