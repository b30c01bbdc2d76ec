"""`manage.py import_package FILE.zip`: what a package of learning content holds, or why it is not taken, as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from core.organisations.models import Organisation
from lms.packages.actions import store_package
from lms.packages.models import PackageVersion
from lms.packages.policy.manifest import examine
from lms.packages.policy.refusals import Refused
from lms.packages.queries.summary import refused_summary, summary_of


class NotFound(Exception):
    """There is no one organisation of this name. Its text is a sentence."""


class Command(BaseCommand):
    help = (
        "Say as JSON what a package (SCORM 1.2, SCORM 2004, H5P, cmi5) holds. Only looks, and unpacks nothing to the disk; "
        "with --store it is taken as if it had been handed in at the desk. Exit code 0: it can be taken, or was; 1: it is "
        "refused, and the JSON says why; 2: the file cannot be read, or there is no such organisation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.zip")
        parser.add_argument("--json", action="store_true", help="Print JSON, which it does anyway.")
        parser.add_argument(
            "--store", metavar="ORGANISATION", help="Take it for this organisation: its name or credit code."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            with path.open("rb") as file, translation.override(settings.LANGUAGE_CODE):
                if options["store"] is None:
                    archive, found = examine(file)
                    said = summary_of(archive, found)
                else:
                    to = organisation_named(options["store"])
                    said = stored(store_package(file=file, name=path.name, organisation=to))
        except Refused as refused:
            self._end(1, {"file": path.name, **refused_summary(refused.refusals)})
        except (OSError, NotFound) as fault:
            self._end(2, {"file": path.name, "ok": False, "error": str(fault)})
        self._print({"file": path.name, **said})

    def _end(self, code: int, said: dict[str, Any]) -> NoReturn:
        self._print(said)
        raise SystemExit(code)

    def _print(self, said: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))


def organisation_named(name: str) -> Organisation:
    """The one organisation of this name or credit code. Raises NotFound with a sentence."""
    found = list(Organisation.objects.filter(Q(name=name) | Q(uscc=name))[:2])
    if not found:
        raise NotFound(_("There is no organisation “%(name)s”.") % {"name": name})
    if len(found) > 1:
        raise NotFound(
            _("Several organisations are called “%(name)s”. Name the one by its credit code.")
            % {"name": name}
        )
    return found[0]


def stored(version: PackageVersion) -> dict[str, Any]:
    """What was taken: as it is looked at, and where it is now."""
    place = {"package": version.package_id, "title": version.package.title, "version": version.number}
    return {**version.summary, "stored": place}
