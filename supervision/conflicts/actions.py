"""Declaring a conflict of interest, and saying that it is over. Confidential: nobody else is told."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.people.models import Person
from core.states import Refused
from supervision.conflicts.models import Conflict
from supervision.conflicts.states import Side
from supervision.supervisors.models import Supervisor


class ConflictRefused(Refused):
    """It cannot be declared; the message says why."""


@transaction.atomic
def declare_conflict(
    *, supervisor: Supervisor, mentee: Person, kind: str, reason: str, actor: Asker
) -> Conflict:
    """Declare that the two must never be paired; no round, no request and no officer pairs them while it holds.

    Raises ConflictRefused for oneself, without a reason, without the mentee's employer, and when the same person has
    declared it already. Side effect: an audit entry that says who, when and about which declaration, and nothing of it:
    whoever reads the audit may be one of the two.
    """
    if supervisor.pk == mentee.pk:
        raise ConflictRefused(_("Nobody supervises themselves; there is nothing to declare."))
    if not reason.strip():
        raise ConflictRefused(_("Write the reason. Only administrators can read it."))
    if mentee.employer is None:
        raise ConflictRefused(_("%(name)s has no employer in the profile yet.") % {"name": mentee.name})
    side = Side.OFFICER
    if actor.pk == mentee.user_id:
        side = Side.MENTEE
    elif actor.pk == supervisor.person.user_id:
        side = Side.SUPERVISOR
    try:
        with transaction.atomic():
            row = Conflict.objects.create(  # type: ignore[misc]
                supervisor=supervisor,
                mentee=mentee,
                organisation=mentee.employer,
                kind=kind,
                side=side,
                reason=reason.strip(),
                declared_by=actor,
            )
    except IntegrityError:
        raise ConflictRefused(_("You have declared this conflict already."))
    _audit("supervision.declare_conflict", row, actor)
    return row


@transaction.atomic
def end_conflict(*, conflict: Conflict, actor: Asker) -> None:
    """Say that it holds no longer: from now on the two may be paired. Raises ConflictRefused when it ended before, and for
    whoever neither declared it nor decides about it.

    Side effect: an audit entry.
    """
    if not actor.has_perm("supervision.end_conflict", conflict):
        raise ConflictRefused(
            _("Only who declared it or an administrator who is neither of the two can end it.")
        )
    rows = Conflict.objects.filter(pk=conflict.pk, ended_at=None)
    if not rows.update(ended_at=timezone.now(), ended_by=getattr(actor, "pk", None)):
        raise ConflictRefused(_("This conflict was ended before. Nothing was changed."))
    conflict.refresh_from_db(fields=["ended_at", "ended_by"])
    _audit("supervision.end_conflict", conflict, actor)


def _audit(action: str, row: Conflict, actor: Asker) -> None:
    # Named by its number alone, without a fact: of which kind it is, and from which side, is as sensitive as the reason.
    record(action=action, target=row, actor=actor, organisation=row.organisation, label=f"№ {row.pk}")
