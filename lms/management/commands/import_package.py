"""`manage.py import_package FILE.zip`: what a package of learning content holds, or why it is not taken, as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lms.packages.policy.manifest import examine
from lms.packages.policy.refusals import Refused
from lms.packages.queries.summary import refused_summary, summary_of


class Command(BaseCommand):
    help = (
        "Say as JSON what a package (SCORM 1.2, SCORM 2004, H5P, cmi5) holds. Only looks; nothing is unpacked to the disk. "
        "Exit code 0: it can be taken; 1: it is refused, and the JSON says why; 2: the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.zip")
        parser.add_argument("--json", action="store_true", help="Print JSON, which it does anyway.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            with path.open("rb") as file:
                archive, found = examine(file)
                said = summary_of(archive, found)
        except Refused as refused:
            self._print({"file": path.name, **refused_summary(refused.refusals)})
            raise SystemExit(1)
        except OSError as fault:
            self._print({"file": path.name, "ok": False, "error": str(fault)})
            raise SystemExit(2)
        self._print({"file": path.name, **said})

    def _print(self, said: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
