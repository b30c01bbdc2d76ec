"""The dated designations of a supervisor, and the document of each."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.attachments.actions import kept_file
from core.audit.actions import record
from supervision.supervisors.actions.places import SupervisorRefused
from supervision.supervisors.models import (
    Designation,
    Supervisor,
)
from supervision.supervisors.queries import dependence


def require_independent_of(supervisor: Supervisor, actor: Asker | None) -> None:
    """Nobody gives themselves a tier, nor through an officer whom they have let in. Raises SupervisorRefused."""
    if words := dependence(actor, supervisor.person.user, supervisor.organisation):
        raise SupervisorRefused(words)


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
        kept = kept_file(file=document, actor=actor)
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
    """Let a designation end on this day. The row stays. Raises SupervisorRefused for a day before its first, and for whoever
    is not independent of its holder. Side effect: audit."""
    require_independent_of(designation.supervisor, actor)
    rows = Designation.objects.select_for_update(of=("self",))
    before = {"ends_on": rows.get(pk=designation.pk).ends_on}  # as it is now, whatever the page showed
    if on < designation.starts_on:
        raise SupervisorRefused(_("The last day must not be before the first."))
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
