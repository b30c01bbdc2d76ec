"""What a policy would cost: a million invented people asked by two policies, the job over the sample data, and its pages."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import reverse
from django.utils import timezone

from config.bench.content import Stage
from config.bench.figures import Cost
from config.bench.visitor import Visitor
from config.bench.worker import Took
from core.jobs.memory import peak_mb
from core.models import Organisation, Person
from credentials.forecasts.actions import ask_forecast
from credentials.forecasts.policy import LEVELS, Totals, turned
from credentials.models import SubsidyPolicy
from credentials.policies.files import bundled, text_of
from credentials.policies.policy import Facts, assess, read_policy
from credentials.policies.policy.facts import Breach

PEOPLE = int(os.environ.get("BENCH_PEOPLE", 1_000_000))
CODE, VISITS = "jingzhou-2022", 9
ON = datetime.date(2025, 3, 1)
TURNED = {"benefits/certificate/amounts/senior": "4000", "conditions/claimed_in_time/years": "2"}
MOST_SECONDS, MOST_MORE_MB, MOST_STATEMENTS = 600, 60, 15


@dataclass(frozen=True)
class Reckoning:
    """Seconds of CPU time for so many people and two policies, what the memory grew by; the job; milliseconds of its pages."""

    people: int
    decisions: int
    seconds: float
    more_mb: float
    job_people: int
    job_seconds: float
    job_mb: float
    ask_ms: float
    page_ms: float
    statements: int

    @property
    def for_a_million(self) -> float:
        """Seconds that a million people take at this pace."""
        return self.seconds / self.people * 1_000_000

    @property
    def faults(self) -> list[str]:
        found = []
        if self.for_a_million > MOST_SECONDS:
            found.append(f"a million people reckoned: {self.for_a_million:.0f} s of {MOST_SECONDS}")
        if self.more_mb > MOST_MORE_MB:
            found.append(f"reckoning grows by {self.more_mb:.0f} MB of {MOST_MORE_MB}: it is no stream")
        if self.statements > MOST_STATEMENTS:
            found.append(f"a forecast’s page: {self.statements} statements of {MOST_STATEMENTS}")
        return found

    def __str__(self) -> str:
        return (
            f"reckoning by {CODE} and a changed one: {self.people} invented people, {self.decisions} decisions, "
            f"{self.seconds:.1f} s of CPU time ({self.for_a_million:.0f} s for a million, budget {MOST_SECONDS} s), "
            f"{self.more_mb:.0f} MB more; the job over {self.job_people} people of the sample data {self.job_seconds:.1f} s, "
            f"{self.job_mb:.0f} MB; the form {self.ask_ms:.0f} ms, the page {self.page_ms:.0f} ms, {self.statements} statements"
        )


def reckoning(stage: Stage, work: Callable[[int], Took], *, people: int = PEOPLE) -> Reckoning:
    """Reckon for invented people without the database, then as the job does for the officer's own; and look at the pages."""
    before = peak_mb()
    decisions, seconds = decided(people)
    grown = peak_mb() - before
    subsidy = SubsidyPolicy.objects.filter(code=CODE).latest("pk")
    here = Organisation.objects.get(pk=stage.officer.roles.get().organisation_id)
    forecast = ask_forecast(
        subsidy=subsidy, organisation=here, title="测速", on=timezone.localdate(), values=TURNED, answers={},
        actor=stage.officer,
    )  # fmt: skip
    took = work(forecast.job_id or 0)
    visitor = Visitor("10.9.0.1")
    visitor.sign_in(stage.officer)
    form = _visited(visitor, reverse("forecasts:ask", args=[subsidy.pk]))
    page = _visited(visitor, reverse("forecasts:inspect", args=[forecast.pk]))
    return Reckoning(
        people=people,
        decisions=decisions,
        seconds=seconds,
        more_mb=grown,
        job_people=Person.objects.filter(employer__path__startswith=here.path).count(),
        job_seconds=took.seconds,
        job_mb=took.peak_mb,
        ask_ms=form.ms,
        page_ms=page.ms,
        statements=max(form.statements, page.statements),
    )


def decided(people: int) -> tuple[int, float]:
    """Ask both policies about so many people, one after another, and add up as the job does. Decisions and CPU seconds."""
    text = text_of(bundled()[CODE])
    policies = read_policy(text), read_policy(turned(text, TURNED))
    sums, count, began = (Totals(), Totals()), 0, time.process_time()
    for place, facts in invented(people):
        for policy, totals in zip(policies, sums, strict=True):
            found = assess(policy, facts, ON)
            totals.add(place, found)
            count += len(found)
    return count, time.process_time() - began


def invented(people: int) -> Iterator[tuple[str, Facts]]:
    """One after another: eight districts, each level and none, certificates of three years, now and then a breach."""
    work = [
        MappingProxyType({"work": {"region": f"42100{n % 4}", "fields": ("社区建设",)}, "person": {}})
        for n in range(8)
    ]
    breach = (Breach("ethics", datetime.date(2024, 1, 5)),)
    for number in range(people):
        held: tuple[dict[str, object], ...] = ()
        if number % 4:
            day = ON - datetime.timedelta(days=number * 7 % 1095)
            held = ({"level": LEVELS[number % 4 - 1], "issued_on": day, "is_verified": True},)
        yield (
            str(number % 8),
            Facts(work[number % 8], held, (), (), (), breach if number % 50 == 7 else (), ()),
        )


def _visited(visitor: Visitor, address: str) -> Cost:
    """The page in the middle of several visits, after one that is not counted."""
    costs = [visitor.get(address).cost for _visit in range(VISITS + 1)][1:]
    return sorted(costs, key=lambda cost: cost.ms)[len(costs) // 2]
