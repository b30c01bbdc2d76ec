"""Tables that people take out as XLSX: every cell is text or a plain number, and nothing in them is ever a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
HEAD_FILL = PatternFill("solid", fgColor="F4E3DA")


@dataclass(frozen=True)
class Heading:
    """The heading of a column and its width in characters."""

    label: str
    width: int = 16


@dataclass(frozen=True)
class Table:
    """One sheet of a workbook. `title` names its tab; `notes` stand above the headings, one to a line."""

    title: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str] = ()


def workbook(*tables: Table) -> bytes:
    """The tables as an XLSX file. Texts stay texts, however much they look like formulas or numbers."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(_tab(table.title))
        for number, heading in enumerate(table.headings, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = heading.width
        sheet.freeze_panes = f"A{len(table.notes) + 2}"
        for note in table.notes:
            sheet.append([_cell(sheet, note)])
        sheet.append([_head(sheet, heading.label) for heading in table.headings])
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def sheet_response(filename: str, *tables: Table) -> HttpResponse:
    """The workbook as a download; the file name may be Chinese."""
    answer = HttpResponse(workbook(*tables), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _tab(title: str) -> str:
    """A tab's name has at most 31 characters and none of these."""
    return "".join("·" if sign in r"[]:*?/\'" else sign for sign in title)[:31] or "1"


def _head(sheet: Any, label: str) -> Any:
    cell = _cell(sheet, label)
    cell.font, cell.fill = Font(bold=True), HEAD_FILL
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        value = f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    elif isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, float(value) if isinstance(value, Decimal) else value)
    cell = WriteOnlyCell(sheet, UNWRITABLE.sub("", "" if value is None else str(value))[:32_000])
    cell.data_type, cell.number_format = "s", "@"
    return cell
