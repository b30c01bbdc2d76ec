"""Taking hours out of the site."""

from __future__ import annotations

from django.db import transaction

from core.access.scope import Asker
from core.access.states import READERS
from core.audit.actions import record
from core.organisations.queries import tops_of


@transaction.atomic
def export_holdings(*, actor: Asker, rows: int) -> None:
    """Somebody takes the list of people's hours out of the site: audited at the top of each of their trees."""
    for top in tops_of(actor, *READERS):
        record(
            action="credentials.export_holdings",
            target=top,
            actor=actor,
            organisation=top,
            after={"rows": rows},
        )
