"""Reading imports: the page of one, and the file of what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.core.files.storage import storages
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.imports.kinds import kind_of
from core.imports.models import ImportLine, SheetImport
from core.imports.states import ImportState, Outcome
from core.jobs.models import Job
from core.people.models import Activation, User
from core.sheets.reading import Row, SheetRefused, stream_sheet
from core.sheets.writing import Heading, Table

SHOWN = 200
TONES = {
    ImportState.CHECKING: "info",
    ImportState.CHECKED: "wait",
    ImportState.APPLYING: "info",
    ImportState.DONE: "good",
    ImportState.REFUSED: "bad",
    ImportState.DROPPED: "plain",
}


def rows_of(sheet: SheetImport) -> Iterator[Row]:
    """The rows of the file, one after the other: of a long table only one is held at a time.

    Raises SheetRefused when it cannot be read, or is no longer there.
    """
    try:
        with storages["private"].open(sheet.file.stored) as file:
            kind = kind_of(sheet.kind)
            yield from kind.rows(file) if kind.rows else stream_sheet(file, kind.columns)
    except FileNotFoundError:
        raise SheetRefused(_("The file is no longer kept. Send it again."))


def counts_of(sheet: SheetImport) -> dict[str, int]:
    """How many rows have each outcome; every outcome has its number."""
    found = {outcome.value: 0 for outcome in Outcome}
    found.update(sheet.lines.order_by().values_list("outcome").annotate(number=Count("pk")))
    return found


def waiting_of(sheet: SheetImport, user: Asker) -> QuerySet[User]:
    """The accounts that this very import made, of people in this officer's tree, that nobody has taken over yet.

    A row that was taken over may also have given a place to somebody whose account others had made.
    """
    mine = scope_of(user).q("person__employer", Role.ADMINISTRATOR)
    return User.objects.filter(mine, activation__in=Activation.objects.waiting().filter(sheet=sheet))


@dataclass(frozen=True)
class ImportSheet:
    """One import as its page shows it; `can_apply` says that there is something to take over."""

    sheet: SheetImport
    job: Job | None
    tone: str
    counts: list[tuple[str, str, int]]
    total: int
    new: int
    taken: int
    wrong: list[ImportLine]
    more_wrong: int
    noted: list[ImportLine]
    is_open: bool
    can_apply: bool
    nothing_new: str
    before: SheetImport | None


def nothing_new_words(counts: Mapping[str, int]) -> str:
    """Why nothing of a table can be taken over, where no row is new; "" where one is."""
    if counts[Outcome.NEW]:
        return ""
    if not counts[Outcome.WRONG]:
        return _("There is nothing new in this file.")
    if not counts[Outcome.KNOWN]:
        return _("All rows are wrong. Mend the file and send it again.")
    return _("No row is new: some are there already, the others are wrong. Mend these and send them again.")


def sent_before(sheet: SheetImport, user: Asker) -> SheetImport | None:
    """The last time that the very same file was sent for the same thing, as far as this user sees it. One query."""
    rows = SheetImport.objects.visible_to(user).filter(
        kind=sheet.kind,
        organisation=sheet.organisation_id,
        target_id=sheet.target_id,
        file__sha256=sheet.file.sha256,
    )
    return rows.filter(pk__lt=sheet.pk).select_related("created_by__person").first()


def sheet_of(sheet: SheetImport, user: Asker) -> ImportSheet:
    """Five queries, whatever the number of rows."""
    counts = counts_of(sheet)
    wrong = list(sheet.lines.filter(outcome=Outcome.WRONG)[:SHOWN])
    noted = sheet.lines.exclude(outcome=Outcome.WRONG).exclude(message="")
    new, bad = counts[Outcome.NEW], counts[Outcome.WRONG]
    return ImportSheet(
        sheet=sheet,
        job=sheet.job,
        tone=TONES[ImportState(sheet.state)],
        counts=[(outcome.value, str(outcome.label), counts[outcome]) for outcome in Outcome],
        total=sum(counts.values()),
        new=new,
        taken=counts[Outcome.APPLIED],
        wrong=wrong,
        more_wrong=bad - len(wrong),
        noted=list(noted[:SHOWN]),
        is_open=sheet.state in (ImportState.CHECKING, ImportState.APPLYING),
        can_apply=sheet.state == ImportState.CHECKED and new > 0 and not (sheet.all_or_none and bad),
        nothing_new=nothing_new_words(counts),
        before=sent_before(sheet, user),
    )


def wrong_rows(sheet: SheetImport) -> Table:
    """The wrong rows as they were sent, each with its number and what is wrong: mend them and send this file.

    Once the file is erased, what is still known of them: no number of anybody. Raises SheetRefused when it is lost.
    """
    columns = kind_of(sheet.kind).columns
    wrong = {line.number: line for line in sheet.lines.filter(outcome=Outcome.WRONG)}
    if not sheet.has_file:
        known = [[line.number, line.message_here, line.label, line.column_here] for line in wrong.values()]
        named = [Heading(_("Row"), 8), Heading(_("What is wrong"), 50), Heading(_("Name"), 22)]
        return Table(_("Wrong rows"), [*named, Heading(_("Column"), 22)], known)
    rows = [
        [line.number, line.message_here, *(row[column.name] for column in columns)]
        for row in rows_of(sheet)
        if (line := wrong.get(row.number))
    ]
    headings = [Heading(_("Row"), 8), Heading(_("What is wrong"), 50)]
    return Table(_("Wrong rows"), [*headings, *(Heading(column.headings[0], 22) for column in columns)], rows)


def blank(kind: str) -> Table:
    """An empty table with the headings of a kind, to be filled in."""
    columns = kind_of(kind).columns
    return Table(_("Table"), [Heading(column.headings[0], 22) for column in columns], [])
