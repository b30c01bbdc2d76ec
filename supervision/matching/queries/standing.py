"""How a round stands at the desk, and the figures of its calculations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from supervision.matching.models import (
    Appeal,
    MatchingRound,
    RoundRun,
    takes_part,
)
from supervision.matching.queries.trials import Overfull, overfull_of
from supervision.matching.states import Engine, RoundState


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
    newest: int | None = None
    overfull: list[Overfull] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """How many mentees have named nobody yet."""
        return self.mentees - self.wishing

    @property
    def figures(self) -> list[tuple[str, Any, Any]]:
        return figures_of(self.current)

    @property
    def trade_words(self) -> str:
        return trade_words(self.current)

    @property
    def is_calculating(self) -> bool:
        return self.trial is not None and self.trial.finished_at is None

    @property
    def is_publishing(self) -> bool:
        """Whether pairings of a published result are still to be made."""
        return self.round.state == RoundState.PUBLISHED and self.settled < self.lines


def standing_of(round: MatchingRound, user: Asker) -> Standing:
    """Ten statements at most, however many people take part. The places are those that the result was calculated with;
    before there is one, those that a calculation would find now."""
    found = Standing(round)
    people = round.mentees.filter(is_in=True).aggregate(
        all=Count("pk"), wishing=Count("pk", filter=Q(wished_at__isnull=False))
    )
    others = round.supervisors.filter(is_in=True).aggregate(
        all=Count("pk"),
        places=Sum("places" if round.is_told else _places_now(), default=0),
        choosing=Count("pk", filter=Q(wished_at__isnull=False)),
    )
    found.mentees, found.wishing = people["all"], people["wishing"]
    found.supervisors, found.places, found.choosing = others["all"], others["places"], others["choosing"]
    found.runs = list(RoundRun.objects.visible_to(user).filter(round=round).select_related("job")[:30])
    found.current = next((run for run in found.runs if run.is_current), None)
    found.trial = next((run for run in found.runs if run.is_trial), None)
    if found.current is not None:
        found.places = found.current.figures.get("places", found.places)
        if round.state == RoundState.LOCKED:  # it was calculated since the round was read
            round.refresh_from_db(fields=["state"])
        lines = found.current.lines.aggregate(
            all=Count("pk", filter=Q(supervisor__isnull=False)),
            settled=Count("pk", filter=Q(settled_at__isnull=False, supervisor__isnull=False)),
            made=Count("pk", filter=Q(pairing__isnull=False)),
            failed=Count("pk", filter=~Q(failure="")),
        )
        found.lines, found.settled = lines["all"], lines["settled"]
        found.made, found.failed = lines["made"], lines["failed"]
    if round.state == RoundState.RUN:
        found.overfull = overfull_of(found.current)
        found.newest = newest_run(round)
    found.appeals = list(Appeal.objects.visible_to(user).filter(round=round).select_related("person")[:200])
    found.next_step = _next_step(found)
    return found


def _places_now() -> Least:
    """The places that a calculation may give: never more than the supervisor has free."""
    return Least(F("places"), F("supervisor__capacity") - F("supervisor__load"))


def newest_run(round: MatchingRound) -> int | None:
    """The number of the newest calculation that is not put aside: the open trial, otherwise what holds. One query."""
    number: int | None = round.runs.filter(discarded_at=None).aggregate(newest=Max("number"))["newest"]
    return number


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
    if round.state == RoundState.PUBLISHED:
        return _next_of_published(found)
    if found.is_calculating or round.state not in (RoundState.LOCKED, RoundState.RUN):
        return ""  # of a calculation the page speaks itself
    if round.state == RoundState.LOCKED:
        return _("Calculate the round. Nothing is told to anybody yet.")
    if found.trial is not None:
        return _("A trial is open: keep it or put it aside.")
    return _("Look at the result, try changes, then publish it.")


def _next_of_published(found: Standing) -> str:
    if found.is_publishing:
        return _("The pairings are being made one after the other; then everybody is told.")
    if any(appeal.is_waiting for appeal in found.appeals):
        return _("An appeal waits for a decision.")
    return _("Close the round when the time for appeals has passed, and make the next one from it.")


FIGURES = ("matched", "unmatched", "total", "blocking", "first", "top3", "loads", "kept", "gap", "seconds")


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
        "loads": _("Mentees at one supervisor, fewest and most"),
        "kept": _("Earlier pairs together"),
        "gap": _("Distance from the best (verified)"),
        "seconds": _("Seconds of calculation"),
    }
    optimal, stable = (run.summary.get(engine, {}) for engine in Engine.values)
    return [(labels[name], _figure(optimal, name), _figure(stable, name)) for name in FIGURES]


def trade_words(run: RoundRun | None) -> str:
    """What either engine gives up beside the other, in the numbers of this round; "" where one was not calculated, or where
    something beside the scores was weighed so that the two cannot be compared."""
    optimal, stable = (run.summary.get(engine, {}) if run is not None else {} for engine in Engine.values)
    if not {"matched", "total", "blocking"} <= optimal.keys() & stable.keys():
        return ""
    fewer, less = optimal["matched"] - stable["matched"], optimal["total"] - stable["total"]
    if fewer < 0 or (less < 0 and not fewer):
        return ""
    values = {
        "fewer": fewer,
        "one": optimal["matched"],
        "other": stable["matched"],
        "best": optimal["total"],
        "total": stable["total"],
        "pairs": optimal["blocking"],
    }
    if fewer:
        words = _(
            "In this round: “Stable” pairs %(fewer)s fewer (%(other)s instead of %(one)s) and comes to a total score of %(total)s instead of %(best)s. “Optimal” leaves %(pairs)s times a mentee and a supervisor who would both rather be together; “Stable” leaves none."
        )
    else:
        words = _(
            "In this round: both pair %(one)s. “Stable” comes to a total score of %(total)s instead of %(best)s. “Optimal” leaves %(pairs)s times a mentee and a supervisor who would both rather be together; “Stable” leaves none."
        )
    return words % values


def _figure(summary: dict[str, Any], name: str) -> Any:
    if not summary:
        return "–"
    if name == "loads":
        return f"{summary['least']}–{summary['most']}" if "most" in summary else "–"
    if name == "kept":
        return f"{summary['kept']} / {summary['earlier']}" if summary.get("earlier") else "–"
    value = summary.get(name, "")
    if name in ("first", "top3"):
        asked = summary.get("asked", 0)
        return f"{value} / {asked} ({100 * value // asked} %)" if asked else "–"
    if name == "gap":
        return _("0: proved to be the best") if not value else _("%(points)s points") % {"points": value}
    return value
