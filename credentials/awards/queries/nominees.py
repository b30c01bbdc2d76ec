"""Who may be nominated, who judges whom, and where the nominees stand."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.people.models import Person
from credentials.awards.models import (
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
from credentials.conduct.queries import standing_since
from credentials.qualifications.queries import qualified_as_verified

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


def bar_for_nominator(round: AwardRound, person: Person, nominator: Asker) -> str:
    """What whoever nominates reads where somebody could not accept today, "" where they could: never which condition it is.
    Only an administrator over the one named is told at all: the conditions rest on qualifications and conduct records, which
    these read and a colleague does not, who would learn by trying. Up to three queries."""
    if not person.employer or not scope_of(nominator).covers(person.employer, Role.ADMINISTRATOR):
        return ""
    found = bars_of(round, [person])[person.pk]
    if not found or Bar.OUTSIDE in found:  # that one nominating says itself
        return ""
    words = _(
        "%(name)s does not meet the conditions of the round as of today, and could not accept. Ask the organiser: %(place)s."
    )
    return words % {"name": person.name, "place": round.organisation}


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


def why_not_judged(round: AwardRound) -> str:
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


def why_waits(round: AwardRound) -> str:
    """What is still missing before judging goes on to its next step, in words: the panel, or the end of the vote. "" when
    nothing is. The desk offers the step by it and the verb asks it."""
    if round.state == RoundState.SCORING:
        return why_not_judged(round)
    if round.state == RoundState.VOTING and round.vote_until and timezone.localdate() <= round.vote_until:
        return _("The public vote has not ended yet.")
    return ""


def bars_said(round: AwardRound, rows: Collection[Nomination]) -> list[str]:
    """What bars each of these nominees today, in words, "" when nothing does."""
    found = bars_of(round, [row.person for row in rows])
    return [" ".join(str(BAR_WORDS[bar]) for bar in found[row.person_id]) for row in rows]
