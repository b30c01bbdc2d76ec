"""Reading award rounds: who may be nominated, who judges whom, where the nominees stand."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    PanelConflict,
    PanelMember,
    PanelScore,
)
from credentials.awards.policy import (
    Bar,
    Facts,
    Given,
    Indicator,
    Nominee,
    Place,
    Rule,
    bars,
    complete_sheets,
    months_before,
    rank,
)
from credentials.awards.states import NominationState, RoundState
from credentials.commendations.states import CommendationState
from credentials.conduct.queries import standing_since
from credentials.qualifications.queries import qualified_as_verified

KEY = "nomination-"  # of the line of a public notice
BAR_WORDS = {
    Bar.OUTSIDE: gettext_lazy("Not employed in the area of the authority."),
    Bar.UNQUALIFIED: gettext_lazy("No verified qualification that is old enough."),
    Bar.CONDUCT: gettext_lazy("A conduct record stands in the time that is looked at."),
}


def bars_of(round: AwardRound, people: Collection[Person]) -> dict[int, list[Bar]]:
    """What bars each of these people today, by the machine's checks. At most two queries."""
    today, rule = timezone.localdate(), round.rule
    ids = [person.pk for person in people]
    qualified: dict[int, datetime.date] = {}
    if rule.qualified_months is not None:
        for row in qualified_as_verified(ids, today):
            qualified[row.person_id] = min(row.issued_on, qualified.get(row.person_id, row.issued_on))
    against: set[int] = set()
    if rule.clean_months is not None:
        rows = standing_since(ids, months_before(today, rule.clean_months))
        against = set(rows.values_list("person", flat=True))
    return {
        person.pk: bars(
            rule,
            Facts(
                person.employer.path if person.employer else "",
                qualified.get(person.pk),
                person.pk in against,
            ),
            today,
        )
        for person in people
    }


def seen_bars_of(round: AwardRound, people: Collection[Person]) -> dict[int, str]:
    """What keeps these people out and every colleague may know, in words for a list to choose from. One query."""
    nominated = set(round.nominations.order_by().values_list("person", flat=True))
    found: dict[int, str] = {}
    for person in people:
        path = person.employer.path if person.employer else ""
        if person.pk in nominated:
            found[person.pk] = _("nominated already")
        elif Bar.OUTSIDE in bars(Rule(round.rule.path, None, None), Facts(path), timezone.localdate()):
            found[person.pk] = _("works outside the area of the round")
    return found


def bar_for_nominator(round: AwardRound, person: Person) -> str:
    """What whoever nominates reads where somebody could not accept today, "" where they could: never which condition it is,
    since a conduct record is no matter of theirs. Two queries."""
    found = bars_of(round, [person])[person.pk]
    if not found or Bar.OUTSIDE in found:  # that one nominating says itself
        return ""
    words = _(
        "%(name)s does not meet the conditions of the round as of today, and could not accept. Ask the organiser: %(place)s."
    )
    return words % {"name": person.name, "place": round.organisation}


def desk_rounds(user: Asker) -> QuerySet[AwardRound]:
    """The rounds that this user may read, with their numbers."""
    rows = AwardRound.objects.visible_to(user).select_related("organisation", "notice")
    waiting = Q(nominations__state=NominationState.OFFERED) | Q(nominations__state=NominationState.DECLINED)
    return rows.annotate(nominated=Count("nominations", filter=~waiting, distinct=True))


def rounds_for(person: Person) -> QuerySet[AwardRound]:
    """The rounds that have begun where this person works, the newest first."""
    rows = AwardRound.objects.visible_to(person.user).exclude(state=RoundState.DRAFT)
    return rows.select_related("organisation", "notice")


def nominations_with(user: Asker) -> QuerySet[Nomination]:
    """The nominations that this user may read, with what a page shows."""
    rows = Nomination.objects.visible_to(user)
    return rows.select_related(
        "round__organisation", "person__user", "person__employer", "organisation", "nominated_by__person"
    )


def nominees(round: AwardRound) -> QuerySet[Nomination]:
    """Everybody who is or was nominated in a round."""
    rows = round.nominations.select_related("person__employer", "organisation", "nominated_by__person")
    return rows.annotate(paper_count=Count("papers")).order_by("organisation__path", "pk")


def shortlisted(round: AwardRound) -> QuerySet[Nomination]:
    """The shortlist, in the order of names."""
    rows = round.nominations.filter(state=NominationState.SHORTLISTED)
    return rows.select_related("person__employer", "organisation").order_by("person__pinyin", "pk")


def membership(round: AwardRound, user: Asker) -> PanelMember | None:
    """This user's seat on the panel, None without one."""
    if not user.is_authenticated:
        return None
    return (
        PanelMember.objects.filter(round=round, user=user.pk, left_at=None)
        .select_related("round__organisation")
        .first()
    )


def judged_by(member: PanelMember) -> QuerySet[Nomination]:
    """The nominees whose papers a member reads and judges: none before the declaration, and none with a conflict between."""
    if member.declared_at is None:
        return Nomination.objects.none()
    return shortlisted(member.round).exclude(conflicts__member=member)


def judging_of(round: AwardRound) -> tuple[list[Indicator], list[Given], set[tuple[int, int]]]:
    """What the panel is judged by, its scores, and the conflicts: of the members who sit on it. Three queries."""
    indicators = [Indicator(pk, weight) for pk, weight in round.indicators.values_list("pk", "weight")]
    scores = PanelScore.objects.filter(
        member__round=round, member__left_at=None, member__declared_at__isnull=False
    )
    given = [Given(*row) for row in scores.values_list("member", "nomination", "indicator", "value")]
    rows = PanelConflict.objects.filter(member__round=round)
    return indicators, given, set(rows.values_list("member", "nomination"))


def places_of(round: AwardRound) -> list[Place]:
    """Where the shortlist stands now. Four queries."""
    indicators, given, conflicts = judging_of(round)
    rows = shortlisted(round).annotate(voted=Count("votes"))
    people = [Nominee(row.pk, row.accepted_at, row.voted) for row in rows if row.accepted_at]
    return rank(people, indicators, given, conflicts, round.vote_share)


def missing_sheets(round: AwardRound) -> dict[int, int]:
    """Per member who has declared, how many nominees they have not judged yet."""
    indicators, given, conflicts = judging_of(round)
    people = [row.pk for row in shortlisted(round)]
    members = round.members.filter(left_at=None, declared_at__isnull=False).values_list("pk", flat=True)
    judged = {one: complete_sheets(one, indicators, given, conflicts) for one in people}
    return {
        member: sum(1 for one in people if (member, one) not in conflicts and member not in judged[one])
        for member in members
    }


def require_judged(round: AwardRound) -> str:
    """Why the panel has not finished, "" when it has."""
    waits = round.members.filter(left_at=None, declared_at=None).count()
    waits += sum(1 for count in missing_sheets(round).values() if count)
    if waits:
        return _("%(count)d members of the panel have not finished. Wait, or take them off the panel.") % {
            "count": waits
        }
    if any(not place.judged_by for place in places_of(round)):
        return _(
            "Somebody on the shortlist is judged by nobody: everybody has a conflict. Add a member to the panel."
        )
    return ""


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


def bars_said(round: AwardRound, rows: Collection[Nomination]) -> list[str]:
    """What bars each of these nominees today, in words, "" when nothing does."""
    found = bars_of(round, [row.person for row in rows])
    return [" ".join(str(BAR_WORDS[bar]) for bar in found[row.person_id]) for row in rows]


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
