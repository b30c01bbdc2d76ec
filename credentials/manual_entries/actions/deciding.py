"""Two officers, one after the other, compare an entry with its proof; then it is credited, or returned."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import notify
from core.people.models import User
from core.states import move
from credentials.hours.actions import credit, lock_people
from credentials.hours.models import EntryKind, HoursEntry
from credentials.hours.policy import credit_of
from credentials.hours.queries import covered_by
from credentials.manual_entries.actions.checking import ManualRefused, refuse_let_in, require_day, take_degree
from credentials.manual_entries.actions.telling import note, settle_officers, tell_person, tell_proposed
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.policy import Said
from credentials.manual_entries.queries import has_opened, leans_on_entering
from credentials.manual_entries.states import MOVES, ManualState, Training

LEANS_WORDS = gettext_noop(
    "You and the officer who entered it do not stand for yourselves: one of you, the person, or a colleague behind both has let the other in. Somebody who depends on none of them confirms it."
)


@transaction.atomic
def accept_manual(*, entry: ManualEntry, actor: Asker, minutes: int | None = None) -> ManualEntry:
    """The first officer has compared the request with its proof, and lowers the minutes if the proof says less.

    Raises ManualRefused (also when this officer has not opened the proof), StaleState or IllegalMove. Side effects: the
    state, an audit entry, notices to the second officers and to the person.
    """
    if actor.pk == entry.holder_id:
        raise ManualRefused(_("Nobody decides about their own hours. Ask another administrator."))
    refuse_let_in(entry.person, entry.organisation, actor)
    _require_opened(entry, actor)
    asked = entry.minutes
    minutes = asked if minutes is None else minutes
    if not 1 <= minutes <= asked:
        raise ManualRefused(
            _("Between 1 minute and the %(asked)s that were asked for.") % {"asked": asked}, "minutes"
        )
    move(
        entry, ManualState.PROPOSED, MOVES, entered_by_id=actor.pk, entered_at=timezone.now(), minutes=minutes
    )
    note(
        "credentials.accept_manual",
        entry,
        actor,
        before={"state": "requested", "minutes": asked},
        after={"state": "proposed", "minutes": minutes},
    )
    settle_officers(entry)
    tell_proposed(entry)
    return entry


@transaction.atomic
def confirm_manual(*, entry: ManualEntry, actor: Asker) -> ManualEntry:
    """The second officer has compared it too: the hours are credited in the same transaction.

    Raises ManualRefused when it is the officer who entered it, somebody whose account or role is that officer's doing, or
    the person, when they have not opened the proof, or when the time or the degree has been credited otherwise since; StaleState or IllegalMove. Side effects, in order: the person's row is locked; the state; the
    ledger entry; an audit entry; a notice.
    """
    if actor.pk == entry.entered_by_id:
        raise ManualRefused(_("You entered it: somebody else confirms it."))
    if actor.pk == entry.holder_id:
        raise ManualRefused(_("Nobody decides about their own hours. Ask another administrator."))
    if leans_on_entering(entry, actor):
        raise ManualRefused(_(LEANS_WORDS))
    _require_opened(entry, actor)
    lock_people(entry.person_id)
    _require_still(entry)
    move(entry, ManualState.CONFIRMED, MOVES, decided_by_id=actor.pk, decided_at=timezone.now())
    row = _credit(entry, actor) if _time_is_left(entry) else None
    if row is None:
        raise ManualRefused(
            _("This time has been credited otherwise in the meantime. Return the entry with this reason.")
        )
    ManualEntry.objects.filter(pk=entry.pk).update(entry=row)
    entry.entry = row
    note(
        "credentials.confirm_manual",
        entry,
        actor,
        before={"state": "proposed"},
        after={"state": "confirmed", "minutes": row.minutes},
    )
    settle_officers(entry)
    tell_person(
        entry,
        gettext_noop("%(minutes)s minutes of “%(what)s” have been credited"),
        gettext_noop("They were confirmed by a second officer and stand in your hours."),
        reverse("credentials:hours-evidence", args=[row.pk]),
        minutes=row.minutes,
    )
    return entry


def _require_opened(entry: ManualEntry, actor: Asker) -> None:
    """Nobody compares an entry with a proof that they have never opened. An entry that has moved on says so by itself."""
    if entry.is_open and not has_opened(entry, actor):
        raise ManualRefused(_("Open the proof first, and compare the entry with it."))


def _require_still(entry: ManualEntry) -> None:
    """What was looked at when it was entered, looked at again: others may have been credited since."""
    if entry.state != ManualState.PROPOSED:
        return  # the move says what is wrong
    if entry.training != Training.DEGREE:
        require_day(entry.person, Said(entry.occurred_on, entry.minutes), with_open=False)
    elif entry.degree_slot is None:
        slot = take_degree(entry.person, entry.occurred_on, but=entry.pk)
        ManualEntry.objects.filter(pk=entry.pk).update(degree_slot=slot)


def _credit(entry: ManualEntry, actor: Asker) -> HoursEntry | None:
    """The ledger entry of a manual entry that has just been confirmed."""
    return credit(
        person_id=entry.person_id,
        organisation_id=entry.organisation_id,
        kind=EntryKind.MANUAL,
        minutes=entry.minutes,
        occurred_on=entry.occurred_on,
        title=entry.title,
        source=f"credentials.manual:{entry.pk}",
        evidence=_evidence(entry, actor),
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
    )


def _time_is_left(entry: ManualEntry) -> bool:
    earlier = covered_by(entry.person_id, entry.starts_at, entry.ends_at)
    return credit_of(entry.minutes, entry.starts_at, entry.ends_at, earlier).minutes > 0


def _evidence(entry: ManualEntry, actor: Asker) -> dict[str, Any]:
    """What the ledger keeps: who entered, who confirmed, on which proof."""
    entered = User.objects.select_related("person").get(pk=entry.entered_by_id or 0)
    return {
        "manual": entry.pk,
        "organiser": entry.organiser,
        "training": entry.training,
        "entered_by": entered.get_full_name(),
        "entered_at": entry.entered_at.isoformat() if entry.entered_at else "",
        "confirmed_by": actor.get_full_name() if isinstance(actor, User) else "",
        "confirmed_at": entry.decided_at.isoformat() if entry.decided_at else "",
        "proof": entry.proof.name,
        "sha256": entry.proof_sha256,
        "why_another": entry.why_another,
    }


@transaction.atomic
def return_manual(*, entry: ManualEntry, reason: str, actor: Asker) -> ManualEntry:
    """Say why it is not credited; it can be handed in again. Raises as accept_manual does.

    Side effects: the state, an audit entry, a notice to the person and to the officer who entered it.
    """
    if not reason.strip():
        raise ManualRefused(_("Write the reason: the person will read it."), "reason")
    if actor.pk == entry.holder_id:
        raise ManualRefused(_("Nobody decides about their own hours. Ask another administrator."))
    reason = reason.strip()
    old = move(
        entry, ManualState.RETURNED, MOVES, reason=reason, decided_by_id=actor.pk, decided_at=timezone.now()
    )
    note(
        "credentials.return_manual",
        entry,
        actor,
        before={"state": old},
        after={"state": "returned"},
        reason=reason,
    )
    settle_officers(entry)
    title, body = (
        gettext_noop("“%(what)s” was returned"),
        gettext_noop("Reason: %(reason)s. Correct it and hand it in again."),
    )
    tell_person(entry, title, body)
    if entry.entered_by_id and entry.entered_by_id != actor.pk:
        notify(
            user=User.objects.get(pk=entry.entered_by_id),
            kind="hours",
            title=title,
            body=gettext_noop("Reason: %(reason)s"),
            url=reverse("manual-entries:inspect", args=[entry.pk]),
            source=f"credentials.manual:{entry.pk}:returned",
            what=entry.title,
            reason=reason,
        )
    return entry


@transaction.atomic
def open_proof(*, entry: ManualEntry, actor: Asker) -> None:
    """Somebody else opens the proof: that is audited, since it may name more than the training."""
    if actor.pk != entry.holder_id:
        note("credentials.open_proof", entry, actor)
