"""The public vote."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.models import User
from core.states import move
from credentials.awards.actions.rounds import AwardRefused, locked, note
from credentials.awards.models import AwardRound, AwardVote, Nomination
from credentials.awards.queries import require_judged, shortlisted
from credentials.awards.states import MOVES, RoundState


@transaction.atomic
def start_vote(*, round: AwardRound, actor: Asker) -> None:
    """Let everybody who is signed in vote within its days; the panel's scores are closed. Raises AwardRefused or IllegalMove."""
    row = locked(round.pk)
    if not row.vote_share:
        raise AwardRefused(_("This round has no public vote."))
    if fault := require_judged(row):
        raise AwardRefused(fault)
    move(row, RoundState.VOTING, MOVES)
    note("credentials.start_vote", row, actor)


@transaction.atomic
def cast_vote(*, round: AwardRound, nomination: Nomination, actor: Asker) -> None:
    """Vote for a nominee: one vote of each account, for good. Raises AwardRefused. Side effects: a row; no audit entry, since
    whom somebody votes for is nobody else's affair."""
    assert isinstance(actor, User)
    row = locked(round.pk)
    if not row.takes_votes():
        raise AwardRefused(_("Votes are not taken now."))
    if not shortlisted(row).filter(pk=nomination.pk).exists():
        raise AwardRefused(_("They are not on the shortlist."))
    try:
        with transaction.atomic():
            AwardVote.objects.create(round=row, nomination=nomination, voter=actor)
    except IntegrityError:
        raise AwardRefused(_("You have voted already.")) from None
