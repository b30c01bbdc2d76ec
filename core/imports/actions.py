"""Taking over the rows of a table: check all, show what is wrong, then write what is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.attachments.models import Attachment
from core.audit.actions import record
from core.imports.kinds import Checker, TakenMeanwhile, Verdict, kind_of
from core.imports.models import ImportLine, SheetImport
from core.imports.queries import counts_of, nothing_new_words, rows_of, wrong_rows
from core.imports.states import MOVES, ImportState, Outcome
from core.jobs.actions import Run, job_kind, start_job
from core.jobs.models import Job
from core.jobs.queries import Place
from core.organisations.models import Organisation
from core.people.models import User
from core.sheets.reading import Row, SheetRefused
from core.sheets.writing import Table
from core.states import IllegalMove, Refused, move

CHUNK = 500
KEPT_DAYS = 7
CHECKED_A_DAY = 120_000  # rows: twice the longest table, and once more after mending


class ImportRefused(Refused):
    """The import cannot go on so; the message says why."""


@transaction.atomic
def start_import(
    *,
    kind: str,
    organisation: Organisation,
    title: object,
    upload: Any,
    all_or_none: bool,
    actor: User,
    target_id: int | None = None,
) -> SheetImport:
    """Keep the file and check it in the background; nothing is taken over yet. The title may be lazy (`kinds.later`).

    Side effects: the file in the private store, a row, an audit entry, a job.
    """
    sheet = SheetImport.objects.create(
        kind=kind,
        organisation=organisation,
        target_id=target_id,
        title=_said(title)[:200],
        title_en=_said(title, "en")[:200],
        file=keep_file(upload=upload, actor=actor, apart=True),
        all_or_none=all_or_none,
        created_by=actor,
    )
    record(
        action="core.start_import",
        target=sheet,
        actor=actor,
        organisation=organisation,
        after={"title": sheet.title, "sha256": sheet.file.sha256},
    )
    _queue("core.check_import", sheet, actor)
    return sheet


@transaction.atomic
def apply_import(*, sheet: SheetImport, actor: User) -> None:
    """Take the right rows over in the background (or, as chosen, all or none).

    Raises ImportRefused when nothing is new or, with all or nothing, a row is wrong, or when it may no longer be taken
    over at all; IllegalMove when it was said before. Side effects: the state, an audit entry, a job.
    """
    if words := _refusal(sheet, actor):
        raise ImportRefused(words)
    counts = counts_of(sheet)
    if sheet.all_or_none and counts[Outcome.WRONG]:
        raise ImportRefused(
            _("Some rows are wrong, and you chose all or nothing. Mend the file and send it again.")
        )
    if words := nothing_new_words(counts):
        raise ImportRefused(words)
    move(sheet, ImportState.APPLYING, MOVES, problem="")
    record(action="core.apply_import", target=sheet, actor=actor, organisation=sheet.organisation)
    _queue("core.apply_import", sheet, actor)


@transaction.atomic
def drop_import(*, sheet: SheetImport, actor: User) -> None:
    """Take nothing over, and erase the file. Raises IllegalMove when rows are being taken over or were."""
    move(sheet, ImportState.DROPPED, MOVES)
    record(action="core.drop_import", target=sheet, actor=actor, organisation=sheet.organisation)
    transaction.on_commit(lambda: erase_file(sheet=sheet))


@transaction.atomic
def take_wrong_rows(*, sheet: SheetImport, actor: User) -> Table:
    """The wrong rows as they were sent, with the whole numbers that stand in them, for whoever sent them; once the file is
    erased, what is wrong with each.

    Raises SheetRefused when the file is lost. Side effect: an audit entry, each time.
    """
    table = wrong_rows(sheet)
    record(action="core.take_wrong_rows", target=sheet, actor=actor, organisation=sheet.organisation)
    return table


def settle_line(*, sheet: SheetImport, number: int, subject_id: int) -> None:
    """A wrong row was put right by hand and has become this. Of a file that is taken over whole or not at all nothing is
    settled: it has to be right itself. Side effect: the line."""
    if not sheet.all_or_none:
        rows = sheet.lines.filter(number=number, outcome=Outcome.WRONG)
        rows.update(outcome=Outcome.APPLIED, subject_id=subject_id, column="", column_en="")


def erase_file(*, sheet: SheetImport) -> None:
    """Erase the file of an import. Older ones share it with whoever handed in the same bytes, be it as a proof: then it
    stays as long as anything but imports that have served names it."""
    SheetImport.objects.filter(pk=sheet.pk).update(has_file=False)
    stored = sheet.file.stored
    served = SheetImport.objects.filter(has_file=False).values("file_id")
    if not Attachment.objects.filter(stored=stored).exclude(pk__in=served).exists():
        storages["private"].delete(stored)


def erase_old_files() -> list[str]:
    """Erase the files of imports that are older than a week: they are full of numbers, and have served."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    old = SheetImport.objects.filter(has_file=True, created_at__lt=before).exclude(state=ImportState.APPLYING)
    for sheet in old.select_related("file"):
        erase_file(sheet=sheet)
    return [f"import {sheet.pk}: file erased" for sheet in old]


def _refusal(sheet: SheetImport, actor: User | None) -> str:
    """Why this table may not be taken over as things stand now; "" when it may. Asked again when the work begins: between
    the click and the work somebody may have lost the role that both were allowed by."""
    for user in (sheet.created_by, actor):
        if user is None or not user.has_perm("core.change_sheetimport", sheet):
            return _(
                "Who sent this file, or took it over, no longer has the role for it here. Send it again."
            )
    return kind_of(sheet.kind).checker(sheet).refusal()


def _queue(kind: str, sheet: SheetImport, actor: Asker) -> None:
    job = start_job(
        kind=kind,
        title=sheet.title_here,
        params={"sheet": sheet.pk, "language": get_language()},
        actor=actor,
        organisation=sheet.organisation,
    )
    SheetImport.objects.filter(pk=sheet.pk).update(job=job)
    sheet.job = job


def _place(job: Job) -> Place:
    return Place(_("The import"), reverse("imports:detail", args=[job.params["sheet"]]))


@job_kind("core.check_import", _place)
def check(run: Run) -> dict[str, Any]:
    """Give every row its verdict. Nothing is written but the verdicts; a second run writes the same."""
    with override(run.params.get("language")):
        return _check(run)


def _check(run: Run) -> dict[str, Any]:
    """Its sender may drop it meanwhile: then there is nothing more to say, and no fault either."""
    sheet = SheetImport.objects.select_related("file", "organisation").get(pk=run.params["sheet"])
    try:
        return _judge(run, sheet)
    except (IllegalMove, SheetRefused):  # it has moved on, or its file is erased
        if not SheetImport.objects.filter(pk=sheet.pk, state=ImportState.DROPPED).exists():
            raise
        return {}


def _judge(run: Run, sheet: SheetImport) -> dict[str, Any]:
    """Read twice: once to know that it can be read to its end, and how long it is, then piece by piece."""
    try:
        total = sum(1 for _row in rows_of(sheet))
        if not total:
            raise SheetRefused(_("There is no row below the headings."))
        _check_day(sheet, total)
    except SheetRefused as refused:
        move(sheet, ImportState.REFUSED, MOVES, problem=str(refused))
        return {}
    sheet.lines.all().delete()
    checker = kind_of(sheet.kind).checker(sheet)
    run.report(0, total)
    for done, chunk in _chunks(sheet):
        ImportLine.objects.bulk_create(_line(sheet, verdict) for verdict in checker.check(chunk))
        run.report(done, total)
    move(sheet, ImportState.CHECKED, MOVES)
    return counts_of(sheet)


def _check_day(sheet: SheetImport, rows: int) -> None:
    """Whoever could have any number of rows checked could ask for any number of people whether they have an account."""
    since = timezone.now() - timedelta(days=1)
    before = ImportLine.objects.filter(sheet__created_by=sheet.created_by_id, sheet__created_at__gt=since)
    if before.exclude(sheet=sheet).count() + rows > CHECKED_A_DAY:
        raise SheetRefused(
            _("In one day at most %(rows)s rows are checked for one person. Send this table tomorrow.")
            % {"rows": CHECKED_A_DAY}
        )


@job_kind("core.apply_import", _place)
def apply(run: Run) -> dict[str, Any]:
    """Check every row again and write the new ones: chunk by chunk, or all in one transaction."""
    with override(run.params.get("language")):
        return _apply(run)


def _apply(run: Run) -> dict[str, Any]:
    sheet = SheetImport.objects.select_related("file", "organisation", "created_by").get(
        pk=run.params["sheet"]
    )
    if words := _refusal(sheet, run.job.created_by):
        move(sheet, ImportState.CHECKED, MOVES, problem=words)
        return counts_of(sheet)
    total = sheet.lines.count()  # a line for every row, since it was checked
    checker = kind_of(sheet.kind).checker(sheet)
    run.report(0, total)
    if sheet.all_or_none:
        if not _apply_whole(sheet, checker):
            move(sheet, ImportState.CHECKED, MOVES)
            return counts_of(sheet)
        run.report(total, total)
    else:
        for done, chunk in _chunks(sheet):
            with transaction.atomic():
                _apply_chunk(sheet, checker, chunk)
            run.report(done, total)
    with transaction.atomic():
        checker.finish()
        move(sheet, ImportState.DONE, MOVES, applied_at=timezone.now())
    counts = counts_of(sheet)
    if not counts[Outcome.WRONG]:
        erase_file(sheet=sheet)
    return counts


class _RowWrong(Exception):
    """A row has become wrong since it was checked: what this transaction has written is taken back."""


def _apply_whole(sheet: SheetImport, checker: Checker) -> bool:
    """Everything or nothing, in one transaction; False when a row has become wrong since it was checked."""
    try:
        with transaction.atomic():
            for _done, chunk in _chunks(sheet):
                verdicts = checker.check(chunk)
                if any(verdict.outcome == Outcome.WRONG for verdict in verdicts):
                    raise _RowWrong
                _write(sheet, checker, verdicts)
    except (
        _RowWrong,
        IntegrityError,
    ):  # or somebody else made one of them in the meantime: look again, write nothing
        fresh = kind_of(sheet.kind).checker(sheet)
        for _done, chunk in _chunks(sheet):
            _rewrite(sheet, fresh.check(chunk))
        return False
    return True


def _apply_chunk(sheet: SheetImport, checker: Checker, rows: Sequence[Row]) -> None:
    """Write what is new of these rows; where somebody else was first, row by row."""
    verdicts = checker.check(rows)
    try:
        with transaction.atomic():
            _write(sheet, checker, verdicts)
    except IntegrityError:
        for verdict in verdicts:
            _write_one(sheet, checker, verdict)


def _write_one(sheet: SheetImport, checker: Checker, verdict: Verdict) -> None:
    try:
        with transaction.atomic():
            _write(sheet, checker, [verdict])
    except IntegrityError as taken:
        words: object = gettext_lazy(
            "Somebody else has just taken over the same. Send this row again to see as what."
        )
        column: object = ""
        if isinstance(taken, TakenMeanwhile):
            words, column = taken.sentence, taken.column
        _rewrite(sheet, [replace(verdict, outcome=Outcome.WRONG, column=column, message=words)])


def _write(sheet: SheetImport, checker: Checker, verdicts: Sequence[Verdict]) -> None:
    new = [verdict for verdict in verdicts if verdict.outcome == Outcome.NEW]
    subjects = (
        dict(zip((verdict.row.number for verdict in new), checker.write(new), strict=True)) if new else {}
    )
    _rewrite(sheet, verdicts, subjects)


def _rewrite(sheet: SheetImport, verdicts: Sequence[Verdict], subjects: dict[int, int] | None = None) -> None:
    """Keep these verdicts. What an earlier attempt has taken over stays taken over, though it is known by now."""
    written = subjects or {}
    numbers = [verdict.row.number for verdict in verdicts]
    done = set(
        sheet.lines.filter(number__in=numbers, outcome=Outcome.APPLIED).values_list("number", flat=True)
    )
    lines = [_line(sheet, verdict, written) for verdict in verdicts if verdict.row.number not in done]
    fields = ["label", "outcome", "column", "message", "column_en", "message_en", "subject_id"]
    ImportLine.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["sheet", "number"], update_fields=fields
    )


def _line(sheet: SheetImport, verdict: Verdict, written: dict[int, int] | None = None) -> ImportLine:
    subject = (written or {}).get(verdict.row.number)
    return ImportLine(
        sheet=sheet,
        number=verdict.row.number,
        label=verdict.label[:120],
        outcome=Outcome.APPLIED if subject else verdict.outcome,
        column=_said(verdict.column)[:80],
        message=_said(verdict.message)[:1000],
        column_en=_said(verdict.column, "en")[:160],
        message_en=_said(verdict.message, "en")[:2000],
        subject_id=subject or verdict.subject_id,
    )


def _said(words: object, language: str = settings.LANGUAGE_CODE) -> str:
    """A text, or in this language one that is lazy."""
    if isinstance(words, str):
        return words
    with override(language):
        return str(words)


def _chunks(sheet: SheetImport) -> Iterator[tuple[int, Sequence[Row]]]:
    """The rows of the file in pieces, each with the number of rows up to its end. Only one piece is held at a time."""
    rows, done = rows_of(sheet), 0
    while piece := list(islice(rows, CHUNK)):
        done += len(piece)
        yield done, piece
