"""Taking back what the ledger has credited: once, by a row of its own."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import User
from credentials.hours.models import EntryKind, HoursEntry


class CannotCorrect(Exception):
    """The entry is a correction itself, or has been corrected already."""


@transaction.atomic
def correct_hours(*, entry: HoursEntry, reason: str, actor: Asker | None) -> HoursEntry:
    """Take an entry back by a new row of the opposite sign; the entry itself stays. `actor` is None for the system.

    Raises ValueError without a reason, CannotCorrect when that is done already or the entry is a correction.
    Side effects, in order: the row; an audit entry; a notice to the person.
    """
    if not reason.strip():
        raise ValueError("a reason is required")
    if entry.corrects_id is not None:
        raise CannotCorrect("a correction is not corrected")
    try:
        with transaction.atomic():
            row = HoursEntry.objects.create(
                person=entry.person,
                organisation=entry.organisation,
                kind=EntryKind.CORRECTION,
                minutes=-entry.minutes,
                occurred_on=timezone.localdate(),
                title=entry.title,
                title_en=entry.title_en,
                source=f"credentials.hours:{entry.pk}",
                evidence={"reason": reason.strip(), "corrects": entry.source, "by": _name_of(actor)},
                rule=entry.rule,
                corrects=entry,
            )
    except IntegrityError as error:
        raise CannotCorrect("this entry has been corrected already") from error
    record(
        action="credentials.correct_hours",
        target=entry,
        actor=actor,
        organisation=entry.organisation,
        before={"minutes": entry.minutes},
        after={"minutes": 0},
        reason=reason.strip(),
        label=f"{entry.minutes} min · {entry.source}",
    )
    notify(
        user=entry.person.user,
        kind="hours",
        title=gettext_noop("Your hours for “%(what)s” were corrected"),
        body=gettext_noop("%(minutes)s minutes were taken back. Reason: %(reason)s"),
        url=reverse("credentials:hours-evidence", args=[row.pk]),
        source=f"credentials.correct_hours:{entry.pk}",
        what=entry.title,
        minutes=entry.minutes,
        reason=reason.strip(),
    )
    return row


def _name_of(actor: Asker | None) -> str:
    """Who did it, as frozen in the evidence; empty for the system."""
    return actor.get_full_name() if isinstance(actor, User) else ""
