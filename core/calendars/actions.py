"""Keeping the list of holidays."""

from __future__ import annotations

from django.db import transaction

from core.access.scope import Asker
from core.audit.actions import record
from core.calendars.models import Holiday


@transaction.atomic
def save_holiday(*, holiday: Holiday, actor: Asker) -> Holiday:
    """Add or change a holiday. Raises ValidationError where it holds days that it must not (`Holiday.clean`). Side effect: an
    audit entry."""
    holiday.full_clean()
    holiday.save()
    record(
        action="core.save_holiday",
        target=holiday,
        actor=actor,
        organisation=None,
        after={
            "name": holiday.name,
            "starts_on": holiday.starts_on,
            "ends_on": holiday.ends_on,
            "is_worked": holiday.is_worked,
        },
    )
    return holiday
