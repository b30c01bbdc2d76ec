"""Asking for a change of a pairing, and the answer. A wish is answered once, and what it asks for is done with it.

The reason goes into no audit, notice or mail: who asked and who decides read it. Locks are taken in one order
everywhere: supervisors by their keys, then the pairing, then the wish.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify, settle
from core.organisations.queries import administrators_of
from core.people.models import Person
from core.states import move
from supervision.handovers.actions import release_handover
from supervision.pairings.actions import (
    NotPossible,
    change_pair,
    end_pairing,
    pause_pairing,
    resume_pairing,
)
from supervision.pairings.models import Pairing
from supervision.supervisors.models import Supervisor
from supervision.wishes.models import PairWish
from supervision.wishes.queries import handover_to_pass_on
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
    entry without the reason, a notice to the other of the two and to the administrators of the mentee's side.
    """
    row = _locked_pairing(pairing.pk)
    by = _one_of(row, actor)
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
    _note("supervision.ask_for_change", wish, actor, after={"kind": kind, "state": wish.state})
    body = gettext_noop("What is asked for: %(wish)s. An administrator decides, and both of you are told.")
    _tell(
        wish, _other(wish), "asked", gettext_noop("%(name)s has asked for a change of your supervision"), body
    )
    for officer in administrators_of(row.organisation):
        if officer.pk not in (row.mentee.user_id, row.supervisor.person.user_id):
            _tell_officer(wish, officer)
    return wish


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
    of the pair, and as the act itself does; IllegalMove when it is answered. Side effects in order: the state, those of
    the act, an audit entry, a notice to both; nothing of it when one of them fails.
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
    _note("supervision.accept_wish", row, actor, before={"state": old}, after=facts)
    _answered(row, gettext_noop("Granted: %(wish)s"), gettext_noop("Answer: %(answer)s"))
    return row


@transaction.atomic
def decline_wish(*, wish: PairWish, actor: Asker, answer: str) -> PairWish:
    """Say no, with a reason that both read. Raises NotPossible without one and for one of the pair, IllegalMove when it
    is answered. Side effects: the state, an audit entry, a notice to both."""
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
    _note("supervision.decline_wish", row, actor, before={"state": old}, after=facts)
    _answered(row, gettext_noop("Not granted: %(wish)s"), gettext_noop("Answer: %(answer)s"))
    return row


@transaction.atomic
def withdraw_wish(*, wish: PairWish, actor: Asker) -> PairWish:
    """Take one's wish back. Raises NotPossible for another one's, IllegalMove when it is answered. Side effects: the
    state, an audit entry, a notice to the other of the two."""
    _locked_pairing(wish.pairing_id)
    row = _fresh(wish)
    if row.asked_by.user_id != actor.pk:
        raise NotPossible(_("Only who asked can take it back."))
    old = move(row, WishState.WITHDRAWN, MOVES, answered_at=timezone.now(), answered_by_id=actor.pk)
    _note("supervision.withdraw_wish", row, actor, before={"state": old}, after={"state": row.state})
    _settle(row)
    title = gettext_noop("%(name)s has taken back what was asked for: %(wish)s")
    _tell(row, _other(row), "withdrawn", title)
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
    _note("supervision.close_wish", wish, None, before={"state": old}, after={"state": wish.state})
    _settle(wish)
    title = gettext_noop("Settled otherwise, so your wish is closed: %(wish)s")
    _tell(wish, wish.asked_by, "closed", title)


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
    pairing = _locked_pairing(wish.pairing_id)
    if actor.pk in (pairing.mentee.user_id, pairing.supervisor.person.user_id):
        raise NotPossible(_("Nobody decides about their own pairing. Ask another administrator."))
    row = _fresh(wish)
    row.pairing = pairing
    return row


def _locked_pairing(pk: int) -> Pairing:
    rows = Pairing.objects.select_for_update(of=("self",)).select_related(
        "supervisor__person__user", "mentee__user", "organisation"
    )
    return rows.get(pk=pk)


def _fresh(wish: PairWish) -> PairWish:
    return PairWish.objects.select_for_update(of=("self",)).with_people().get(pk=wish.pk)


def _one_of(pairing: Pairing, actor: Asker) -> Person:
    for person in (pairing.mentee, pairing.supervisor.person):
        if person.user_id == actor.pk:
            return person
    raise NotPossible(_("Only the two of a pairing can ask for this."))


def _other(wish: PairWish) -> Person:
    pairing = wish.pairing
    return pairing.supervisor.person if wish.asked_by_id == pairing.mentee_id else pairing.mentee


def _note(action: str, wish: PairWish, actor: Asker | None, **facts: Any) -> None:
    record(action=action, target=wish, actor=actor, organisation=wish.pairing.organisation, **facts)


def _answered(wish: PairWish, title: str, body: str) -> None:
    _settle(wish)
    for person in (wish.asked_by, _other(wish)):
        _tell(wish, person, "answered", title, body)


def _settle(wish: PairWish) -> None:
    settle(users=list(administrators_of(wish.pairing.organisation)), source=f"{_source(wish)}:to_decide")


def _tell_officer(wish: PairWish, officer: Any) -> None:
    notify(
        user=officer,
        kind="supervision.pairing",
        title=gettext_noop("A pair asks for a change: %(supervisor)s and %(mentee)s"),
        body=gettext_noop("Read the reason at the desk, and grant it or say why not."),
        url=reverse("pair_wishes:inspect", args=[wish.pk]),
        source=f"{_source(wish)}:to_decide",
        supervisor=wish.pairing.supervisor.person.name,
        mentee=wish.pairing.mentee.name,
    )


def _tell(wish: PairWish, person: Person, what: str, title: str, body: str = "") -> None:
    notify(
        user=person.user,
        kind="supervision.pairing",
        title=title,
        body=body,
        url=wish.get_absolute_url(),
        source=f"{_source(wish)}:{what}",
        name=wish.asked_by.name,
        wish=_in_both(WishKind(wish.kind)),
        answer=wish.answer,
    )


def _in_both(kind: WishKind) -> Any:
    with override("en"):
        english = str(kind.label)
    with override("zh-hans"):
        return both(str(kind.label), english)


def _source(wish: PairWish) -> str:
    return f"supervision.pair_wish:{wish.pk}"
