"""The ordered lists of wishes: on time by the server's clock, and only of those whom the hard rules allow."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from supervision.matching.actions.basis import RoundRefused, locked, require_self
from supervision.matching.actions.people import require_time
from supervision.matching.models import MatchingRound, RoundMentee, RoundSupervisor, Wish
from supervision.matching.queries import AGAINST, facts_of
from supervision.matching.scoring import against
from supervision.matching.states import Side

STEPS = ("add", "up", "down", "remove")


@transaction.atomic
def change_wish(
    *, mentee: RoundMentee, supervisor: RoundSupervisor, side: str, step: str, actor: Asker
) -> None:
    """Put the other one into the list of `side` ("mentee" or "supervisor") as the last, move them one up or down, or take
    them out. The same step twice changes nothing more than once.

    Raises RoundRefused when the time has passed, when a hard rule forbids the pair, when the list is full, and for
    anybody but the one whose list it is. Nobody is told, and no audit is written: nobody but the own side and the desk
    may know the list.
    """
    round = locked(mentee.round)
    require_time(round)
    mine = _owner(mentee, supervisor, side)
    require_self(mine.person if isinstance(mine, RoundMentee) else mine.supervisor.person, actor)
    rows = Wish.objects.filter(side=side, **{side: mine.pk}).order_by("rank")
    others = list(rows.values_list("supervisor" if side == Side.MENTEE else "mentee", flat=True))
    other = supervisor.pk if side == Side.MENTEE else mentee.pk
    wanted = _changed(others, other, step)
    if wanted == others:
        return
    if step == "add":
        _require_possible(round, mentee, supervisor, side)
        most = round.most_wishes if side == Side.MENTEE else 2 * round.most_wishes
        if len(wanted) > most:
            raise RoundRefused(_("You can name at most %(most)s. Take one out first.") % {"most": most})
    rows.delete()
    Wish.objects.bulk_create(
        Wish(
            mentee_id=mine.pk if side == Side.MENTEE else key,
            supervisor_id=key if side == Side.MENTEE else mine.pk,
            side=side,
            rank=rank,
        )
        for rank, key in enumerate(wanted, start=1)
    )
    type(mine)._default_manager.filter(pk=mine.pk).update(wished_at=timezone.now())


def _owner(mentee: RoundMentee, supervisor: RoundSupervisor, side: str) -> RoundMentee | RoundSupervisor:
    """The one whose list it is, locked: of two clicks the second waits here."""
    if mentee.round_id != supervisor.round_id:
        raise RoundRefused(_("You two are not in the same round."))
    if side == Side.MENTEE:
        mine: RoundMentee | RoundSupervisor = RoundMentee.objects.select_for_update().get(pk=mentee.pk)
    else:
        mine = RoundSupervisor.objects.select_for_update().get(pk=supervisor.pk)
    if not mine.is_in:
        raise RoundRefused(_("You do not take part in this round."))
    return mine


def _changed(others: list[int], other: int, step: str) -> list[int]:
    wanted = list(others)
    at = wanted.index(other) if other in wanted else -1
    if step == "add" and at < 0:
        wanted.append(other)
    elif step == "remove" and at >= 0:
        del wanted[at]
    elif step == "up" and at > 0:
        wanted[at - 1], wanted[at] = wanted[at], wanted[at - 1]
    elif step == "down" and 0 <= at < len(wanted) - 1:
        wanted[at + 1], wanted[at] = wanted[at], wanted[at + 1]
    return wanted


def _require_possible(
    round: MatchingRound, mentee: RoundMentee, supervisor: RoundSupervisor, side: str
) -> None:
    facts = facts_of(round, only_mentee=mentee, only_supervisors=[supervisor.pk], sides=())
    if not facts.mentees or not facts.supervisors:
        raise RoundRefused(_("You two are not in the same round."))
    code = against(facts.mentees[0], facts.supervisors[0], facts.rules)
    if code:
        words = AGAINST[code] if side == Side.MENTEE else _("This mentee cannot be yours in this round.")
        raise RoundRefused(str(words))
