"""Searching the talent pool with 100,000 people in it: the clock of a search, on the database that is measured."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from config.bench.content import Stage
from config.bench.figures import p95_of
from config.demo.mass import populate
from core.models import Organisation, ServiceField, User
from credentials.models import QualificationLevel, Sector, TalentProfile
from credentials.talent.policy import Wanted, words_of
from credentials.talent.queries import search
from credentials.talent.states import Order

PEOPLE, ROUNDS, MOST_MS = 100_000, 12, 300
WORDS = ("王", "若水", "ouyang", "zhl", "张 一鸣", "社工站 li")


@dataclass(frozen=True)
class Pool:
    """So many searches in a pool of so many people: milliseconds by the clock."""

    people: int
    searches: int
    median: float
    p95: float
    worst: str
    database: str

    @property
    def faults(self) -> list[str]:
        if self.database != "postgresql" or self.p95 <= MOST_MS:
            return []
        return [f"talent pool: p95 {self.p95:.0f} ms of {MOST_MS}"]

    def __str__(self) -> str:
        return (
            f"talent pool: {self.people} people, {self.searches} searches on {self.database}: median {self.median:.0f} ms, "
            f"p95 {self.p95:.0f} ms (at most {MOST_MS}); slowest kind: {self.worst}"
        )


def pool(stage: Stage) -> Pool:
    """Fill the pool up to 100,000 people and search it in turn by words, facets, places and orders, all of it each time:
    facets, numbers, and the first page of rows."""
    officer = User.objects.get(email="city@example.com")
    top = officer.roles.filter(role="administrator").earliest("organisation__path").organisation
    stations = list(Organisation.objects.filter(path__startswith=top.path, kind="station").order_by("path"))
    populate(max(PEOPLE - TalentProfile.objects.count(), 0), stations, officer, say=lambda _words: None)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as autovacuum does in production
    return measure(officer, top)


def measure(officer: User, top: Organisation) -> Pool:
    """The searches alone, of a pool that is filled."""
    kinds: dict[str, list[float]] = {}
    for number in range(ROUNDS + 1):
        for kind, wanted in _searches(top):
            begun = time.perf_counter()
            list(search(officer, wanted).rows[:30])
            if number:
                kinds.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
    times = [each for found in kinds.values() for each in found]
    worst, slowest = max(
        ((kind, statistics.median(found)) for kind, found in kinds.items()), key=lambda pair: pair[1]
    )
    return Pool(
        people=TalentProfile.objects.count(),
        searches=len(times),
        median=round(statistics.median(times), 1),
        p95=round(p95_of(times), 1),
        worst=f"{worst} ({slowest:.0f} ms)",
        database=connection.vendor,
    )


def _searches(top: Organisation) -> Iterator[tuple[str, Wanted]]:
    level, sector = QualificationLevel.objects.order_by("position")[1], Sector.objects.order_by("position")[2]
    field = ServiceField.objects.order_by("position")[4]
    child = top.get_children().order_by("path").first()
    chosen: tuple[dict[str, Any], ...] = (
        {"level": level.pk},
        {"sector": sector.pk, "route": "recruited"},
        {"field": field.pk, "years": 3},
        {"part": "neither", "span": 4, "awarded": "none"},
    )
    yield "everybody", Wanted()
    for order in Order.values:
        yield f"by {order}", Wanted(order=order)
    for text in WORDS:
        yield f"words “{text}”", Wanted(words=words_of(text))
    for facets in chosen:
        yield f"facets {', '.join(facets)}", Wanted(chosen=facets)
    if child is not None:
        yield "a district", Wanted(place=child.path)
        yield "a district, words and facets", Wanted(words=("li",), place=child.path, chosen=chosen[0])
