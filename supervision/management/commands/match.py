"""`manage.py match IN_DIR OUT_DIR`: one matching round from tables to tables, with its proof (docs/operators.md)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import get_language, to_locale

ENGINES = ("optimal", "stable")


class Command(BaseCommand):
    help = (
        "Pair mentees with supervisors. IN_DIR holds supervisors.csv (id, capacity), mentees.csv (id), pairs.csv (mentee, "
        "supervisor, score, and if wished mentee_rank, supervisor_rank), and if wished pinned.csv and forbidden.csv "
        "(mentee, supervisor). OUT_DIR receives pairs.csv, unmatched.csv, prices.csv and summary.json. Ends with 2, and "
        "writes nothing, when a table is wrong."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("in_dir", type=Path, metavar="IN_DIR")
        parser.add_argument("out_dir", type=Path, metavar="OUT_DIR")
        parser.add_argument(
            "--engine",
            choices=ENGINES,
            default="optimal",
            help="optimal: as many as possible, then the highest total; stable: nobody would both rather leave",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        language = to_locale(get_language() or settings.LANGUAGE_CODE)
        source, target = options["in_dir"].resolve(), options["out_dir"].resolve()
        worker = [sys.executable, "-m", "supervision.matching.worker"]
        done = subprocess.run(
            [*worker, str(source), str(target), options["engine"], language],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        self.stdout.write(done.stdout, ending="")
        if done.returncode:
            self.stderr.write(done.stderr, ending="")
            sys.exit(done.returncode)
