"""`manage.py assess --policy FILE_OR_CODE --facts FACTS.yaml`: what a policy decides about somebody (docs/operators.md)."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.sheets.words import list_words
from credentials.policies.files import bundled, path_of, policy_in, text_of
from credentials.policies.policy import Policy, SourceFault, assess, best, read_facts
from credentials.policies.queries.words import decision_data, fault_words


class Command(BaseCommand):
    help = (
        "Say in JSON what a policy decides about somebody's facts: outcome, amount, last day, and each condition with its "
        "reason. Reads no database. Ends with 2 when a file is wrong."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--policy",
            required=True,
            metavar="FILE_OR_CODE",
            help="a file, or one of: " + ", ".join(bundled()),
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
        path = path_of(options["policy"])
        if path is None:
            self._end([_("There is no policy “%(name)s”.") % {"name": options["policy"]}])
        policy = self._read(path.name, lambda: policy_in(path, _chosen(options["switch"])))
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
        return decision_data(first, policy) | {"decisions": [decision_data(one, policy) for one in wanted]}

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
