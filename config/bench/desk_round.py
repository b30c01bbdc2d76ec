"""A round inside the product, from its rows to the pairings: what reading, calculating, drawing and publishing take."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.bench.content import Stage, invented_people
from config.bench.worker import Took
from core.models import Organisation, Person, ServiceField
from supervision.matching import actions
from supervision.matching.models import MatchingRound, RoundMentee, RoundRun, RoundSupervisor, Wish
from supervision.matching.queries import facts_of
from supervision.matching.scoring import USUAL
from supervision.matching.states import Region, RoundState, Side
from supervision.pairings.models import Pairing
from supervision.supervisors.models import Supervisor

SUPERVISORS, MENTEES, PLACES, WISHES = 134, 2_000, 13, 3
MOST_FACTS, MOST_CALCULATING, MOST_DRAWING, MOST_PUBLISHING, MOST_MB = 3, 20, 120, 9, 500


@dataclass(frozen=True)
class DeskRound:
    """Seconds of CPU time for each step, the most memory of the jobs, and what came of it."""

    facts: float
    statements: int
    calculating: float
    drawing: float
    publishing: float
    peak_mb: float
    matched: int
    paired: int
    gap: int
    told: int

    @property
    def faults(self) -> list[str]:
        found = []
        if self.paired != self.matched:
            found.append(f"round at the desk: {self.paired} of {self.matched} pairs became pairings")
        if self.told != 2 * self.paired:
            found.append(f"round at the desk: {self.told} notices for {self.paired} pairings")
        if self.gap:
            found.append(f"round at the desk: not proved, {self.gap} points from the bound")
        steps = (
            ("read", self.facts, MOST_FACTS),
            ("calculate", self.calculating, MOST_CALCULATING),
            ("draw the curves", self.drawing, MOST_DRAWING),
            ("publish", self.publishing, MOST_PUBLISHING),
        )
        found += [
            f"round at the desk, {name}: {took:.1f} s, over {most} s"
            for name, took, most in steps
            if took > most
        ]
        if self.peak_mb > MOST_MB:
            found.append(f"round at the desk: {self.peak_mb:.0f} MB, over {MOST_MB} MB")
        return found

    def __str__(self) -> str:
        return (
            f"round at the desk, {SUPERVISORS} supervisors, {MENTEES} mentees: read in {self.facts:.2f} s with "
            f"{self.statements} statements, calculated in {self.calculating:.2f} s, curves drawn in {self.drawing:.1f} s, "
            f"{self.paired} pairs published in {self.publishing:.2f} s with {self.told} notices; {self.peak_mb:.0f} MB, "
            f"gap {self.gap} (budgets {MOST_FACTS}, {MOST_CALCULATING}, {MOST_DRAWING}, {MOST_PUBLISHING} s, {MOST_MB} MB)"
        )


def desk_round(
    stage: Stage, work: Callable[[int], Took], *, supervisors: int = SUPERVISORS, mentees: int = MENTEES
) -> DeskRound:
    """Make a locked round of so many, and take it to the end; `work` does a job and says what it took."""
    round = _locked(stage, supervisors, mentees)
    began = time.process_time()
    with CaptureQueriesContext(connection) as asked:
        facts_of(round)
    facts = time.process_time() - began
    curves = actions.draw_curves(round=round, actor=stage.officer)
    drawing = work(curves.job_id or 0)
    run = actions.run_round(round=round, actor=stage.officer)
    calculating = work(run.job_id or 0)
    run = RoundRun.objects.get(pk=run.pk)
    publishing = work(actions.publish_round(round=round, actor=stage.officer).pk)
    pairings = Pairing.objects.filter(round_line__run=run)
    told = sum(row.mentee.user.notices.filter(source=_source(row)).count() for row in pairings)
    told += sum(row.supervisor.person.user.notices.filter(source=_source(row)).count() for row in pairings)
    return DeskRound(
        facts=facts,
        statements=len(asked),
        calculating=calculating.seconds,
        drawing=drawing.seconds,
        publishing=publishing.seconds,
        peak_mb=max(drawing.peak_mb, calculating.peak_mb, publishing.peak_mb),
        matched=run.figures["matched"],
        paired=pairings.count(),
        gap=run.figures["gap"],
        told=told,
    )


def _source(row: Pairing) -> str:
    return f"supervision.pairing:{row.pk}:created"


def _locked(stage: Stage, supervisors: int, mentees: int) -> MatchingRound:
    """Invented people at every organisation of the officer's province, with fields, regions and wishes."""
    here = Organisation.objects.get(pk=stage.officer.roles.get().organisation_id)
    top = Organisation.objects.get(path=here.path[: Organisation.steplen])
    places = list(Organisation.objects.filter(path__startswith=top.path, is_active=True).order_by("path"))
    fields = list(ServiceField.objects.order_by("pk"))
    now = timezone.now()
    round = MatchingRound.objects.create(
        organisation=top,
        title=f"测速轮次 {now:%Y%m%d%H%M%S%f}",
        state=RoundState.LOCKED,
        locked_at=now,
        opens_at=now - datetime.timedelta(days=9),
        closes_at=now - datetime.timedelta(days=1),
        starts_on=timezone.localdate(),
        weights=dict(USUAL),
        region=Region.PROVINCE,
    )
    guides = [
        Supervisor(
            person=person, code=f"B{person.pk}", organisation=places[7 * n % len(places)], capacity=PLACES
        )
        for n, person in enumerate(invented_people("round", supervisors, places))
    ]
    for each in guides:
        each.save(force_insert=True)
    for n, each in enumerate(guides):
        each.fields.set([fields[n % len(fields)], fields[(5 * n + 2) % len(fields)]])
        each.regions.set([places[11 * n % len(places)]] if n % 3 == 0 else [])
    people = invented_people("round", mentees, places)
    through = Person.fields.through
    through.objects.bulk_create(
        [through(person=each, servicefield=fields[(3 * n) % len(fields)]) for n, each in enumerate(people)]
    )
    by = RoundSupervisor.objects.bulk_create(
        [RoundSupervisor(round=round, supervisor=each, places=PLACES) for each in guides]
    )
    rows = RoundMentee.objects.bulk_create([RoundMentee(round=round, person=each) for each in people])
    Wish.objects.bulk_create(
        [
            Wish(mentee=row, supervisor=by[(n * n + 17 * rank) % len(by)], side=Side.MENTEE, rank=rank)
            for n, row in enumerate(rows)
            for rank in range(1, min(WISHES, len(by)) + 1)
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    return round
