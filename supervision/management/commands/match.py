"""`manage.py match IN_DIR OUT_DIR`: one matching round from tables to tables, with its proof (docs/operators.md)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

ENGINES = ("optimal", "stable", "guided")
KNOBS = ("wishes", "even", "keep")
MOST_POINTS = 10**15
MOST_VALUES = 50


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
            help="optimal: as many as possible, then the highest total; stable: nobody would both rather leave; "
            "guided: the optimum over all pairs between groups of people, from worth.csv instead of pairs.csv",
        )

        parser.add_argument(
            "--wishes", metavar="N", help="a pair costs N × (rank² - 1) points, by the mentee's rank"
        )
        parser.add_argument(
            "--even", metavar="N", help="a supervisor's last place costs about N points more than the first"
        )
        parser.add_argument(
            "--keep", metavar="FILE", help="the pairs.csv of an earlier round: how many of it are kept"
        )
        parser.add_argument("--keep-bonus", metavar="N", help="a pair of that file is worth N points more")
        parser.add_argument(
            "--curve",
            metavar="KNOB",
            help="wishes, even or keep: write curve.csv, what several values would come to",
        )
        parser.add_argument(
            "--curve-values", metavar="N,N,…", help="these values; otherwise some by the scores"
        )
        parser.add_argument(
            "--words",
            action="store_true",
            help="write words.csv and why.csv: in sentences what the prices mean, and why each pair",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        language = to_locale(get_language() or settings.LANGUAGE_CODE)
        source, target = options["in_dir"].resolve(), options["out_dir"].resolve()
        try:
            asked = json.dumps(_asked(options))
        except BadOption as bad:
            self.stderr.write(str(bad))
            sys.exit(2)
        worker = [sys.executable, "-X", "utf8", "-m", "supervision.matching.worker"]
        done = subprocess.run(
            [*worker, str(source), str(target), options["engine"], language, asked],
            cwd=settings.BASE_DIR,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        self.stdout.write(done.stdout, ending="")
        if done.returncode:
            self.stderr.write(done.stderr, ending="")
            sys.exit(done.returncode)


class BadOption(ValueError):
    """An option that cannot be used, in a sentence that names it."""


def _asked(options: dict[str, Any]) -> dict[str, Any]:
    """What was asked for besides an engine, as the worker takes it."""
    numbers = {name: options[name] for name in ("wishes", "even", "keep_bonus")}
    asked: dict[str, Any] = {name: _whole(name, text) for name, text in numbers.items() if text is not None}
    for name in ("keep", "curve"):
        if options[name] is not None:
            asked[name] = options[name]
    if options["curve_values"] is not None:
        asked["curve_values"] = [_whole("curve_values", text) for text in options["curve_values"].split(",")]
    if asked and options["engine"] != "optimal":
        raise BadOption(
            _("%(option)s works with --engine optimal only.") % {"option": _written(next(iter(asked)))}
        )
    _refuse_half(asked)
    if "keep" in asked:
        asked["keep"] = str(Path(asked["keep"]).resolve())
    return asked | {"words": options["words"]}


def _refuse_half(asked: dict[str, Any]) -> None:
    if asked.get("curve", KNOBS[0]) not in KNOBS:
        known = ", ".join(KNOBS)
        raise BadOption(
            _("--curve knows %(known)s, not “%(given)s”.") % {"known": known, "given": asked["curve"][:40]}
        )
    if "keep" not in asked and ("keep_bonus" in asked or asked.get("curve") == "keep"):
        option = "--keep-bonus" if "keep_bonus" in asked else "--curve keep"
        raise BadOption(_("%(option)s needs --keep with the pairs of an earlier round.") % {"option": option})
    if "curve_values" in asked and "curve" not in asked:
        raise BadOption(_("--curve-values needs --curve."))
    if len(asked.get("curve_values", ())) > MOST_VALUES:
        raise BadOption(_("--curve-values takes %(most)s numbers at most.") % {"most": MOST_VALUES})


def _whole(name: str, text: Any) -> int:
    plain = str(text).strip()
    if plain.isascii() and plain.isdecimal() and len(plain) <= 30 and int(plain) <= MOST_POINTS:
        return int(plain)
    words = _("%(option)s takes a whole number from 0 to %(most)s, not “%(given)s”.")
    raise BadOption(words % {"option": _written(name), "most": MOST_POINTS, "given": plain[:40]})


def _written(name: str) -> str:
    return "--" + name.replace("_", "-")
