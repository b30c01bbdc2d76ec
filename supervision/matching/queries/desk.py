"""What an officer sees of a round: how it stands, the results, one mentee with the alternatives, what a trial moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.organisations.models import Tier as Level
from core.sheets.writing import Heading, Table
from supervision.matching.models import (
    Appeal,
    MatchingRound,
    RoundMentee,
    RoundRun,
    RoundSupervisor,
    RunLine,
    takes_part,
)
from supervision.matching.queries.facts import facts_of
from supervision.matching.queries.words import AGAINST_DESK, price_words, reasons_of, why_none
from supervision.matching.scoring import against, parts_of
from supervision.matching.states import Engine, RoundState, Side
from supervision.supervisors.policy import outermost


def desk_rounds(user: Asker) -> QuerySet[MatchingRound]:
    """The rounds that this user reads from the desk, with what a list shows of each. One query."""
    mine = scope_of(user).q("organisation", *READERS)
    rows = MatchingRound.objects.visible_to(user).filter(mine).select_related("organisation")
    return rows.annotate(
        mentees_in=Count("mentees", filter=Q(mentees__is_in=True), distinct=True),
        supervisors_in=Count("supervisors", filter=Q(supervisors__is_in=True), distinct=True),
    )


def is_inside(user: Asker, round: MatchingRound) -> bool:
    """Whether the officer takes part in the round: then others run it, and the lists are not for them. One query."""
    return MatchingRound.objects.filter(takes_part(user), pk=round.pk).exists()


@dataclass
class Standing:
    """How a round stands."""

    round: MatchingRound
    mentees: int = 0
    wishing: int = 0
    supervisors: int = 0
    places: int = 0
    choosing: int = 0
    current: RoundRun | None = None
    trial: RoundRun | None = None
    runs: list[RoundRun] = field(default_factory=list)
    settled: int = 0
    made: int = 0
    failed: int = 0
    lines: int = 0
    appeals: list[Appeal] = field(default_factory=list)
    next_step: str = ""

    @property
    def figures(self) -> list[tuple[str, Any, Any]]:
        return figures_of(self.current)

    @property
    def is_calculating(self) -> bool:
        return self.trial is not None and self.trial.finished_at is None


def standing_of(round: MatchingRound, user: Asker) -> Standing:
    """Six statements at most, however many people take part."""
    found = Standing(round)
    people = round.mentees.filter(is_in=True).aggregate(
        all=Count("pk"), wishing=Count("pk", filter=Q(wished_at__isnull=False))
    )
    others = round.supervisors.filter(is_in=True).aggregate(
        all=Count("pk"),
        places=Sum("places", default=0),
        choosing=Count("pk", filter=Q(wished_at__isnull=False)),
    )
    found.mentees, found.wishing = people["all"], people["wishing"]
    found.supervisors, found.places, found.choosing = others["all"], others["places"], others["choosing"]
    found.runs = list(RoundRun.objects.visible_to(user).filter(round=round).select_related("job")[:30])
    found.current = next((run for run in found.runs if run.is_current), None)
    found.trial = next((run for run in found.runs if run.is_trial), None)
    if found.current is not None:
        lines = found.current.lines.aggregate(
            all=Count("pk", filter=Q(supervisor__isnull=False)),
            settled=Count("pk", filter=Q(settled_at__isnull=False, supervisor__isnull=False)),
            made=Count("pk", filter=Q(pairing__isnull=False)),
            failed=Count("pk", filter=~Q(failure="")),
        )
        found.lines, found.settled = lines["all"], lines["settled"]
        found.made, found.failed = lines["made"], lines["failed"]
    found.appeals = list(Appeal.objects.visible_to(user).filter(round=round).select_related("person")[:200])
    found.next_step = _next_step(found)
    return found


def _next_step(found: Standing) -> str:
    round, now = found.round, timezone.now()
    if round.state == RoundState.DRAFT:
        if not found.supervisors:
            return _("Add the supervisors and the mentees, then open the round for wishes.")
        return _("Open the round for wishes; everybody in it gets a notice.")
    if round.state == RoundState.OPEN:
        if now >= round.closes_at:
            return _("The time for wishes has passed. Lock the round, then calculate it.")
        return _("Wishes come in. Lock the round when the time has passed.")
    if round.state == RoundState.LOCKED:
        return _("Calculate the round. Nothing is told to anybody yet.")
    if round.state == RoundState.RUN:
        if found.trial is not None:
            return _("A trial is open: keep it or put it aside.")
        return _("Look at the result, try changes, then publish it.")
    if round.state == RoundState.PUBLISHED:
        if any(appeal.is_waiting for appeal in found.appeals):
            return _("An appeal waits for a decision.")
        return _("Close the round when the time for appeals has passed, and make the next one from it.")
    return ""


FIGURES = ("matched", "unmatched", "total", "blocking", "first", "top3", "gap", "seconds")


def figures_of(run: RoundRun | None) -> list[tuple[str, Any, Any]]:
    """The trade between the two engines: (what, optimal, stable), in words and numbers."""
    if run is None or not run.summary:
        return []
    labels = {
        "matched": _("Paired"),
        "unmatched": _("Without a supervisor"),
        "total": _("Total score"),
        "blocking": _("Pairs who would both rather be together"),
        "first": _("Got their first wish"),
        "top3": _("Got one of their first three wishes"),
        "gap": _("Distance from the best (verified)"),
        "seconds": _("Seconds of calculation"),
    }
    optimal, stable = (run.summary.get(engine, {}) for engine in Engine.values)
    return [(labels[name], _figure(optimal, name), _figure(stable, name)) for name in FIGURES]


def _figure(summary: dict[str, Any], name: str) -> Any:
    value = summary.get(name, "")
    if name in ("first", "top3"):
        asked = summary.get("asked", 0)
        return f"{value} / {asked} ({100 * value // asked} %)" if asked else "–"
    if name == "gap":
        return _("0: proved to be the best") if not value else _("%(points)s points") % {"points": value}
    return value


def result_lines(run: RoundRun, user: Asker, *, name: str = "", only: str = "") -> QuerySet[RunLine]:
    """The lines of a calculation for a list: those without a supervisor first, then by name. One query a page."""
    rows = RunLine.objects.visible_to(user).filter(run=run).with_people()
    if only == "none":
        rows = rows.filter(supervisor=None)
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
    taken = Counter(run.lines.exclude(supervisor=None).order_by().values_list("supervisor", flat=True))
    rows: list[tuple[bool, int, int, str, Any]] = []
    for each in facts.supervisors:
        is_now = each.key == line.supervisor_id
        code = "" if is_now else against(me, each, facts.rules)  # once published, they are paired already
        parts = [] if code else parts_of(me, each, facts.rules)
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
            places=_places_then(members[key], places, taken[key], is_told=round.is_told),
            why_not=str(AGAINST_DESK[code]) if code else "",
            is_now=key == line.supervisor_id,
            is_forbidden=key in forbidden,
        )
        for _no, points, key, code, (parts, places) in shown
        if key in members
    ]


def _places_then(member: RoundSupervisor, places: int, taken: int, *, is_told: bool) -> int:
    """The places as they were when it was calculated: once published, its own pairings hold some of them."""
    return min(member.places, member.supervisor.places_free + taken) if is_told else places


@dataclass(frozen=True)
class Moved:
    """A mentee for whom a trial changes something."""

    mentee: RoundMentee
    before: RoundSupervisor | None
    after: RoundSupervisor | None
    points: int  # more or less than before


def moves_of(trial: RoundRun, current: RoundRun, user: Asker) -> list[Moved]:
    """Who would have another supervisor, or none, or one at last. Four statements."""
    pairs: dict[int, list[tuple[int | None, int]]] = defaultdict(lambda: [(None, 0), (None, 0)])
    for place, run in enumerate((current, trial)):
        for mentee, by, score in run.lines.order_by().values_list("mentee", "supervisor", "score"):
            pairs[mentee][place] = (by, score)
    moved = {mentee: both for mentee, both in pairs.items() if both[0][0] != both[1][0]}
    mentees = RoundMentee.objects.visible_to(user).select_related("person__employer").in_bulk(list(moved))
    keys = {by for both in moved.values() for by, _score in both if by}
    supervisors = RoundSupervisor.objects.visible_to(user).select_related("supervisor__person").in_bulk(keys)
    found = [
        Moved(
            mentees[mentee],
            supervisors.get(before[0] or 0),
            supervisors.get(after[0] or 0),
            after[1] - before[1],
        )
        for mentee, (before, after) in moved.items()
        if mentee in mentees
    ]
    return sorted(
        found, key=lambda one: (one.after is not None, one.before is not None, one.mentee.person.pinyin)
    )


@dataclass(frozen=True)
class Changes:
    """What an officer changed for a calculation, in words."""

    pinned: list[tuple[RoundMentee, RoundSupervisor]]
    forbidden: list[tuple[RoundMentee, RoundSupervisor]]
    places: list[tuple[RoundSupervisor, int]]

    @property
    def is_empty(self) -> bool:
        return not (self.pinned or self.forbidden or self.places)


def changes_of(run: RoundRun, user: Asker) -> Changes:
    """Two statements."""
    pairs = [*run.pinned, *run.forbidden]
    mentees = (
        RoundMentee.objects.visible_to(user).select_related("person").in_bulk([one for one, _by in pairs])
    )
    keys = [by for _one, by in pairs] + [int(key) for key in run.places]
    supervisors = RoundSupervisor.objects.visible_to(user).select_related("supervisor__person").in_bulk(keys)

    def named(rows: list[list[int]]) -> list[tuple[RoundMentee, RoundSupervisor]]:
        return [(mentees[one], supervisors[by]) for one, by in rows if one in mentees and by in supervisors]

    numbers = [
        (supervisors[int(key)], number) for key, number in run.places.items() if int(key) in supervisors
    ]
    return Changes(named(run.pinned), named(run.forbidden), numbers)


@dataclass(frozen=True)
class Scarce:
    """A supervisor who is short, with what one place fewer would cost."""

    member: RoundSupervisor
    price: int
    words: str


@dataclass(frozen=True)
class PricePage:
    """Where supervisors are short: the dearest places, and how many such supervisors there are by district and field."""

    scarce: list[Scarce]
    districts: list[tuple[str, int, str]]
    fields: list[tuple[str, int, str]]
    left: list[tuple[str, int, str]]  # mentees without a supervisor


MOST_SHOWN = 40


def prices_of(run: RoundRun, user: Asker) -> PricePage:
    """The prices of a calculation in words, and summed up to show where to recruit. Five statements."""
    weight = int(run.figures.get("weight", 1))
    rows = RoundSupervisor.objects.visible_to(user).filter(pk__in=[int(key) for key in run.prices])
    members = rows.select_related("supervisor__person", "supervisor__organisation").prefetch_related(
        "supervisor__fields"
    )
    counties = dict(Organisation.objects.filter(tier=Level.COUNTY).values_list("path", "name"))
    outer = set(outermost(counties))
    scarce, by_district, by_field = [], Counter[str](), Counter[str]()

    def district_of(path: str) -> str:
        above = Organisation.paths_above(path)
        return next((counties[each] for each in above if each in outer), _("Outside of the districts"))

    alone = run.lines.filter(supervisor=None, mentee__person__employer__isnull=False).order_by()
    left = Counter(
        district_of(path) for path in alone.values_list("mentee__person__employer__path", flat=True)
    )
    for row in members:
        price = int(run.prices[str(row.pk)])
        scarce.append(Scarce(row, price, price_words(str(row.supervisor.person), price, weight)))
        by_district[district_of(row.supervisor.organisation.path)] += 1
        for service_field in row.supervisor.fields.all():
            by_field[service_field.name_here] += 1
    scarce.sort(key=lambda one: (-one.price, one.member.supervisor.code))

    def bars(counted: Counter[str]) -> list[tuple[str, int, str]]:
        return [(label, number, "") for label, number in counted.most_common(20)]

    return PricePage(scarce[:MOST_SHOWN], bars(by_district), bars(by_field), bars(left))
