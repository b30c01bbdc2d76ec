"""The public vote."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.people.models import User
from core.states import move
from credentials.awards.actions.rounds import AwardRefused, locked, note
from credentials.awards.models import AwardRound, AwardVote, Nomination
from credentials.awards.queries import is_oneself, shortlisted, why_not_judged, why_not_vote
from credentials.awards.states import MOVES, RoundState


@transaction.atomic
def start_vote(*, round: AwardRound, actor: Asker) -> None:
    """Let everybody who works in the area of the round vote within its days; the panel's scores are closed. Raises
    AwardRefused or IllegalMove."""
    row = locked(round.pk)
    if not row.vote_share:
        raise AwardRefused(_("This round has no public vote."))
    if fault := why_not_judged(row):
        raise AwardRefused(fault)
    move(row, RoundState.VOTING, MOVES)
    note("credentials.start_vote", row, actor)


WHY_NOT_VOTE: dict[str, Any] = {
    "place": gettext_lazy("Only people who work in the area of the round vote."),
    "number": gettext_lazy(
        "Add your ID number to your profile first: each person has one vote, whatever accounts they have."
    ),
    "voted": gettext_lazy("Somebody with your ID number has voted already, from another account."),
}


@transaction.atomic
def cast_vote(*, round: AwardRound, nomination: Nomination, actor: Asker) -> None:
    """Vote for a nominee: one vote of each person, for good; the keyed hash of the ID number stays with it. Raises AwardRefused,
    also for whoever works elsewhere, has no ID number, or is the nominee, in this account or another. Side effects: a row; no audit entry, since whom
    somebody votes for is nobody else's affair."""
    assert isinstance(actor, User)
    row = locked(round.pk)
    if not row.takes_votes():
        raise AwardRefused(_("Votes are not taken now."))
    if not shortlisted(row).filter(pk=nomination.pk).exists():
        raise AwardRefused(_("They are not on the shortlist."))
    if row.votes.filter(voter=actor).exists():
        raise AwardRefused(_("You have voted already."))
    if not by_rule(actor, "credentials.vote_awardround", row):
        raise AwardRefused(str(WHY_NOT_VOTE[why_not_vote(row, actor) or "place"]))
    if is_oneself(nomination, actor):
        raise AwardRefused(_("Nobody votes for themselves."))
    try:
        with transaction.atomic():
            AwardVote.objects.create(
                round=row, nomination=nomination, voter=actor, id_hash=actor.person.id_hash or ""
            )
    except IntegrityError:
        if row.votes.filter(voter=actor).exists():
            raise AwardRefused(_("You have voted already.")) from None
        if why_not_vote(row, actor) == "voted":
            raise AwardRefused(str(WHY_NOT_VOTE["voted"])) from None
        raise
