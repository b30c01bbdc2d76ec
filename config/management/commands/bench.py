"""`manage.py bench`: what pages, quizzes and certificates cost, against their budgets (docs/performance.md)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.bench.content import RealPeople, Stage, set_stage
from config.bench.deciding import deciding
from config.bench.desk_round import desk_round
from config.bench.figures import Once
from config.bench.matching import rounds
from config.bench.pool import pool
from config.bench.reckoning import reckoning
from config.bench.room import in_own_room
from config.bench.run import WARM_UP, circumstances, exceeded, measure, table, write_json
from config.bench.rush import rush
from config.bench.storm import storm
from config.bench.tables import tables
from config.bench.units import UNITS
from config.bench.worker import in_worker

STORM, RUSH, TABLES, MATCHING, ROUND, POOL, DECIDING, RECKONING = ONCE = (
    "storm",
    "rush",
    "tables",
    "matching",
    "round",
    "pool",
    "deciding",
    "reckoning",
)  # measured once, not in rounds


class Command(BaseCommand):
    help = (
        "Measure CPU time and statements of the product's units, with the settings of production. Fails, after all is "
        "measured, when something is over its budget or unfair."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--rounds", type=int, default=30, help="how often each unit is measured (default 30)"
        )
        parser.add_argument(
            "--only",
            action="append",
            choices=[*UNITS, *ONCE],
            metavar="NAME",
            help=", ".join([*UNITS, *ONCE]),
        )
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
        parser.add_argument(
            "--database",
            choices=("own", "current"),
            default="own",
            help="own: a new SQLite file (default); current: the one of DATABASE_URL, which must hold samples only",
        )
        parser.add_argument(
            "--here", action="store_true", help="in this process, with its settings and files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rounds, names = options["rounds"], options["only"] or [*UNITS, *ONCE]
        if rounds < 1:
            raise CommandError("--rounds must be 1 or more.")
        current = options["database"] == "current"
        if current and not os.environ.get("DATABASE_URL"):
            raise CommandError(
                "--database current measures on the database of DATABASE_URL, which is not set."
            )
        if not options["here"]:
            raise SystemExit(in_own_room(_arguments(options), current_database=current))
        try:
            stage = set_stage(WARM_UP + rounds)
        except RealPeople:
            raise CommandError(
                "This database holds real people. Measuring writes; it is done on samples only."
            )
        found, once = measure(stage, rounds, names), _once(stage, names)
        faults = exceeded(found) + [fault for each in once for fault in each.faults]
        self.stdout.write(" · ".join(f"{name} {value}" for name, value in circumstances(rounds).items()))
        if found:
            self.stdout.write(table(found))
        for each in once:
            self.stdout.write(str(each))
        if options["json"]:
            write_json(options["json"], found, once, rounds, faults)
        if faults:
            raise CommandError("Over its budget or unfair:\n" + "\n".join(faults))


def _once(stage: Stage, names: list[str]) -> list[Once]:
    """What is measured once: two thousand who check in, far too many who apply, big tables, matching rounds, the talent
    pool, decisions by a policy, and what one would cost."""
    found: list[Once] = [storm(stage)] if STORM in names else []
    found += [rush(stage)] if RUSH in names else []
    found += tables(stage, in_worker) if TABLES in names else []
    found += rounds() if MATCHING in names else []
    found += [pool(stage)] if POOL in names else []
    found += [deciding()] if DECIDING in names else []
    found += [reckoning(stage, in_worker)] if RECKONING in names else []
    return [*found, *([desk_round(stage, in_worker)] if ROUND in names else [])]


def _arguments(options: dict[str, Any]) -> list[str]:
    """What the command in its own room is told."""
    arguments = ["--rounds", str(options["rounds"])]
    for name in options["only"] or ():
        arguments += ["--only", name]
    return arguments + (["--json", str(options["json"].resolve())] if options["json"] else [])
