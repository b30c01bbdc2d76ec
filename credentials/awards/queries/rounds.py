"""Reading rounds: at the desk and where one works, the vote, the winners, and the notice about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person, User
from core.people.queries import ties_of
from credentials.awards.models import (
    AwardGrant,
    AwardResult,
    AwardRound,
    Nomination,
    PanelMember,
)
from credentials.awards.queries.nominees import bars_of, nominations_with
from credentials.awards.states import NominationState, RoundState
from credentials.commendations.states import CommendationState

KEY = "nomination-"  # of the line of a public notice


def desk_rounds(user: Asker) -> QuerySet[AwardRound]:
    """The rounds that this user may read, with their numbers."""
    rows = AwardRound.objects.visible_to(user).select_related("organisation", "notice")
    waiting = Q(nominations__state=NominationState.OFFERED) | Q(nominations__state=NominationState.DECLINED)
    return rows.annotate(nominated=Count("nominations", filter=~waiting, distinct=True))


def rounds_for(person: Person) -> QuerySet[AwardRound]:
    """The rounds that have begun where this person works, the newest first."""
    rows = AwardRound.objects.visible_to(person.user).exclude(state=RoundState.DRAFT)
    return rows.select_related("organisation", "notice")


def to_settle(round: AwardRound) -> QuerySet[AwardResult]:
    """The winners of whom no public notice has said yet what became of them, in their order."""
    wins = Q(is_winner=True) | Q(succession__isnull=False)
    rows = AwardResult.objects.filter(wins, round=round, grant=None)
    return rows.select_related("nomination__person__user", "nomination__organisation").order_by("rank")


def winners_of(round: AwardRound) -> QuerySet[AwardResult]:
    """Whoever has won a round against whom no objection stands, in the recorded order."""
    rows = AwardResult.objects.filter(round=round, grant__is_cleared=True).order_by("rank")
    return rows.select_related("nomination__person", "nomination__organisation", "succession")


def emptied(round: AwardRound) -> QuerySet[AwardResult]:
    """The winners whom an objection has struck and whose place nobody has taken, in their order."""
    rows = AwardResult.objects.filter(round=round, grant__is_cleared=False, succeeded_by=None)
    return rows.order_by("rank")


def next_in_order(round: AwardRound) -> list[AwardResult]:
    """Who may move up, in the recorded order: judged, not a winner, and barred by nothing today. At most three queries."""
    rows = AwardResult.objects.filter(round=round, is_winner=False, succession=None, judged_by__gte=1)
    found = list(rows.select_related("nomination__person__employer").order_by("rank"))
    barred = bars_of(round, [one.nomination.person for one in found])
    return [one for one in found if not barred[one.nomination.person_id]]


def ended_pending() -> list[int]:
    """The cleared winners who are not in the honour register yet, by their numbers."""
    rows = AwardGrant.objects.filter(is_cleared=True, commendation=None)
    return list(rows.values_list("pk", flat=True))


def why_not_vote(round: AwardRound, user: Asker) -> str:
    """Why this user does not vote in the round: "place", "number", "voted" (from another account); empty when they may. Up to
    two queries."""
    person = getattr(user, "person", None)
    if (
        person is None
        or person.employer is None
        or not person.employer.path.startswith(round.organisation.path)
    ):
        return "place"
    if not person.id_hash:
        return "number"
    return "voted" if round.votes.filter(id_hash=person.id_hash).exclude(voter=user.pk).exists() else ""


def is_oneself(nomination: Nomination, user: User) -> bool:
    """Whether this user is the nominee: by the account, or by the ID number, today's or that of the acceptance."""
    number = user.person.id_hash
    return nomination.holder_id == user.pk or bool(number and nomination.id_hash == number)


def waiting_for(user: Asker) -> tuple[Iterable[Nomination], Iterable[PanelMember], Iterable[AwardRound]]:
    """What waits for this user: nominations to accept, panels to judge on, votes to cast."""
    mine = nominations_with(user).filter(
        holder=user.pk, state=NominationState.OFFERED, round__state=RoundState.NOMINATING
    )
    seats = PanelMember.objects.filter(user=user.pk, left_at=None, round__state=RoundState.SCORING)
    employer = getattr(getattr(user, "person", None), "employer", None)
    area = Organisation.paths_above(employer.path) if employer else []
    votes = AwardRound.objects.filter(state=RoundState.VOTING, organisation__path__in=area)
    votes = votes.exclude(votes__voter=user.pk)
    return mine, seats.select_related("round__organisation"), votes.select_related("organisation")


def honoured() -> QuerySet[AwardGrant]:
    """Everybody who has won a round and stands in the honour register still, the latest year first: by year, place and title."""
    rows = AwardGrant.objects.filter(commendation__state=CommendationState.REGISTERED)
    return rows.select_related(
        "result__round__organisation", "result__nomination__person", "result__nomination__organisation"
    ).order_by("-result__round__year", "result__round__organisation__path", "-result__round", "result__rank")


def keys_for(user: Asker) -> QuerySet[Nomination, Any]:
    """The keys of lines about winners of organisations that this user administers or audits."""
    rows = Nomination.objects.filter(scope_of(user).q("organisation", *READERS)).order_by()
    return rows.annotate(line=Concat(Value(KEY), Cast("pk", CharField()))).values("line")


def why_not_judge(keys: Collection[str], officer: User) -> str:
    """Why this officer answers no objection to winners in a public notice, "" if nothing is against it: they are nominated in
    the round or sat on its panel, or a winner has let them in. Three queries, and those of `ties_of`."""
    ids = [int(key.removeprefix(KEY)) for key in keys]
    winners = Nomination.objects.filter(pk__in=ids).select_related("round__organisation")
    rounds = {one.round_id for one in winners}
    nominated = Nomination.objects.filter(round__in=rounds, holder=officer)
    if (
        nominated.exclude(state=NominationState.DECLINED).exists()
        or PanelMember.objects.filter(round__in=rounds, user=officer).exists()
        or any(ties_of(officer).bind(one.holder_id, one.round.organisation.path) for one in winners)
    ):
        return _(
            "You are nominated in this round or judged in it, or a winner gave you your account or your role. Ask another "
            "administrator."
        )
    return ""
