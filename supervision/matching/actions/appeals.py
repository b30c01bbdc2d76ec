"""Appeals against a published round: made by who takes part, decided with a reason by somebody who does not."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import notify
from core.people.models import Person
from core.states import move
from supervision.matching.actions.basis import RoundRefused, audit, require_self
from supervision.matching.models import Appeal, MatchingRound, RoundRun, RunLine, takes_part
from supervision.matching.states import APPEAL_MOVES, AppealState
from supervision.pairings.actions import end_pairing
from supervision.pairings.models import Pairing
from supervision.supervisors.queries import dependence


@transaction.atomic
def make_appeal(*, round: MatchingRound, person: Person, text: str, actor: Asker) -> Appeal:
    """Ask that one's own result is looked at again. Raises RoundRefused without a reason, after the last day, for who
    does not take part, for anybody else, and while an earlier appeal waits. Side effects: audit, without what was
    written; a notice to the officer who published."""
    require_self(person, actor)
    if not text.strip():
        raise RoundRefused(_("Write what should be looked at again, and why."))
    row = MatchingRound.objects.select_related("organisation", "published_by").get(pk=round.pk)
    if not row.takes_appeals(timezone.now()):
        raise RoundRefused(_("Appeals are not taken any more."))
    inside = row.mentees.filter(person=person, is_in=True).exists()
    if not inside and not row.supervisors.filter(supervisor=person.pk, is_in=True).exists():
        raise RoundRefused(_("You do not take part in this round."))
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(round=row, person=person, text=text.strip())
    except IntegrityError:
        raise RoundRefused(_("Your appeal waits for a decision already."))
    audit("supervision.make_appeal", row, actor, after={"appeal": appeal.pk})
    if row.published_by is not None:
        notify(
            user=row.published_by,
            kind="supervision.round",
            title=gettext_noop("%(round)s: an appeal waits for a decision"),
            body=gettext_noop("Read it at the desk of the round, and decide it with a reason."),
            url=reverse("rounds:appeal", args=[row.pk, appeal.pk]),
            source=f"supervision.appeal:{appeal.pk}:made",
            round=row.title,
        )
    return appeal


@transaction.atomic
def withdraw_appeal(*, appeal: Appeal, actor: Asker) -> None:
    """Take one's appeal back. Raises RoundRefused for anybody else's, IllegalMove when it is decided. Side effect: audit."""
    require_self(appeal.person, actor)
    move(appeal, AppealState.WITHDRAWN, APPEAL_MOVES)
    audit("supervision.withdraw_appeal", appeal.round, actor, after={"appeal": appeal.pk})


@transaction.atomic
def decide_appeal(
    *, appeal: Appeal, upholds: bool, answer: str, actor: Asker, ends_pairing: bool = False
) -> None:
    """Decide an appeal with a reason. Upheld, the pairing that the round made for this person may be ended at once, so
    that its place is free and the person can be paired anew.

    Raises RoundRefused without a reason, for who takes part in the round and for whom the person has let in, IllegalMove
    when it is decided. Side effects in order: the state, audit, the
    end of the pairing with its notices, a notice to who appealed.
    """
    if not answer.strip():
        raise RoundRefused(_("Write the reason: whoever appealed reads it."))
    _require_outside(appeal, actor)
    ends = list(pairings_of_appeal(appeal)) if upholds and ends_pairing else []
    if ends_pairing and upholds and len(ends) != 1:
        raise RoundRefused(_("There is no one pairing of this person from this round that could be ended."))
    state = AppealState.UPHELD if upholds else AppealState.REJECTED
    old = move(
        appeal,
        state,
        APPEAL_MOVES,
        decided_at=timezone.now(),
        decided_by_id=getattr(actor, "pk", None),
    )
    Appeal.objects.filter(pk=appeal.pk).update(answer=answer.strip())
    facts: dict[str, Any] = {"appeal": appeal.pk, "state": state}
    audit("supervision.decide_appeal", appeal.round, actor, before={"state": old}, after=facts)
    for pairing in ends:
        end_pairing(pairing=pairing, actor=actor, reason=_("An appeal against the round was upheld."))
    upheld = gettext_noop("Your appeal is upheld: %(round)s")
    rejected = gettext_noop("Your appeal is not upheld: %(round)s")
    notify(
        user=appeal.person.user,
        kind="supervision.round",
        title=upheld if upholds else rejected,
        body=gettext_noop("The reason stands on the page of the round."),
        url=appeal.round.get_absolute_url(),
        source=f"supervision.appeal:{appeal.pk}",
        round=appeal.round.title,
    )


def _require_outside(appeal: Appeal, actor: Asker) -> None:
    """Nobody decides who takes part in the round, nor an officer whom the person who appeals has let in."""
    round = appeal.round
    inside = MatchingRound.objects.filter(takes_part(actor), pk=round.pk).exists()
    if inside or actor.pk == appeal.person.user_id:
        raise RoundRefused(_("Nobody decides an appeal in a round that they take part in."))
    if words := dependence(actor, appeal.person.user, round.organisation):
        raise RoundRefused(words)


def pairings_of_appeal(appeal: Appeal) -> Any:
    """The open pairings that the round has made for a mentee who appeals. A supervisor's are several: none is ended."""
    current = RoundRun.objects.filter(round=appeal.round, kept_at__isnull=False, discarded_at=None)
    lines = RunLine.objects.filter(Q(mentee__person=appeal.person), run__in=current.order_by().values("pk"))
    rows = Pairing.objects.open().filter(round_line__in=lines.order_by().values("pk"))
    return rows.select_related("supervisor__person__user", "mentee__user", "organisation")
