"""Taking hours out of the site."""

from __future__ import annotations

from django.db import transaction

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.audit.actions import record
from core.organisations.models import Organisation


@transaction.atomic
def export_holdings(*, actor: Asker, rows: int) -> None:
    """Somebody takes the list of people's hours out of the site: audited at the top of their tree."""
    top = Organisation.objects.filter(scope_of(actor).q("", *READERS)).order_by("path").first()
    if top is not None:
        record(
            action="credentials.export_holdings",
            target=top,
            actor=actor,
            organisation=top,
            after={"rows": rows},
        )
