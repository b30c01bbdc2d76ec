"""Writing a round, opening it, drawing the shortlist, and calling it off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import Note, notify_each
from core.people.models import User
from core.states import Refused, move, move_all
from credentials.awards.models import AwardIndicator, AwardRound, Nomination
from credentials.awards.queries import bars_of
from credentials.awards.states import MOVES, NOMINATION_MOVES, NominationState, RoundState


class AwardRefused(Refused):
    """What was asked of an award round cannot be done; the sentence says why."""


def locked(pk: int) -> AwardRound:
    """The round, locked: its acts come one after the other."""
    rows = AwardRound.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=pk)


def note(action: str, round: AwardRound, actor: Asker | None, **facts: Any) -> None:
    record(action=action, target=round, actor=actor, organisation=round.organisation, **facts)


@transaction.atomic
def save_round(*, round: AwardRound, indicators: Sequence[tuple[str, int]], actor: Asker) -> AwardRound:
    """Keep a round as long as it is a draft, with its indicators by name and weight. Raises AwardRefused when it has begun,
    or the weights do not make 100. Side effects: the rows; an audit entry."""
    assert isinstance(actor, User)
    if round.pk and locked(round.pk).state != RoundState.DRAFT:
        raise AwardRefused(_("This round has begun. What was announced is not changed any more."))
    if sum(weight for _name, weight in indicators) != 100:
        raise AwardRefused(_("The weights of the indicators make 100 per cent together."))
    if not round.pk:
        round.created_by = actor
    round.save()
    round.indicators.all().delete()
    AwardIndicator.objects.bulk_create(
        AwardIndicator(round=round, position=number, name=name, weight=weight)
        for number, (name, weight) in enumerate(indicators, start=1)
    )
    note("credentials.save_round", round, actor)
    return round


@transaction.atomic
def open_round(*, round: AwardRound, actor: Asker) -> None:
    """Announce a round: nominations are taken from its first day on. Raises AwardRefused or IllegalMove."""
    row = locked(round.pk)
    if row.nominate_until < timezone.localdate():
        raise AwardRefused(_("The last day of nominations has passed. Change it first."))
    if not (row.by_self or row.by_peer or row.quota):
        raise AwardRefused(_("Nobody could nominate anybody. Allow at least one way."))
    move(row, RoundState.NOMINATING, MOVES)
    note("credentials.open_round", row, actor)


@transaction.atomic
def end_nominations(*, round: AwardRound, actor: Asker) -> None:
    """Take no more nominations; what no nominee has accepted is left out. Raises IllegalMove."""
    row = locked(round.pk)
    move(row, RoundState.SHORTLISTING, MOVES)
    left = row.nominations.all()
    dropped = move_all(left, NominationState.OFFERED, NominationState.DECLINED, NOMINATION_MOVES)
    note("credentials.end_nominations", row, actor, after={"not_accepted": dropped})


@transaction.atomic
def shortlist_nominees(*, round: AwardRound, nomination_ids: Collection[int], actor: Asker) -> int:
    """Put exactly these on the shortlist; returns how many. Raises AwardRefused when there are too many, one is the officer,
    or the machine's checks bar one today. Side effects: states; an audit entry."""
    row = locked(round.pk)
    if row.state != RoundState.SHORTLISTING:
        raise AwardRefused(_("The shortlist is drawn up after the nominations and before the panel begins."))
    chosen = list(_standing(row).filter(pk__in=nomination_ids).select_related("person__employer"))
    if len(chosen) > row.shortlist_size:
        raise AwardRefused(_("The shortlist has at most %(most)d places.") % {"most": row.shortlist_size})
    if any(one.holder_id == actor.pk for one in chosen):
        raise AwardRefused(_("Nobody puts themselves on the shortlist. Ask another administrator."))
    barred = bars_of(row, [one.person for one in chosen])
    for one in chosen:
        if barred[one.person_id]:
            raise AwardRefused(_("%(name)s does not meet the conditions today.") % {"name": one.person.name})
    move_all(row.nominations.all(), NominationState.SHORTLISTED, NominationState.ACCEPTED, NOMINATION_MOVES)
    rows = row.nominations.filter(pk__in=[one.pk for one in chosen])
    count = move_all(rows, NominationState.ACCEPTED, NominationState.SHORTLISTED, NOMINATION_MOVES)
    rows.update(shortlisted_by=actor.pk)
    note("credentials.shortlist_nominees", row, actor, after={"count": count})
    return count


def _standing(round: AwardRound) -> Any:
    return round.nominations.filter(state__in=(NominationState.ACCEPTED, NominationState.SHORTLISTED))


@transaction.atomic
def cancel_round(*, round: AwardRound, reason: str, actor: Asker) -> None:
    """Call a round off, with the reason; the nominees are told. Raises AwardRefused or IllegalMove."""
    if not reason.strip():
        raise AwardRefused(_("Write the reason: the nominees will read it."))
    row = locked(round.pk)
    if row.state == RoundState.NOTICE:
        raise AwardRefused(_("Withdraw the public notice first."))
    move(row, RoundState.CANCELLED, MOVES, reason=reason.strip())
    note("credentials.cancel_round", row, actor, reason=reason.strip())
    tell(
        row,
        _standing(row),
        gettext_noop("%(round)s was called off"),
        gettext_noop("Reason: %(reason)s."),
        "cancelled",
    )


def tell(round: AwardRound, rows: Any, title: str, body: str, what: str) -> None:
    """Tell these nominees something, once."""
    notify_each(
        kind="credentials.award",
        notes=[
            Note(
                user=one.person.user, title=title, body=body, url=one.get_absolute_url(),
                source=f"credentials.nomination:{one.pk}:{what}", values={"round": str(round), "reason": round.reason},
            )
            for one in rows.select_related("person__user__person")
        ],
    )  # fmt: skip


def nomination_of(pk: int) -> Nomination:
    rows = Nomination.objects.select_for_update(of=("self",))
    return rows.select_related("round__organisation", "person__user", "person__employer").get(pk=pk)
