"""`manage.py assess --policy FILE_OR_CODE --facts FACTS.yaml`: what a policy decides about somebody (docs/operators.md)."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.sheets.words import list_words
from credentials.policies.files import bundled, path_of, policy_in, text_of
from credentials.policies.models import SubsidyPolicy
from credentials.policies.policy import Policy, SourceFault, assess, best, read_facts
from credentials.policies.queries.authorities import published_as
from credentials.policies.queries.data import assessed_data
from credentials.policies.queries.mistakes import fault_words


class Command(BaseCommand):
    help = (
        "Say in JSON what a policy decides about somebody's facts: outcome, amount, last day, and each condition with its "
        "reason. Reads no database for a file. Ends with 2 when something is wrong."
    )
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """`--version` is that of the policy here, not of Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--policy",
            required=True,
            metavar="FILE_OR_CODE",
            help="a file; or the code of a policy that is published here, or of one of: "
            + ", ".join(bundled()),
        )
        parser.add_argument(
            "--version", type=int, metavar="N", help="this published version; the newest without it"
        )
        parser.add_argument("--facts", required=True, metavar="FACTS.yaml", help="- reads the standard input")
        parser.add_argument("--on", metavar="DATE", help="the day of the claim, 2024-03-14; today without it")
        parser.add_argument("--benefit", metavar="NAME", help="only this benefit")
        parser.add_argument("--key", metavar="KEY", help="only this level, title or year")
        parser.add_argument(
            "--switch",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="another answer to an open point",
        )
        parser.add_argument("--language", default="", metavar="CODE", help="zh-hans or en")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(
            options["language"] or translation.get_language() or settings.LANGUAGE_CODE
        ):
            self.stdout.write(json.dumps(self._decided(options), ensure_ascii=False, indent=2))

    def _decided(self, options: dict[str, Any]) -> dict[str, Any]:
        policy, version = self._policy(options["policy"], options["version"], _chosen(options["switch"]))
        facts = self._read(options["facts"], lambda: read_facts(_facts_text(options["facts"])))
        decisions = assess(policy, facts, self._day(options["on"]))
        wanted = tuple(
            one
            for one in decisions
            if options["benefit"] in (None, one.benefit) and options["key"] in (None, one.key)
        )
        first = best(wanted)
        if first is None:
            self._end([_nothing(policy)])
        said = [assessed_data(one, policy) for one in wanted]
        return said[wanted.index(first)] | {"version": version, "decisions": said}

    def _policy(
        self, named: str, number: int | None, chosen: dict[str, str]
    ) -> tuple[Policy, dict[str, Any] | None]:
        """The policy that is meant, and which published version it is: None for a file."""
        found = [] if Path(named).is_file() else self._published(named)
        if len(found) > 1:
            codes = list_words(f"{one.code} ({one.organisation.name})" for one in found)
            self._end([_("Several authorities have such a policy; name one: %(codes)s.") % {"codes": codes}])
        versions = list(found[0].versions.all()) if found else []
        if number is not None:
            versions = [one for one in versions if one.number == number]
            if not versions:
                self._end([_("There is no published version %(number)d of it.") % {"number": number}])
        if versions:
            version = versions[0]
            policy = self._read(str(version), lambda: version.policy_with(chosen))
            return policy, {"number": version.number, "sha256": version.sha256}
        path = path_of(named)
        if path is None:
            self._end([_("There is no policy “%(name)s”.") % {"name": named}])
        return self._read(path.name, lambda: policy_in(path, chosen)), None

    def _published(self, code: str) -> list[SubsidyPolicy]:
        """The policies that are published under this code; none where there is no database to ask."""
        try:
            return published_as(code)
        except DatabaseError:
            return []

    def _read(self, name: str, read: Any) -> Any:
        try:
            return read()
        except SourceFault as fault:
            self._end(fault_words(fault, Path(name).name))
        except OSError as error:
            self._end([f"{name}: {error.strerror}"])

    def _day(self, said: str | None) -> datetime.date:
        if said is None:
            return timezone.localdate()
        try:
            return datetime.date.fromisoformat(said)
        except ValueError:
            self._end([_("“%(text)s” is no day; write it like 2024-03-14.") % {"text": said}])

    def _end(self, sentences: list[str]) -> NoReturn:
        for sentence in sentences:
            self.stderr.write(sentence)
        sys.exit(2)


def _chosen(said: list[str]) -> dict[str, str]:
    return dict(one.partition("=")[::2] for one in said)


def _nothing(policy: Policy) -> str:
    names = list_words(one.name for one in policy.benefits)
    return _("There is no such claim. The benefits of this policy: %(names)s.") % {"names": names}


def _facts_text(name: str) -> str:
    return sys.stdin.read() if name == "-" else text_of(Path(name))
