"""Recording what an authority has established about somebody, lifting it, and looking at it."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.access.states import READERS
from core.audit.actions import record
from core.notices.actions import notify
from core.organisations.queries import tops_of
from core.people.models import Person, User
from core.people.queries import BOUND, is_bound_to
from core.states import Refused, move
from credentials.conduct.models import ConductRecord
from credentials.conduct.states import MOVES, ConductState


class ConductRefused(Refused):
    """The record cannot be kept or lifted; the sentence says why."""


@transaction.atomic
def record_conduct(
    *,
    person: Person,
    head: str,
    occurred_on: datetime.date,
    established_on: datetime.date,
    source: str,
    actor: Asker,
    details: str = "",
) -> ConductRecord:
    """Keep what an authority has established about somebody else; they are told, and may read it.

    Raises ConductRefused when the days cannot be so, the source is missing, it stands already, or it is about oneself or whoever has let one in.
    Side effects: a row; an audit entry without what was established; a notice to the person.
    """
    assert isinstance(actor, User)
    if actor.pk == person.user_id:
        raise ConductRefused(_("Nobody records anything about themselves."))
    if is_bound_to(actor, person):
        raise ConductRefused(BOUND)
    _require_established(source, occurred_on, established_on)
    kept = _create(
        person=person,
        holder_id=person.user_id,
        head=head,
        occurred_on=occurred_on,
        established_on=established_on,
        source=source.strip(),
        details=details.strip(),
        recorded_by_id=actor.pk,
    )
    _note("credentials.record_conduct", kept, actor)
    _tell(
        kept,
        gettext_noop("A conduct record about you was kept"),
        gettext_noop(
            "You can read it on your page. If it is wrong, tell the administrator of your employer."
        ),
    )
    return kept


def _require_established(source: str, occurred_on: datetime.date, established_on: datetime.date) -> None:
    if not source.strip():
        raise ConductRefused(_("Write who has established it, and in which document."))
    if not occurred_on <= established_on <= timezone.localdate():
        raise ConductRefused(
            _("It was established after it happened, and not in the future. Check both days.")
        )


def _create(**facts: Any) -> ConductRecord:
    """The row, which the database refuses where the same stands already."""
    try:
        with transaction.atomic():
            return ConductRecord.objects.create(**facts)
    except IntegrityError:
        raise ConductRefused(_("This stands already: the same head, day and source.")) from None


@transaction.atomic
def lift_conduct(*, kept: ConductRecord, reason: str, actor: Asker) -> ConductRecord:
    """Say that a record does not stand, with the reason. Never one's own, and never by who recorded it: the database
    refuses both too.

    Raises ConductRefused, StaleState or IllegalMove. Side effects: the state; an audit entry; a notice to the person.
    """
    if not reason.strip():
        raise ConductRefused(_("Write the reason: the person will read it."))
    if actor.pk == kept.holder_id:
        raise ConductRefused(_("Nobody lifts a record about themselves."))
    if is_bound_to(actor, kept.person):
        raise ConductRefused(BOUND)
    if actor.pk == kept.recorded_by_id:
        raise ConductRefused(_("You recorded it: somebody else lifts it."))
    move(
        kept,
        ConductState.LIFTED,
        MOVES,
        lifted_by_id=actor.pk,
        lifted_at=timezone.now(),
        reason=reason.strip(),
    )
    _note("credentials.lift_conduct", kept, actor, reason=reason.strip())
    _tell(
        kept,
        gettext_noop("A conduct record about you was lifted"),
        gettext_noop("Reason: %(reason)s. It counts no more."),
    )
    return kept


@transaction.atomic
def read_conduct(*, kept: ConductRecord, actor: Asker) -> None:
    """Somebody reads a record. Side effect: an audit entry, each time, but for the person themself."""
    if actor.pk != kept.holder_id:
        _note("credentials.read_conduct", kept, actor)


@transaction.atomic
def list_conduct(*, actor: Asker) -> None:
    """Somebody reads the list. Side effect: an audit entry at the top of each tree that they may read."""
    for top in tops_of(actor, *READERS):
        record(action="credentials.list_conduct", target=top, actor=actor, organisation=top)


def _note(action: str, kept: ConductRecord, actor: Asker, **facts: Any) -> None:
    record(
        action=action,
        target=kept,
        actor=actor,
        organisation=kept.person.employer,
        label=str(kept.person),  # the head is not for everybody who reads the audit
        **facts,
    )


def _tell(kept: ConductRecord, title: str, body: str) -> None:
    notify(
        user=kept.person.user,
        kind="qualification",
        title=title,
        body=body,
        url=reverse("credentials:qualification-list"),
        source=f"credentials.conduct:{kept.pk}:{kept.state}",
        reason=kept.reason,
    )
