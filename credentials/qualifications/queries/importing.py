"""What a table of qualifications clashes with."""

from __future__ import annotations

from dataclasses import dataclass

from core.access.scope import Asker
from core.imports.models import ImportLine, SheetImport
from core.imports.queries import rows_of
from core.imports.states import Outcome
from core.sheets.reading import Row, SheetRefused
from credentials.qualifications.models import QualificationRecord
from credentials.qualifications.queries.records import desk_records

SHOWN = 200


@dataclass(frozen=True)
class Clash:
    """A row of a table beside the qualification that we have; `row` is None once the file is erased, `record` None where
    the reader may not see it, or it is gone."""

    line: ImportLine
    row: Row | None
    record: QualificationRecord | None

    def cell(self, name: str) -> str:
        return self.row[name] if self.row else ""

    @property
    def number(self) -> str:
        return self.cell("number")

    @property
    def issued_on(self) -> str:
        return self.cell("issued_on")

    @property
    def level(self) -> str:
        return self.cell("level")


def clashes_in(sheet: SheetImport, user: Asker) -> list[Clash]:
    """The first rows of a table that clash with what we have. Two queries, and the file once."""
    wrong = sheet.lines.filter(outcome=Outcome.WRONG, subject_id__isnull=False)
    lines = {line.number: line for line in wrong[:SHOWN]}
    if not lines:
        return []
    known = desk_records(user).in_bulk([line.subject_id for line in lines.values() if line.subject_id])
    rows: dict[int, Row] = {}
    try:
        if sheet.has_file:
            rows = {row.number: row for row in rows_of(sheet) if row.number in lines}
    except SheetRefused:  # it has just been erased
        pass
    return [Clash(line, rows.get(number), known.get(line.subject_id or 0)) for number, line in lines.items()]
