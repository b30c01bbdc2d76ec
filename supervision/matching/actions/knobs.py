"""The knobs of a round: drawing what each value would come to, and choosing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.jobs.actions import Run, job_kind, start_job
from core.jobs.states import OPEN as WAITING
from supervision.matching.actions.basis import RoundRefused, audit, locked, round_place
from supervision.matching.actions.running import base_of, contradiction_words, try_change
from supervision.matching.models import MatchingRound, RoundCurves, RoundRun
from supervision.matching.queries import Contradiction, curves_of, facts_of
from supervision.matching.states import MOST_KNOB, Engine, Knob, RoundState

DRAW = "supervision.draw_curves"


@transaction.atomic
def draw_curves(*, round: MatchingRound, actor: Asker) -> RoundCurves:
    """Start a job that works out what the values of each knob would come to for the people of a locked or calculated
    round. Raises RoundRefused otherwise. While one is at work a second click gets the same. Side effects: the row, its
    job, audit."""
    row = locked(round)
    if row.state not in (RoundState.LOCKED, RoundState.RUN):
        raise RoundRefused(_("Lock the round first: then nobody's wishes change any more."))
    waiting = row.curves.select_related("job").filter(finished_at=None).first()
    if waiting is not None and waiting.job is not None and waiting.job.state in WAITING:
        return waiting
    row.curves.filter(finished_at=None).update(
        error=_("The calculation stopped."), finished_at=timezone.now()
    )
    base = base_of(row)
    if base is not None and base.finished_at is None:
        raise RoundRefused(_("The round is being calculated. Try again in a moment."))
    knobs = base.knobs if base is not None else row.knobs
    made = RoundCurves.objects.create(
        round=row, base=base, knobs=knobs, created_by_id=getattr(actor, "pk", None)
    )
    made.job = start_job(
        kind=DRAW,
        title=_("Curves of the round: %(round)s") % {"round": row.title},
        params={"curves": made.pk},
        actor=actor,
        organisation=row.organisation,
    )
    made.save(update_fields=["job"])
    audit("supervision.draw_curves", row, actor, after={"curves": made.pk})
    return made


@job_kind(DRAW, lambda job: round_place(RoundCurves.objects.filter(pk=job.params["curves"])))
def calculate_curves(run: Run) -> dict[str, Any]:
    """Solve and prove the round at every value of every knob. Killed, it begins anew and doubles nothing."""
    row = RoundCurves.objects.select_related("round__organisation", "base").get(pk=run.params["curves"])
    if row.finished_at is not None:
        return {}
    base = row.base
    facts = facts_of(row.round, places=base.places if base else None)
    changes = {"pinned": base.pinned, "forbidden": base.forbidden} if base else {}
    kept: dict[str, Any] = {}
    try:
        kept["points"] = curves_of(facts, knobs=row.knobs, report=run.report, **changes)
    except Contradiction as fault:
        kept["error"] = contradiction_words(fault)
    RoundCurves.objects.filter(pk=row.pk, finished_at=None).update(finished_at=timezone.now(), **kept)
    return {}


@transaction.atomic
def choose_knobs(*, round: MatchingRound, actor: Asker, **values: int) -> RoundRun | None:
    """Choose what the round weighs beside the scores: `wishes`, `even` and `keep`, in points.

    Of a locked round it is what the next calculation uses, and its curves are drawn anew; a calculated one is tried
    with it, and returned is the trial.
    Raises RoundRefused in other states, for numbers that cannot be, and with the stable engine, which knows no knobs.
    Side effects: the round or the trial, audit.
    """
    row = locked(round)
    knobs = {knob: int(values.get(knob, 0)) for knob in Knob.values}
    if any(not 0 <= value <= MOST_KNOB for value in knobs.values()):
        raise RoundRefused(_("Between 0 and %(most)s points.") % {"most": MOST_KNOB})
    if row.state == RoundState.RUN:
        base = base_of(row)
        if any(knobs.values()) and base is not None and base.engine != Engine.OPTIMAL:
            raise RoundRefused(_("Only the optimal engine knows these settings. Try that engine first."))
        return try_change(round=row, actor=actor, knobs=knobs)
    if row.state != RoundState.LOCKED:
        raise RoundRefused(_("Lock the round first: then nobody's wishes change any more."))
    if any(knobs.values()) and row.engine != Engine.OPTIMAL:
        raise RoundRefused(_("Only the optimal engine knows these settings. Try that engine first."))
    before = row.knobs
    MatchingRound.objects.filter(pk=row.pk).update(knobs=knobs)
    row.knobs = knobs
    audit("supervision.choose_knobs", row, actor, before={"knobs": before}, after={"knobs": knobs})
    if before != knobs and row.locked_at and row.curves.filter(created_at__gte=row.locked_at).exists():
        row.curves.filter(finished_at=None).update(
            error=_("Other values were chosen."), finished_at=timezone.now()
        )
        draw_curves(round=row, actor=actor)
    return None
