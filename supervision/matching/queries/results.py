"""What an officer reads of a result: every line in words, and one mentee beside the alternatives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.access.scope import Asker
from core.sheets.writing import Heading, Table
from supervision.matching.models import (
    RoundRun,
    RoundSupervisor,
    RunLine,
)
from supervision.matching.queries.facts import facts_of
from supervision.matching.queries.words import AGAINST_DESK, reasons_of, why_none
from supervision.matching.scoring import against, parts_of
from supervision.matching.states import Side


def result_lines(run: RoundRun, user: Asker, *, name: str = "", only: str = "") -> QuerySet[RunLine]:
    """The lines of a calculation for a list: those without a supervisor first, then by name. One query a page."""
    rows = RunLine.objects.visible_to(user).filter(run=run).with_people()
    if only == "none":
        rows = rows.filter(supervisor=None)
    elif only == "paired":
        rows = rows.exclude(supervisor=None)
    elif only == "failed":
        rows = rows.exclude(failure="")
    elif only == "pinned":
        rows = rows.filter(is_pinned=True)
    if name:
        plain = name.lower()
        found = Q(supervisor__supervisor__code__icontains=plain)
        for person in ("mentee__person", "supervisor__supervisor__person"):
            found |= Q(**{f"{person}__name__icontains": plain}) | Q(
                **{f"{person}__name_search__contains": plain}
            )
        rows = rows.filter(found)
    return rows.annotate(has_one=Q(supervisor__isnull=False)).order_by(
        "has_one", "mentee__person__pinyin", "pk"
    )


def line_words(line: RunLine) -> str:
    """Why this pair, or why none, in one sentence."""
    if line.supervisor_id is None:
        return why_none(line.parts)
    return "；".join(f"{words} {points}/{most}" for words, points, most in reasons_of(line.parts))


def result_table(run: RoundRun, user: Asker) -> Table:
    """The whole result for a workbook: who, with whom, how many points, and why or why not. One query."""
    headings = [
        Heading(_("Mentee"), 14),
        Heading(_("Employer"), 30),
        Heading(_("Number of the supervisor"), 12),
        Heading(_("Supervisor"), 14),
        Heading(pgettext("round", "Score"), 8),
        Heading(pgettext("round", "Why"), 60),
        Heading(_("Could not be made"), 30),
    ]
    rows = []
    for line in result_lines(run, user):
        by = line.supervisor.supervisor if line.supervisor else None
        who = [line.mentee.person.name, str(line.mentee.person.employer or "")]
        with_whom = [by.code, by.person.name, line.score] if by else ["", "", ""]
        rows.append([*who, *with_whom, line_words(line), line.failure])
    return Table(run.round.title, headings, rows)


@dataclass(frozen=True)
class Alternative:
    """Another supervisor for one mentee: the score, how full they are in this calculation, or why not."""

    member: RoundSupervisor
    score: int
    reasons: list[tuple[str, int, int]]
    taken: int
    places: int
    why_not: str = ""
    is_now: bool = False
    is_forbidden: bool = False


def alternatives_for(line: RunLine, user: Asker, *, most: int = 12) -> list[Alternative]:
    """The best supervisors for one mentee beside the given one, then a few who are not possible, with the reason."""
    run, round = line.run, line.run.round
    facts = facts_of(round, only_mentee=line.mentee, places=run.places, sides=Side.values)
    if not facts.mentees:
        return []
    me = facts.mentees[0]
    rules = replace(facts.rules, thin=_thin_of(line, me.district))
    taken = Counter(run.lines.exclude(supervisor=None).order_by().values_list("supervisor", flat=True))
    rows: list[tuple[bool, int, int, str, Any]] = []
    for each in facts.supervisors:
        is_now = each.key == line.supervisor_id
        code = "" if is_now else against(me, each, rules)  # once published, they are paired already
        parts = [] if code else parts_of(me, each, rules)
        rows.append((bool(code), -sum(part.points for part in parts), each.key, code, (parts, each.places)))
    rows.sort(key=lambda row: row[:3])
    shown = [row for row in rows if not row[0]][:most] + [row for row in rows if row[0]][:4]
    if line.supervisor_id and all(row[2] != line.supervisor_id for row in shown):
        shown += [row for row in rows if row[2] == line.supervisor_id]
    members = (
        RoundSupervisor.objects.visible_to(user)
        .select_related("supervisor__person", "supervisor__organisation")
        .in_bulk([row[2] for row in shown])
    )
    forbidden = {by for mentee, by in run.forbidden if mentee == line.mentee_id}
    return [
        Alternative(
            member=members[key],
            score=-points,
            reasons=reasons_of([part.kept() for part in parts]),
            taken=taken[key],
            places=_places_then(members[key], places, taken[key], run),
            why_not=str(AGAINST_DESK[code]) if code else "",
            is_now=key == line.supervisor_id,
            is_forbidden=key in forbidden,
        )
        for _no, points, key, code, (parts, places) in shown
        if key in members
    ]


def _thin_of(line: RunLine, district: str) -> dict[str, int]:
    """What pairs of the mentee's district get where places are thin, as this calculation kept it with a pair of somebody
    from there: it takes the whole round to count it. One query."""
    if not district:
        return {}
    near = line.run.lines.exclude(supervisor=None).filter(mentee__person__employer__path__startswith=district)
    of_one = near.order_by("pk").values_list("parts", flat=True).first()
    points = next((points for code, points, *_rest in of_one or [] if code == "thin"), 0)
    return {district: points}


def _places_then(member: RoundSupervisor, places: int, taken: int, run: RoundRun) -> int:
    """The places as they were when it was calculated: once published, its own pairings hold some of them, but not of
    those that an officer had set."""
    if not run.round.is_told or str(member.pk) in run.places:
        return places
    return min(member.places, member.supervisor.places_free + taken)
