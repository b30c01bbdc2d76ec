"""One of a pair asks for a change, takes it back, or it is settled otherwise.

The reason goes into no audit, notice or mail: who asked and who decides read it.
"""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.people.queries import deciders_at
from core.states import move
from supervision.pairings.actions import NotPossible, locked_pairing
from supervision.pairings.models import Pairing
from supervision.wishes.actions.rows import (
    audit,
    fresh,
    one_of,
    other,
    settle_officers,
    tell,
    tell_officer,
)
from supervision.wishes.models import PairWish
from supervision.wishes.states import MOVES, POSSIBLE, WishKind, WishState


@transaction.atomic
def ask_for_change(
    *,
    pairing: Pairing,
    actor: Asker,
    kind: str,
    reason: str,
    until: datetime.date | None = None,
    passes_on: bool = False,
) -> PairWish:
    """One of the pair asks for another supervisor, a pause (perhaps up to a day), to go on, or an end.

    `passes_on`: the mentee who asks for another supervisor wants that one to receive the handover that is written and
    read by now. Raises NotPossible without a reason, for who is not of the pair, for what is not possible as the
    pairing stands, for a day that has passed, and while an earlier wish waits. Side effects in order: the row, an audit
    entry without the reason, a notice to the other of the two and to the administrators who can decide.
    """
    row = locked_pairing(pairing.pk)
    by = one_of(row, actor)
    if not reason.strip():
        raise NotPossible(_("Write the reason: who decides reads it."))
    if kind not in POSSIBLE[row.state]:
        raise NotPossible(_("This cannot be asked for as the pairing stands now."))
    if until is not None and (kind != WishKind.PAUSE or until < timezone.localdate()):
        raise NotPossible(_("The last day of the pause must not have passed."))
    by_mentee = by.pk == row.mentee_id
    try:
        with transaction.atomic():
            wish = PairWish.objects.create(
                pairing=row,
                asked_by=by,
                kind=kind,
                reason=reason.strip(),
                until=until,
                passes_on=passes_on and by_mentee and kind == WishKind.CHANGE,
            )
    except IntegrityError:
        raise NotPossible(_("An earlier wish of yours waits for an answer. Take it back first."))
    audit("supervision.ask_for_change", wish, actor, after={"kind": kind, "state": wish.state})
    body = gettext_noop("What is asked for: %(wish)s. An administrator decides, and both of you are told.")
    tell(
        wish, other(wish), "asked", gettext_noop("%(name)s has asked for a change of your supervision"), body
    )
    for officer in deciders_at(row.organisation, [row.mentee.user, row.supervisor.person.user]):
        tell_officer(wish, officer)
    return wish


@transaction.atomic
def withdraw_wish(*, wish: PairWish, actor: Asker) -> PairWish:
    """Take one's wish back. Raises NotPossible for another one's, IllegalMove when it is answered. Side effects: the
    state, an audit entry, a notice to the other of the two."""
    locked_pairing(wish.pairing_id)
    row = fresh(wish)
    if row.asked_by.user_id != actor.pk:
        raise NotPossible(_("Only who asked can take it back."))
    old = move(row, WishState.WITHDRAWN, MOVES, answered_at=timezone.now(), answered_by_id=actor.pk)
    audit("supervision.withdraw_wish", row, actor, before={"state": old}, after={"state": row.state})
    settle_officers(row)
    title = gettext_noop("%(name)s has taken back what was asked for: %(wish)s")
    tell(row, other(row), "withdrawn", title)
    return row


def close_wishes(*, pairing_id: int, kinds: tuple[str, ...] = tuple(WishKind.values)) -> int:
    """End the open wishes about a pairing that something else has settled; returns how many. Called within that act."""
    rows = PairWish.objects.open().filter(pairing=pairing_id, kind__in=kinds).with_people().order_by("pk")
    for row in rows:
        close_wish(wish=row)
    return len(rows)


@transaction.atomic
def close_wish(*, wish: PairWish) -> None:
    """What was asked for is settled otherwise. Side effects: the state, an audit entry, a notice to who asked."""
    old = move(wish, WishState.CLOSED, MOVES, answered_at=timezone.now())
    audit("supervision.close_wish", wish, None, before={"state": old}, after={"state": wish.state})
    settle_officers(wish)
    title = gettext_noop("Settled otherwise, so your wish is closed: %(wish)s")
    tell(wish, wish.asked_by, "closed", title)
