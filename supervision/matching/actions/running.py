"""Calculating a round as a job, and trying changes before any is kept."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.jobs.actions import Run, job_kind, start_job
from core.states import move
from supervision.matching.actions.basis import RoundRefused, audit, locked, round_place
from supervision.matching.models import MatchingRound, RoundMentee, RoundRun, RoundSupervisor, RunLine
from supervision.matching.queries import AGAINST_DESK, Contradiction, Outcome, facts_of, outcome_of
from supervision.matching.scoring import against
from supervision.matching.states import MOVES, RoundState

CALCULATE = "supervision.calculate_round"
AT_ONCE = 500


@transaction.atomic
def run_round(*, round: MatchingRound, actor: Asker) -> RoundRun:
    """Start the calculation of a locked round, or of one that is calculated already as a trial with the same changes.

    Raises RoundRefused when it is not locked or nobody takes part on one side. While it is being calculated, a second
    click gets the same. Side effects: the row, its job, audit.
    """
    row = locked(round)
    if row.state not in (RoundState.LOCKED, RoundState.RUN):
        raise RoundRefused(_("Lock the round first: then nobody's wishes change any more."))
    if not row.mentees.filter(is_in=True).exists() or not row.supervisors.filter(is_in=True).exists():
        raise RoundRefused(_("On one side nobody takes part."))
    waiting = _trial(row)
    if waiting is not None and waiting.finished_at is None and not waiting.error:
        return waiting
    current = row.runs.filter(kept_at__isnull=False, discarded_at=None).first()
    made = _start(row, current, actor)
    audit("supervision.run_round", row, actor, after={"run": made.number, "engine": made.engine})
    return made


@transaction.atomic
def try_change(
    *,
    round: MatchingRound,
    actor: Asker,
    pin: tuple[RoundMentee, RoundSupervisor] | None = None,
    forbid: tuple[RoundMentee, RoundSupervisor] | None = None,
    free: RoundMentee | None = None,
    places: tuple[RoundSupervisor, int] | None = None,
    knobs: dict[str, int] | None = None,
    engine: str = "",
) -> RoundRun:
    """Try one more change and calculate the round as a trial, which moves nothing until it is kept.

    `pin` and `forbid` are pairs, `free` takes back what was pinned and forbidden for a mentee, `places` sets those of a
    supervisor, `knobs` what is weighed beside the scores. It goes on from the trial that is open, otherwise from what
    holds. Raises RoundRefused for what the hard rules forbid, and for what contradicts an earlier change. Side
    effects: rows, a job, audit.
    """
    row = locked(round)
    if row.state != RoundState.RUN:
        raise RoundRefused(_("Changes are tried when the round is calculated and not published yet."))
    base = base_of(row)
    if base is None or base.finished_at is None:
        raise RoundRefused(_("The round is being calculated. Try again in a moment."))
    pinned, forbidden, numbers = list(base.pinned), list(base.forbidden), dict(base.places)
    changed: dict[str, Any] = {}
    if pin is not None:
        _require_allowed(row, *pin)
        pair = [pin[0].pk, pin[1].pk]
        pinned = [each for each in pinned if each[0] != pair[0]] + [pair]
        forbidden = [each for each in forbidden if each != pair]
        changed["pin"] = pair
    if forbid is not None:
        pair = [forbid[0].pk, forbid[1].pk]
        pinned = [each for each in pinned if each != pair]
        forbidden = [each for each in forbidden if each != pair] + [pair]
        changed["forbid"] = pair
    if free is not None:
        pinned = [each for each in pinned if each[0] != free.pk]
        forbidden = [each for each in forbidden if each[0] != free.pk]
        changed["free"] = free.pk
    if places is not None:
        if not 0 <= places[1] <= 999:
            raise RoundRefused(_("At most 999 places."))
        numbers[str(places[0].pk)] = places[1]
        changed["places"] = [places[0].pk, places[1]]
    if knobs is not None:
        changed["knobs"] = knobs
    made = _start(
        row,
        base,
        actor,
        pinned=pinned,
        forbidden=forbidden,
        places=numbers,
        knobs=knobs if knobs is not None else base.knobs,
        engine=engine,
    )
    audit("supervision.try_change", row, actor, after=changed | {"run": made.number})
    return made


@transaction.atomic
def keep_trial(*, run: RoundRun, actor: Asker) -> None:
    """Let a trial be the result of its round. Raises RoundRefused when it is not calculated, was decided on before, or
    the round has been published. Side effects: what held until now is put aside; audit."""
    row = locked(run.round)
    found = RoundRun.objects.select_for_update().get(pk=run.pk)
    if row.state != RoundState.RUN or not found.is_trial or found.error or found.finished_at is None:
        raise RoundRefused(_("This trial cannot be kept any more. The page shows how the round stands now."))
    now = timezone.now()
    for old in row.runs.filter(kept_at__isnull=False, discarded_at=None):
        _put_aside(old)
    RoundRun.objects.filter(pk=found.pk).update(kept_at=now)
    if (found.engine, found.knobs) != (row.engine, row.knobs):
        MatchingRound.objects.filter(pk=row.pk).update(engine=found.engine, knobs=found.knobs)
    audit("supervision.keep_trial", row, actor, after={"run": found.number})


@transaction.atomic
def discard_trial(*, run: RoundRun, actor: Asker) -> None:
    """Put a trial aside; nothing changes. Raises RoundRefused when it was decided on before. Side effect: audit."""
    row = locked(run.round)
    found = RoundRun.objects.select_for_update().get(pk=run.pk)
    if not found.is_trial:
        raise RoundRefused(_("This trial was decided on before. Nothing was changed."))
    _put_aside(found)
    audit("supervision.discard_trial", row, actor, after={"run": found.number})


@job_kind(CALCULATE, lambda job: round_place(RoundRun.objects.filter(pk=job.params["run"])))
def calculate_round(run: Run) -> dict[str, Any]:
    """Build the market, run both engines, verify, and store. Killed at any moment it begins anew and doubles nothing."""
    row = RoundRun.objects.select_related("round__organisation").get(pk=run.params["run"])
    if row.finished_at is not None or row.discarded_at is not None:
        return {}
    run.report(0, 3)
    facts = facts_of(row.round, places=row.places)
    run.report(1, 3)
    try:
        now = _now(row) if row.round.state == RoundState.RUN else None
        changes = {"pinned": row.pinned, "forbidden": row.forbidden, "knobs": row.knobs}
        found = outcome_of(facts, engine=row.engine, now=now, **changes)
    except Contradiction as fault:
        _fail(row, fault)
        return {}
    for figures in found.summary.values():  # as they were now: publishing fills the places that are free
        figures["places"] = sum(one.places for one in facts.supervisors)
    run.report(2, 3)
    store_outcome(run=row, outcome=found)
    return {"done": found.summary[row.engine]["matched"], "of": len(found.placed)}


@transaction.atomic
def store_outcome(*, run: RoundRun, outcome: Outcome) -> None:
    """Write what a calculation came to. The first one of a round is its result at once, and the round moves on."""
    row = locked(run.round)
    found = RoundRun.objects.select_for_update().get(pk=run.pk)
    if found.finished_at is not None or found.discarded_at is not None:
        return
    RunLine.objects.bulk_create(
        [
            RunLine(
                run=found,
                mentee_id=each.mentee,
                supervisor_id=each.supervisor,
                score=each.score,
                parts=each.parts,
                is_pinned=each.is_pinned,
                other_id=each.other,
            )
            for each in outcome.placed
        ],
        batch_size=AT_ONCE,
    )
    found.summary, found.prices, found.areas = outcome.summary, outcome.prices, outcome.areas
    found.finished_at = timezone.now()
    if row.state == RoundState.LOCKED:
        found.kept_at = found.finished_at
        move(row, RoundState.RUN, MOVES)
    found.save(update_fields=["summary", "prices", "areas", "finished_at", "kept_at"])


def base_of(round: MatchingRound) -> RoundRun | None:
    """The calculation from which a change goes on: the trial that is open, otherwise what holds."""
    return _trial(round) or round.runs.filter(kept_at__isnull=False, discarded_at=None).first()


def _trial(round: MatchingRound) -> RoundRun | None:
    return round.runs.filter(kept_at=None, discarded_at=None).first()


def _start(
    round: MatchingRound,
    base: RoundRun | None,
    actor: Asker,
    *,
    pinned: list[list[int]] | None = None,
    forbidden: list[list[int]] | None = None,
    places: dict[str, int] | None = None,
    knobs: dict[str, int] | None = None,
    engine: str = "",
) -> RoundRun:
    """A new calculation in place of the open trial (the round is locked)."""
    waiting = _trial(round)
    if waiting is not None:
        _put_aside(waiting)

    def first(given: Any, name: str) -> Any:
        return given if given is not None else getattr(base, name) if base is not None else None

    last = round.runs.aggregate(last=Max("number", default=0))["last"]
    made = RoundRun.objects.create(
        round=round,
        number=last + 1,
        engine=engine or (base.engine if base is not None else round.engine),
        pinned=first(pinned, "pinned") or [],
        forbidden=first(forbidden, "forbidden") or [],
        places=first(places, "places") or {},
        knobs=knobs if knobs is not None else (base.knobs if base is not None else round.knobs),
        created_by_id=getattr(actor, "pk", None),
    )
    made.job = start_job(
        kind=CALCULATE,
        title=_("Matching round: %(round)s") % {"round": round.title},
        params={"run": made.pk},
        actor=actor,
        organisation=round.organisation,
    )
    made.save(update_fields=["job"])
    return made


def _now(row: RoundRun) -> dict[int, int]:
    """Who has whom in the result that holds."""
    current = RunLine.objects.filter(
        run__round=row.round_id, run__kept_at__isnull=False, run__discarded_at=None
    )
    return dict(current.matched().order_by().values_list("mentee", "supervisor"))


def _put_aside(run: RoundRun) -> None:
    """What is put aside keeps its changes and figures, not its thousands of lines."""
    RoundRun.objects.filter(pk=run.pk).update(discarded_at=timezone.now())
    run.lines.all().delete()


def _require_allowed(round: MatchingRound, mentee: RoundMentee, supervisor: RoundSupervisor) -> None:
    """No officer pins what a hard rule forbids."""
    facts = facts_of(round, only_mentee=mentee, only_supervisors=[supervisor.pk], sides=())
    if not facts.mentees or not facts.supervisors:
        raise RoundRefused(_("One of the two does not take part in this round."))
    code = against(facts.mentees[0], facts.supervisors[0], facts.rules)
    if code:
        raise RoundRefused(_("This pair cannot be pinned. %(why)s") % {"why": AGAINST_DESK[code]})


def contradiction_words(fault: Contradiction) -> str:
    """Why the round could not be calculated, in a sentence."""
    words = {
        "pinned_over": _("More pairs are pinned at a supervisor than there are places."),
        "pinned_not_allowed": _("A pinned pair breaks a rule of the round."),
        "too_large": _(
            "So many different people cannot be calculated in one round. Make one for each region."
        ),
        "too_large_for_stable": _(
            "For so many people only the optimal engine can be used: choose it in the rules."
        ),
        "too_large_for_knobs": _(
            "For so many people the scores alone decide: nothing can be weighed beside them."
        ),
        "too_wide": _("So many points for so many people cannot be added up. Choose fewer."),
    }
    return words.get(fault.kind, _("The changes contradict each other."))[:300]


@transaction.atomic
def _fail(row: RoundRun, fault: Contradiction) -> None:
    RoundRun.objects.filter(pk=row.pk, finished_at=None).update(
        error=contradiction_words(fault), finished_at=timezone.now(), discarded_at=timezone.now()
    )
