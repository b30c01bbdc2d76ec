"""What a round weighs beside the scores, in words, and the curves from which it is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.access.scope import Asker
from core.jobs.states import OPEN as WAITING
from core.ui.charts import Mark
from supervision.matching.models import MatchingRound, RoundCurves, RoundRun
from supervision.matching.states import Engine, Knob, RoundState

MEANS: dict[str, Any] = {
    Knob.WISHES: gettext_lazy(
        "A pair costs this many points × (rank² − 1): nothing for the mentee's first wish, three times as much for the "
        "second, eight times for the third; somebody whom they did not wish for counts as the wish after their last. Who "
        "wished for nobody costs nothing. Turned up, wishes are met better, and the total score falls."
    ),
    Knob.EVEN: gettext_lazy(
        "The last place of a supervisor costs almost this many points more than the first, those between in even steps. "
        "Turned up, nobody is full while others are idle, and the total score falls."
    ),
    Knob.KEEP: gettext_lazy(
        "A pair that was together before is worth this many points more, beside the points for continuity. Turned up, "
        "more pairs stay together, and the total score of the others falls."
    ),
}
FIRST_WISH = gettext_lazy("The first wish: %(now)s of %(asked)s people instead of %(before)s.")
FIRST_THREE = gettext_lazy(
    "One of the first three wishes: %(now)s of %(asked)s people instead of %(before)s."
)
FIRST = gettext_lazy("Got their first wish, %")
GAINS: dict[str, Any] = {
    Knob.WISHES: gettext_lazy("Got one of their first three wishes, %"),
    Knob.EVEN: gettext_lazy("Between the most and the fewest mentees at one supervisor"),
    Knob.KEEP: gettext_lazy("Earlier pairs that stay together"),
}


def knob_words(knobs: Mapping[str, Any]) -> list[str]:
    """What is turned, one sentence each; nothing when the scores alone decide."""
    found = []
    for knob in Knob.values:
        points = int(knobs.get(knob, 0))
        if not points:
            continue
        if knob == Knob.WISHES:
            words = ngettext(
                "Wishes: each pair costs %(points)s point × (rank² − 1).",
                "Wishes: each pair costs %(points)s points × (rank² − 1).",
                points,
            )
        elif knob == Knob.EVEN:
            words = ngettext(
                "Even load: a supervisor's last place costs almost %(points)s point more than the first.",
                "Even load: a supervisor's last place costs almost %(points)s points more than the first.",
                points,
            )
        else:
            words = ngettext(
                "Earlier pairs: each that stays together is worth %(points)s point more.",
                "Earlier pairs: each that stays together is worth %(points)s points more.",
                points,
            )
        found.append(words % {"points": points})
    return found


def cost_words(run: RoundRun | None) -> str:
    """What the knobs cost the total of a calculation, and what they bought; "" when none is turned."""
    figures = run.figures if run is not None else {}
    plain = figures.get("plain")
    if not plain:
        return ""
    less = plain["total"] - figures["total"]
    words = ngettext(
        "This costs %(less)s point of the total score (%(share)s %% of it is left).",
        "This costs %(less)s points of the total score (%(share)s %% of it is left).",
        less,
    )
    said = [words % {"less": less, "share": share_of(figures["total"], plain["total"])}]
    for name, sentence in (("first", FIRST_WISH), ("top3", FIRST_THREE)):
        if figures[name] != plain[name]:
            values = {"now": figures[name], "asked": figures["asked"], "before": plain[name]}
            said.append(str(sentence) % values)
    if (figures["least"], figures["most"]) != (plain["least"], plain["most"]):
        words = _(
            "Mentees at one supervisor: %(least)s to %(most)s instead of %(old_least)s to %(old_most)s."
        )
        old = {"old_least": plain["least"], "old_most": plain["most"]}
        said.append(words % {"least": figures["least"], "most": figures["most"], **old})
    if figures["kept"] != plain["kept"]:
        words = _("Earlier pairs together: %(now)s instead of %(before)s.")
        said.append(words % {"now": figures["kept"], "before": plain["kept"]})
    return " ".join(said)


def proof_words(run: RoundRun | None) -> str:
    """How far a calculation can be from the best over all pairs that are allowed, as the verifier has proved it."""
    figures = run.figures if run is not None else {}
    if "gap" not in figures or run is None or run.engine != Engine.OPTIMAL:
        return ""
    if figures["gap"]:
        words = ngettext(
            "Proved: over all allowed pairs nothing can be better by more than %(gap)s point.",
            "Proved: over all allowed pairs nothing can be better by more than %(gap)s points.",
            figures["gap"],
        )
        said = words % {"gap": figures["gap"]}
    else:
        said = _("Proved: over all allowed pairs there is nothing better.")
    if "rounds" in figures:
        words = ngettext(
            "There are too many pairs for a row each: they were searched in %(rounds)s round guided by prices.",
            "There are too many pairs for a row each: they were searched in %(rounds)s rounds guided by prices.",
            figures["rounds"],
        )
        said += " " + words % {"rounds": figures["rounds"]}
        said += " " + _(
            "The stable engine and what is weighed beside the scores are not offered for so many."
        )
    return said


def share_of(part: int, whole: int) -> str:
    """Per cent with two places, never rounded up to all of it."""
    hundredths = 10_000 * part // whole if whole > 0 else 10_000
    return number_format(hundredths / 100, decimal_pos=2)


@dataclass(frozen=True)
class Choice:
    """One value of a knob: what it comes to, and whether it is the one that is chosen."""

    value: int
    matched: int
    total: int
    share: str
    gain: str
    also: str  # the second measure of the knob
    is_proved: bool
    is_chosen: bool


@dataclass
class Curve:
    """One knob: what it means, its choices, and the marks of the chart (gain, share of the total)."""

    knob: str
    label: str
    means: str
    gain: str
    choices: list[Choice] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    is_old: bool = False  # drawn with another value of the other knobs


@dataclass
class KnobPage:
    """How the knobs of a round stand: what is chosen now, and the curves if they are drawn."""

    knobs: dict[str, int]
    words: list[str]
    drawing: RoundCurves | None = None
    is_drawing: bool = False
    is_old: bool = False
    curves: list[Curve] = field(default_factory=list)
    engine: str = ""


def knobs_page(round: MatchingRound, user: Asker) -> KnobPage:
    """Two statements."""
    runs = RoundRun.objects.visible_to(user).filter(round=round, discarded_at=None, finished_at__isnull=False)
    base = (
        runs.order_by(F("kept_at").asc(nulls_first=True)).first()
        if round.state == RoundState.RUN or round.is_told
        else None
    )
    rows = RoundCurves.objects.visible_to(user).filter(round=round).select_related("job", "base")
    if round.locked_at is not None:
        rows = rows.filter(created_at__gte=round.locked_at)
    drawing = rows.first()
    now = base.knobs if base is not None else round.knobs
    knobs = {knob: int(now.get(knob, 0)) for knob in Knob.values}
    page = KnobPage(knobs, knob_words(knobs), drawing, engine=base.engine if base else round.engine)
    if drawing is None:
        return page
    job = drawing.job
    page.is_drawing = drawing.finished_at is None and job is not None and job.state in WAITING
    page.is_old = _changes(drawing.base) != _changes(base)
    page.curves = [_curve(knob, drawing.points.get(knob, []), knobs[knob]) for knob in Knob.values]
    for curve in page.curves:
        others = {knob: value for knob, value in knobs.items() if knob != curve.knob}
        curve.is_old = any(int(drawing.knobs.get(knob, 0)) != value for knob, value in others.items())
    return page


def _changes(run: RoundRun | None) -> tuple[Any, ...]:
    return (run.pinned, run.forbidden, run.places) if run is not None else ([], [], {})


def _curve(knob: str, points: list[dict[str, Any]], now: int) -> Curve:
    gains = _gains(knob, points)
    is_first = knob == Knob.WISHES and gains != _gains(knob, points, first=False)
    made = Curve(knob, str(Knob(knob).label), str(MEANS[knob]), str(FIRST if is_first else GAINS[knob]))
    best = max((point["total"] for point in points), default=0)
    seen: set[tuple[int, float]] = set()
    for point, gain in zip(points, gains, strict=True):
        is_chosen = point["value"] == now
        if (point["total"], gain) in seen and not is_chosen:
            continue  # the same as a smaller value comes to
        seen.add((point["total"], gain))
        gained, also = _measures(knob, point)
        share, is_proved = share_of(point["total"], best), not point["gap"]
        value, matched, total = point["value"], point["matched"], point["total"]
        made.choices.append(Choice(value, matched, total, share, gained, also, is_proved, is_chosen))
        made.marks.append(Mark(str(value), gain, 100 * total / best if best else 0, strong=is_chosen))
    return made


def _gains(knob: str, points: list[dict[str, Any]], *, first: bool | None = None) -> list[float]:
    """What each point gains, for the chart. Of wishes one of the first three; or the first, where that makes the larger
    difference."""
    if knob != Knob.WISHES:
        name = "kept" if knob == Knob.KEEP else ""
        return [point[name] if name else point["most"] - point["least"] for point in points]

    def shares(name: str) -> list[float]:
        return [100 * point[name] / point["asked"] if point["asked"] else 0.0 for point in points]

    three, one = shares("top3"), shares("first")

    def span(values: list[float]) -> float:
        return max(values, default=0) - min(values, default=0)

    is_first = span(one) > span(three) if first is None else first
    return one if is_first else three


def _measures(knob: str, point: Mapping[str, Any]) -> tuple[str, str]:
    """What the knob is about, and beside it."""
    if knob == Knob.WISHES:
        asked = point["asked"]
        three, one = (
            f"{point[name]} / {asked} ({share_of(point[name], asked)} %)" for name in ("top3", "first")
        )
        return three, one
    return (
        f"{point['least']}–{point['most']}" if knob == Knob.EVEN else f"{point['kept']} / {point['earlier']}"
    ), ""
