"""The answer to a wish: it is given once, and what was asked for is done with it.

Locks are taken in one order everywhere: supervisors by their keys, then the pairing, then the wish.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import notify
from core.states import move
from supervision.handovers.actions import release_handover
from supervision.pairings.actions import (
    NotPossible,
    change_pair,
    end_pairing,
    locked_pairing,
    pause_pairing,
    resume_pairing,
)
from supervision.pairings.models import Pairing
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import dependence_among
from supervision.wishes.actions.rows import audit, fresh, other, settle_officers, tell
from supervision.wishes.models import PairWish
from supervision.wishes.queries import handover_to_pass_on
from supervision.wishes.states import MOVES, WishKind, WishState


@transaction.atomic
def accept_wish(
    *,
    wish: PairWish,
    actor: Asker,
    answer: str,
    to: Supervisor | None = None,
    until: datetime.date | None = None,
) -> PairWish:
    """Grant a wish and do at once what it asks for; `answer` is the sentence that both read as the reason of the act.

    A change needs the new supervisor `to`; the handover that the mentee has allowed goes on to that one, otherwise the
    leaving supervisor is asked to write one. A pause lasts up to `until`. Raises NotPossible without a sentence, for one
    of the pair and for whom they let in, and as the act itself does; IllegalMove when it is answered. Side effects in
    order: the state, those of the act, an audit entry, a notice to both; nothing of it when one of them fails.
    """
    row = _to_answer(wish, actor, answer, to)
    old = move(
        row,
        WishState.ACCEPTED,
        MOVES,
        answer=answer.strip(),
        answered_at=timezone.now(),
        answered_by_id=getattr(actor, "pk", None),
    )
    new = _do(row, actor, answer.strip(), to, until)
    if new is not None:
        row.new_pairing = new
        row.save(update_fields=["new_pairing"])
        _hand_over(row, new)
    facts = {"state": row.state, "kind": row.kind}
    audit("supervision.accept_wish", row, actor, before={"state": old}, after=facts)
    _answered(row, gettext_noop("Granted: %(wish)s"), gettext_noop("Answer: %(answer)s"))
    return row


@transaction.atomic
def decline_wish(*, wish: PairWish, actor: Asker, answer: str) -> PairWish:
    """Say no, with a reason that both read. Raises NotPossible without one, for one of the pair and for whom they let
    in, IllegalMove when it is answered. Side effects: the state, an audit entry, a notice to both."""
    row = _to_answer(wish, actor, answer, None)
    old = move(
        row,
        WishState.DECLINED,
        MOVES,
        answer=answer.strip(),
        answered_at=timezone.now(),
        answered_by_id=getattr(actor, "pk", None),
    )
    facts = {"state": row.state, "kind": row.kind}
    audit("supervision.decline_wish", row, actor, before={"state": old}, after=facts)
    _answered(row, gettext_noop("Not granted: %(wish)s"), gettext_noop("Answer: %(answer)s"))
    return row


def _do(
    row: PairWish, actor: Asker, reason: str, to: Supervisor | None, until: datetime.date | None
) -> Pairing | None:
    """What was asked for. Returns the new pairing of a change."""
    if row.kind == WishKind.CHANGE:
        assert to is not None
        return change_pair(pairing=row.pairing, to=to, actor=actor, reason=reason)
    if row.kind == WishKind.PAUSE:
        pause_pairing(pairing=row.pairing, actor=actor, reason=reason, until=until)
    elif row.kind == WishKind.RESUME:
        resume_pairing(pairing=row.pairing, actor=actor)
    else:
        end_pairing(pairing=row.pairing, actor=actor, reason=reason)
    return None


def _hand_over(row: PairWish, new: Pairing) -> None:
    """Pass the handover on as the mentee has allowed with the wish, as long as it is the text that they read then;
    without one, the leaving supervisor is asked to write it. The consent is the mentee's, so the act is theirs."""
    handover = handover_to_pass_on(row.pairing)
    if handover is not None:
        if row.passes_on and handover.written_at <= row.asked_at:
            release_handover(handover=handover, actor=row.pairing.mentee.user, to=new, with_goals=False)
        return
    notify(
        user=row.pairing.supervisor.person.user,
        kind="supervision.handover",
        title=gettext_noop("Please leave a handover for the next supervisor of %(mentee)s"),
        body=gettext_noop("%(mentee)s reads it first and decides whether it is passed on."),
        url=reverse("supervision:handover-write", args=[row.pairing_id]),
        source=f"supervision.pair_wish:{row.pk}:handover",
        mentee=row.pairing.mentee.name,
    )


def _to_answer(wish: PairWish, actor: Asker, answer: str, to: Supervisor | None) -> PairWish:
    """The wish as it is now, everything locked that the answer may touch."""
    if not answer.strip():
        raise NotPossible(_("Write a sentence: both of them will read it."))
    if wish.kind == WishKind.CHANGE or to is not None:
        keys = {wish.pairing.supervisor_id} | ({to.pk} if to else set())
    else:
        keys = {wish.pairing.supervisor_id} if wish.kind == WishKind.END else set()
    list(Supervisor.objects.select_for_update().filter(pk__in=sorted(keys)).order_by("pk"))
    pairing = locked_pairing(wish.pairing_id)
    if actor.pk in (pairing.mentee.user_id, pairing.supervisor.person.user_id):
        raise NotPossible(_("Nobody decides about their own pairing. Ask another administrator."))
    two = [pairing.mentee.user, pairing.supervisor.person.user]
    if words := dependence_among(actor, two, pairing.organisation):
        raise NotPossible(words)
    row = fresh(wish)
    row.pairing = pairing
    return row


def _answered(wish: PairWish, title: str, body: str) -> None:
    settle_officers(wish)
    for person in (wish.asked_by, other(wish)):
        tell(wish, person, "answered", title, body)
