"""Pairing, ending, and changing to another supervisor. Each happens once, and never over the capacity."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import notify_each
from core.organisations.models import Organisation
from core.people.models import Person
from core.states import move
from supervision.conflicts.queries import is_barred
from supervision.pairings.actions.basis import CREATED, KIND, NotPossible, audit, notes_for_both, tell_both
from supervision.pairings.actions.checking import barred_words, check, paired_words, refuse_own, why_no_place
from supervision.pairings.models import Pairing, Pause
from supervision.pairings.queries import leaders_of
from supervision.pairings.states import MOVES, PairingState
from supervision.signals import PairingEnded, PlacesChanged, pairing_ended, places_changed
from supervision.supervisors.actions import claim_place, free_place
from supervision.supervisors.models import Supervisor


@transaction.atomic
def create_pairing(
    *,
    supervisor: Supervisor,
    mentee: Person,
    actor: Asker | None,
    organisation: Organisation | None = None,
    goal: str = "",
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    agreed: bool = False,
) -> Pairing:
    """Pair a supervisor with a mentee; the mentee's employer runs the pairing unless `organisation` is named.

    Raises NotPossible for oneself, for a pair that there is already, when no place is free, for impossible days, and,
    without a word about why, for two between whom a conflict of interest is declared.
    Nobody pairs themselves, but when both have `agreed`, the mentee by asking and the supervisor by accepting, either of
    them may be the actor; only supervision.requests says so. Side effects in order: a place is taken by
    compare-and-set; the row; an audit entry; a notice to both; PlacesChanged.
    """
    first = starts_on or timezone.localdate()
    runs = organisation or mentee.employer
    check(supervisor, mentee, runs, first, ends_on, leaders_of(mentee.employer or runs))
    if not agreed:
        refuse_own(supervisor, mentee, actor)
    if is_barred(supervisor.pk, mentee.pk):
        raise NotPossible(barred_words())
    if not claim_place(supervisor=supervisor):
        supervisor.refresh_from_db(fields=["load", "capacity", "is_active"])
        raise NotPossible(why_no_place(supervisor))
    try:
        with transaction.atomic():
            pairing = Pairing.objects.create(  # type: ignore[misc]
                supervisor=supervisor,
                mentee=mentee,
                organisation=runs,
                goal=goal.strip(),
                starts_on=first,
                ends_on=ends_on,
                created_by_id=getattr(actor, "pk", None),
            )
    except IntegrityError:
        raise NotPossible(paired_words(supervisor, mentee))
    audit("supervision.create_pairing", pairing, actor, after={"state": pairing.state, "starts_on": first})
    notify_each(kind=KIND, notes=notes_for_both(pairing, "created", *CREATED))
    places_changed.send(Pairing, event=PlacesChanged(supervisor.pk))
    return pairing


@transaction.atomic
def end_pairing(*, pairing: Pairing, actor: Asker, reason: str) -> None:
    """End a pairing and say why; its place becomes free, its sessions stay. Raises IllegalMove or StaleState.

    A session that waits can still be confirmed or disputed. Side effects: audit entry, notice to both, PairingEnded,
    PlacesChanged.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: both of them will read it."))
    # The supervisor before the pairing, as everywhere, so that two acts never wait for each other.
    Supervisor.objects.select_for_update().get(pk=pairing.supervisor_id)
    today = timezone.localdate()
    last = max(min(pairing.ends_on or today, today), pairing.starts_on)
    old = move(
        pairing,
        PairingState.ENDED,
        MOVES,
        reason=reason.strip(),
        ends_on=last,
        ended_at=timezone.now(),
        ended_by_id=getattr(actor, "pk", None),
    )
    Pause.objects.running().filter(pairing=pairing).update(
        ended_at=timezone.now(), ended_by_id=getattr(actor, "pk", None)
    )
    free_place(supervisor_id=pairing.supervisor_id)
    audit(
        "supervision.end_pairing",
        pairing,
        actor,
        before={"state": old},
        after={"state": pairing.state},
        reason=reason.strip(),
    )
    ended = gettext_noop("Your supervision has ended: %(supervisor)s and %(mentee)s")
    tell_both(pairing, "ended", ended, ended, gettext_noop("Reason: %(reason)s"), reason=reason.strip())
    pairing_ended.send(Pairing, event=PairingEnded(pairing.pk))
    places_changed.send(Pairing, event=PlacesChanged(pairing.supervisor_id))


@transaction.atomic
def change_pair(*, pairing: Pairing, to: Supervisor, actor: Asker, reason: str) -> Pairing:
    """Give the mentee another supervisor: the pairing ends with the reason, and the new one begins, or neither.

    Raises NotPossible as create_pairing does, IllegalMove and StaleState as end_pairing does. Side effects: those of
    both, and an audit entry that names the two.
    """
    # All supervisors before the pairing and in one order, so that two changes never wait for each other.
    list(Supervisor.objects.select_for_update().filter(pk__in=(pairing.supervisor_id, to.pk)).order_by("pk"))
    if to.pk == pairing.supervisor_id:
        raise NotPossible(_("This is the present supervisor. Choose another one."))
    end_pairing(pairing=pairing, actor=actor, reason=reason)
    new = create_pairing(
        supervisor=to,
        mentee=pairing.mentee,
        actor=actor,
        organisation=pairing.organisation,
        goal=pairing.goal,
    )
    audit("supervision.change_pair", new, actor, before={"pairing": pairing.pk}, after={"pairing": new.pk})
    return new
