"""What the two sides of a round see on the site: their own round, whom they may wish for and why not, their result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from supervision.matching.models import (
    Appeal,
    MatchingRound,
    RoundMentee,
    RoundSupervisor,
    RunLine,
    Wish,
    takes_part,
)
from supervision.matching.models.rounds import may_join
from supervision.matching.queries.facts import facts_of
from supervision.matching.queries.words import AGAINST, reasons_of, why_none
from supervision.matching.scoring import against, parts_of, score_of
from supervision.matching.states import SHOWN, Side
from supervision.pairings.policy import Part
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import tiers_of

PER_PAGE = 20


def own_rounds(user: Asker) -> list[MatchingRound]:
    """The rounds in which this user takes part, or may, the newest first. One query."""
    mine = (takes_part(user) & Q(state__in=sorted(SHOWN))) | may_join(user)
    rows = MatchingRound.objects.visible_to(user).filter(mine).select_related("organisation")
    return list(rows.distinct()[:50])


@dataclass
class MyRound:
    """A round as one person sees it: what they are in it, their list, their result, their appeal."""

    round: MatchingRound
    mentee: RoundMentee | None = None
    supervisor: RoundSupervisor | None = None
    mentee_wishes: list[Wish] = field(default_factory=list)
    supervisor_wishes: list[Wish] = field(default_factory=list)
    line: RunLine | None = None
    reasons: list[tuple[str, int, int]] = field(default_factory=list)
    why_none: str = ""
    given: list[RunLine] = field(default_factory=list)  # the own mentees, for a supervisor
    appeals: list[Appeal] = field(default_factory=list)
    takes_wishes: bool = False
    takes_appeals: bool = False

    @property
    def is_in(self) -> bool:
        return bool((self.mentee and self.mentee.is_in) or (self.supervisor and self.supervisor.is_in))

    @property
    def has_open_appeal(self) -> bool:
        return any(appeal.is_waiting for appeal in self.appeals)


def my_round(round: MatchingRound, person: Person | None, user: Asker) -> MyRound:
    """Everything that this person may know of the round. Seven queries at most."""
    now = timezone.now()
    page = MyRound(round, takes_wishes=round.takes_wishes(now), takes_appeals=round.takes_appeals(now))
    if person is None:
        return page
    page.mentee = RoundMentee.objects.visible_to(user).filter(round=round, person=person).first()
    page.supervisor = (
        RoundSupervisor.objects.visible_to(user)
        .filter(round=round, supervisor=person.pk)
        .select_related("supervisor__person", "round")
        .first()
    )
    wishes = Wish.objects.visible_to(user).select_related(
        "supervisor__supervisor__person",
        "supervisor__supervisor__organisation",
        "mentee__person__employer",
    )
    if page.mentee is not None and page.mentee.is_in:
        page.mentee_wishes = list(wishes.filter(mentee=page.mentee, side=Side.MENTEE))
    if page.supervisor is not None and page.supervisor.is_in:
        page.supervisor_wishes = list(wishes.filter(supervisor=page.supervisor, side=Side.SUPERVISOR))
    if round.is_told and page.is_in:
        _add_result(page, user)
    page.appeals = list(Appeal.objects.visible_to(user).filter(round=round, person=person))
    return page


def _add_result(page: MyRound, user: Asker) -> None:
    lines = RunLine.objects.visible_to(user).filter(run__round=page.round, run__discarded_at=None)
    lines = lines.filter(run__kept_at__isnull=False).with_people().select_related("pairing")
    if page.mentee is not None:
        page.line = lines.filter(mentee=page.mentee).first()
        if page.line is not None:
            page.reasons = reasons_of(page.line.parts, reader="mentee")
            page.why_none = why_none(page.line.parts, for_desk=False) if page.line.supervisor is None else ""
    if page.supervisor is not None:
        page.given = list(lines.filter(supervisor=page.supervisor).order_by("mentee__person__pinyin")[:200])


def reasons_for_supervisor(line: RunLine) -> list[tuple[str, int, int]]:
    """Why somebody became this supervisor's mentee, without the mentee's own ranks."""
    return reasons_of(line.parts, reader="supervisor")


@dataclass(frozen=True)
class Offered:
    """One of the other side as one person sees them: what speaks for the pair, or why it is impossible."""

    member: Any
    why_not: str = ""
    reasons: Sequence[tuple[str, int, int]] = ()
    tiers: Sequence[str] = ()
    rank: int = 0  # in the own list

    @property
    def is_possible(self) -> bool:
        return not self.why_not


def supervisors_offered(
    round: MatchingRound, mentee: RoundMentee, user: Asker, *, name: str = "", page: Any = 1
) -> tuple[Page[Any], list[Offered]]:
    """A page of the round's supervisors for one mentee: those who may serve them first, the best fit at the top, then
    the others with the reason why not. A constant number of statements."""
    rows = RoundSupervisor.objects.visible_to(user).inside().filter(round=round)
    if name:
        rows = rows.filter(supervisor__in=Supervisor.objects.all().named(name).order_by().values("pk"))
    keys = set(rows.values_list("pk", flat=True))
    facts = facts_of(round, only_mentee=mentee, sides=[Side.MENTEE])
    me = facts.mentees[0] if facts.mentees else None
    judged: list[tuple[bool, int, int, str, list[Part]]] = []
    ranks: dict[int, int] = dict(me.wishes) if me else {}
    for each in facts.supervisors:
        if each.key in keys and me is not None:
            code = against(me, each, facts.rules)
            parts = [] if code else parts_of(me, each, facts.rules)
            judged.append((bool(code), -sum(part.points for part in parts), each.key, code, parts))
    judged.sort(key=lambda one: one[:3])
    shown = Paginator(judged, PER_PAGE).get_page(page)
    found = RoundSupervisor.objects.visible_to(user).select_related(
        "supervisor__person", "supervisor__organisation"
    )
    found = found.prefetch_related("supervisor__fields", "supervisor__designations")
    members = found.in_bulk([one[2] for one in shown])
    offered = [
        Offered(
            member=members[key],
            why_not=str(AGAINST[code]) if code else "",
            reasons=reasons_of(_fit(parts), reader="mentee"),
            tiers=tiers_of(members[key].supervisor),
            rank=ranks.get(key, 0),
        )
        for _no, _points, key, code, parts in shown
        if key in members
    ]
    return shown, offered


def mentees_offered(
    round: MatchingRound, supervisor: RoundSupervisor, user: Asker, *, name: str = "", page: Any = 1
) -> tuple[Page[Any], list[Offered]]:
    """A page of the round's mentees who may be this supervisor's, the best fit at the top. Who may not, is not shown: a
    supervisor has no business with the reasons. A constant number of statements."""
    rows = RoundMentee.objects.visible_to(user).inside().filter(round=round)
    if name:
        rows = rows.filter(person__in=Person.objects.named(name).order_by().values("pk"))
    keys = set(rows.values_list("pk", flat=True))
    facts = facts_of(round, only_supervisors=[supervisor.pk], sides=[Side.SUPERVISOR])
    me = facts.supervisors[0] if facts.supervisors else None
    judged = sorted(
        (-score_of(each, me, facts.rules), each.key)
        for each in facts.mentees
        if me is not None and each.key in keys and not against(each, me, facts.rules)
    )
    shown = Paginator(judged, PER_PAGE).get_page(page)
    found = RoundMentee.objects.visible_to(user).select_related("person__employer")
    members = found.prefetch_related("person__fields").in_bulk([key for _points, key in shown])
    of_key = {each.key: each for each in facts.mentees}
    offered = []
    for _points, key in shown:
        if key in members and me is not None:
            parts = _fit(parts_of(of_key[key], me, facts.rules))
            offered.append(
                Offered(
                    member=members[key],
                    reasons=reasons_of(parts, reader="supervisor"),
                    rank=me.wishes.get(key, 0),
                )
            )
    return shown, offered


def _fit(parts: Sequence[Part]) -> list[list[Any]]:
    """What speaks for a pair besides the own wish, which stands beside it."""
    return [
        part.kept() for part in parts if part.points and part.code not in ("mentee_wish", "supervisor_wish")
    ]


def matching_data_of(person: Person) -> list[dict[str, Any]]:
    """What a person takes away of their rounds: their own wishes and appeals, and their own result. Eight queries."""
    user = person.user
    rows = RoundMentee.objects.filter(person=person).select_related("round")
    found = {row.round_id: _data(row.round, "mentee") | {"languages": row.languages} for row in rows}
    for by in RoundSupervisor.objects.filter(supervisor=person.pk).select_related("round"):
        found.setdefault(by.round_id, _data(by.round, "supervisor"))["places"] = by.places
    own = Q(side=Side.MENTEE, mentee__person=person) | Q(
        side=Side.SUPERVISOR, supervisor__supervisor=person.pk
    )
    wishes = Wish.objects.filter(own).select_related("supervisor__supervisor__person", "mentee__person")
    for wish in wishes.order_by("rank"):
        other = wish.supervisor.supervisor.person if wish.side == Side.MENTEE else wish.mentee.person
        found[wish.mentee.round_id]["wishes"].append({"rank": wish.rank, "name": other.name})
    lines = RunLine.objects.visible_to(user).filter(mentee__person=person, run__kept_at__isnull=False)
    for line in lines.filter(run__discarded_at=None).with_people().select_related("run__round"):
        if line.run.round.is_told and line.run.round_id in found:
            by_name = line.supervisor.supervisor.person.name if line.supervisor else None
            reasons = [words for words, _points, _most in reasons_of(line.parts, reader="mentee")]
            result = {
                "supervisor": by_name,
                "reasons": reasons,
                "why_none": why_none(line.parts, for_desk=False),
            }
            found[line.run.round_id]["result"] = result
    for appeal in Appeal.objects.filter(person=person):
        said = {
            "text": appeal.text,
            "made_at": appeal.made_at,
            "state": appeal.state,
            "answer": appeal.answer,
        }
        if appeal.round_id in found:
            found[appeal.round_id]["appeals"].append(said)
    return list(found.values())


def _data(round: MatchingRound, side: str) -> dict[str, Any]:
    return {
        "round": round.title,
        "side": side,
        "state": round.state,
        "wishes": [],
        "result": None,
        "appeals": [],
    }
