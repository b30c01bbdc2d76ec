"""`manage.py import_questions FILE`: what a file of questions holds, question by question (docs/operators.md)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.imports.states import Outcome
from lms.questions.actions import import_questions
from lms.questions.formats import (
    FORMATS,
    Entry,
    FileRefused,
    format_named,
    format_of,
    likeness_words,
    read_all,
    words_of,
)
from lms.questions.formats.results import MAX_BYTES, short
from lms.questions.models import QuestionBank
from lms.questions.policy import Alike, Likeness, Question, alike, content_of


class Command(BaseCommand):
    help = (
        "Read a file of questions and report on each: read, refused with its reasons, or a duplicate of another. "
        "Ends with 0 when every question can be taken over, with 1 when some are refused or duplicates, and with 2, in one "
        "sentence, when the file cannot be read at all."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--format",
            choices=list(FORMATS),
            help="left out: by the ending of the file (.txt: by what stands in it)",
        )
        parser.add_argument("--bank", metavar="CODE", help="take the good questions over into this bank")
        parser.add_argument(
            "--organisation",
            metavar="NAME",
            help="whose bank, where several have that code: its name or credit code",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="with --bank: say what would become of each, and write nothing",
        )
        parser.add_argument(
            "--json", action="store_true", help="the report as JSON, with the content of each question"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(translation.get_language() or settings.LANGUAGE_CODE):
            try:
                entries = _entries(options["file"], options["format"])
                bank = _bank(options["bank"], options["organisation"]) if options["bank"] else None
            except FileRefused as refused:
                self._end(str(refused))
            rows = report(entries)
            if bank is not None:
                _take_over(bank, entries, rows, options["file"].name, dry_run=options["dry_run"])
            self.stdout.write(_as_json(rows) if options["json"] else _as_text(rows))
        if any(row["outcome"] not in ("read", "taken") for row in rows):
            sys.exit(1)

    def _end(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)


def _entries(path: Path, name: str | None) -> list[Entry]:
    """All questions of a file. Raises FileRefused with a sentence for whatever cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError:
        raise FileRefused(_("The file %(file)s cannot be opened.") % {"file": path})
    chosen = format_named(name) if name else format_of(path.name, content)
    return read_all(content, chosen)


def _bank(code: str, organisation: str | None) -> QuestionBank:
    """The bank of this code. Raises FileRefused when there is none, or several."""
    found = QuestionBank.objects.filter(code=code).select_related("organisation")
    if organisation:
        found = found.filter(Q(organisation__name=organisation) | Q(organisation__uscc=organisation))
    banks = list(found[:2])
    if not banks:
        raise FileRefused(_("There is no bank with the code %(code)s.") % {"code": code})
    if len(banks) > 1:
        raise FileRefused(
            _("Several organisations have a bank with the code %(code)s. Name one with --organisation.")
            % {"code": code}
        )
    return banks[0]


def _take_over(
    bank: QuestionBank, entries: list[Entry], rows: list[dict[str, Any]], name: str, *, dry_run: bool
) -> None:
    """Take the good questions over, and say in the rows of the report what became of each."""
    found = import_questions(bank=bank, entries=entries, name=name, dry_run=dry_run)
    by_number = {row["number"]: row for row in rows}
    words = {
        Outcome.KNOWN: "duplicate",
        Outcome.WRONG: "refused",
        Outcome.NEW: "read" if dry_run else "taken",
    }
    for entry, outcome, reason in found:
        row = by_number[entry.number]
        row["outcome"] = words[outcome]
        if reason and reason not in row["reasons"] and entry.is_good:
            row["reasons"] = [reason]
        elif outcome == Outcome.KNOWN and not row["reasons"]:
            row["reasons"] = [_("The bank has it already.")]


def report(entries: list[Entry]) -> list[dict[str, Any]]:
    """What becomes of each question: read, refused, duplicate or passed over, with its reasons in words."""
    good = [entry for entry in entries if entry.is_good]
    questions = [entry.question for entry in good if entry.question is not None]
    like = {good[each.place].number: (each, good[each.earlier].number) for each in alike(questions)}
    by_number = {entry.number: entry for entry in good}
    return [_row(entry, like.get(entry.number), by_number) for entry in entries]


def _row(entry: Entry, like: tuple[Alike, int] | None, by_number: dict[int, Entry]) -> dict[str, Any]:
    reasons = [words_of(fault) for fault in (*entry.faults, *entry.remarks)]
    outcome = "passed_over" if entry.is_note else "read" if entry.is_good else "refused"
    row: dict[str, Any] = {
        "number": entry.number,
        "line": entry.line,
        "outcome": outcome,
        "label": entry.label,
    }
    if like is not None:
        alike_to, other = like
        said = f"{other}. {by_number[other].label}"
        reasons.append(likeness_words(alike_to.likeness, said, alike_to.share))
        row["outcome"] = "duplicate" if alike_to.likeness == Likeness.SAME else "read"
        row["alike"] = {
            "number": other,
            "likeness": alike_to.likeness.value,
            "share": round(alike_to.share, 2),
        }
    row["reasons"] = reasons
    row["question"] = _shown(entry.question) if entry.is_good else None
    return row


def _shown(question: Question | None) -> dict[str, Any] | None:
    """The content; of pictures only their names and sizes."""
    if question is None:
        return None
    pictures = [{"name": each.name, "type": each.type, "bytes": len(each.data)} for each in question.pictures]
    return content_of(question) | ({"pictures": pictures} if pictures else {})


def _as_json(rows: list[dict[str, Any]]) -> str:
    whole = {"counts": _counts(rows), "questions": rows}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    outcomes = ["read", "refused", "duplicate", "passed_over"]
    if any(row["outcome"] == "taken" for row in rows):
        outcomes.insert(0, "taken")
    return {outcome: sum(row["outcome"] == outcome for row in rows) for outcome in outcomes}


def _as_text(rows: list[dict[str, Any]]) -> str:
    words = {
        "taken": pgettext("question", "taken over"),
        "read": _("read"),
        "refused": _("refused"),
        "duplicate": _("duplicate"),
        "passed_over": _("passed over"),
    }
    lines = []
    for row in rows:
        place = _("line %(line)s") % {"line": row["line"]} + " " if row["line"] else ""
        lines.append(f"{row['number']}  {place}{words[row['outcome']]}  {short(row['label'])}")
        lines += [f"    {reason}" for reason in row["reasons"]]
    counts = _counts(rows)
    lines.append("  ".join(f"{words[name]}: {count}" for name, count in counts.items()))
    return "\n".join(lines)
