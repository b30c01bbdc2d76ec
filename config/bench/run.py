"""The rounds, and what comes out of them: a table to read and a file for machines."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from wagtail import __version__ as wagtail_version

from config.bench.content import Stage
from config.bench.figures import Budget, Cost, Figures, Once, figures_of, over
from config.bench.units import SCENARIOS, UNITS

WARM_UP = 3  # rounds that are not counted: templates are compiled, words and menus are read


def measure(stage: Stage, rounds: int, names: Collection[str]) -> dict[str, Figures]:
    """The figures of the named units. All units take turns in each round, so that a busy minute falls on all alike."""
    costs: dict[str, list[Cost]] = {name: [] for name in UNITS if name in names}
    wanted = [act for gives, act in SCENARIOS if set(gives) & set(names)]
    for number in range(WARM_UP + rounds):
        for act in wanted:
            for name, cost in act(stage, number):
                if number >= WARM_UP and name in costs:
                    costs[name].append(cost)
    return {name: figures_of(found) for name, found in costs.items()}


def circumstances(rounds: int) -> dict[str, Any]:
    """What the figures depend on besides the code."""
    return {
        "python": platform.python_version(),
        "django": django.__version__,
        "wagtail": wagtail_version,
        "database": connection.vendor,
        "cache": str(settings.CACHES["default"]["BACKEND"]).rpartition(".")[2],
        "debug": settings.DEBUG,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),  # above the number of cores, everything takes longer
        "rounds": rounds,
    }


def table(found: dict[str, Figures]) -> str:
    """The figures as lines for a terminal."""
    width = max(len(UNITS[name].title) for name in found)
    head = f"{'unit':<{width}}  {'SQL':>5} {'CPU ms':>7} {'p95':>7}  {'budget':<28} verdict"
    lines = [head, "-" * len(head)]
    for name, figures in found.items():
        unit = UNITS[name]
        lines.append(
            f"{unit.title:<{width}}  {figures.statements:>5} {figures.median:>7.2f} {figures.p95:>7.2f}"
            f"  {budget_words(unit.budget):<28} {verdict(figures, unit.budget)}"
        )
        if name in ("certificate", "certificate-signed", "checkin"):
            lines.append(f"{'':<{width}}  that is {1000 / figures.median:.0f} a second on one core")
    return "\n".join(lines)


def budget_words(budget: Budget) -> str:
    parts = {
        "{:g} ms": budget.ms,
        "{} statements": budget.statements,
        "p95 {:g} ms": budget.p95,
    }
    return ", ".join(words.format(most) for words, most in parts.items() if most is not None) or "–"


def verdict(figures: Figures, budget: Budget) -> str:
    if budget == Budget():
        return "–"
    exceeded = over(figures, budget)
    return f"over: {', '.join(exceeded)}" if exceeded else "holds"


def exceeded(found: dict[str, Figures]) -> list[str]:
    """A sentence for each unit that is over its budget."""
    judged = {UNITS[name].title: verdict(figures, UNITS[name].budget) for name, figures in found.items()}
    return [f"{title}: {words}" for title, words in judged.items() if words.startswith("over")]


def write_json(
    file: Path, found: dict[str, Figures], once: Sequence[Once], rounds: int, faults: Sequence[str]
) -> None:
    """The same as the table and what was measured once, with what was measured where, and what is over or unfair."""
    units = {
        name: {
            "title": UNITS[name].title,
            "cpu_ms": round(figures.median, 3),
            "cpu_ms_p95": round(figures.p95, 3),
            "statements": figures.statements,
            "readings": figures.readings,
            "budget": {key: most for key, most in vars(UNITS[name].budget).items() if most is not None},
            "over": over(figures, UNITS[name].budget),
        }
        for name, figures in found.items()
    }
    told = {
        "circumstances": circumstances(rounds),
        "units": units,
        "once": [{"kind": type(each).__name__.lower()} | dataclasses.asdict(each) for each in once],
        "faults": list(faults),
    }
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
