"""Tables in and out."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from core.sheets.reading import Column, SheetRefused, read_sheet, stream_sheet
from core.sheets.writing import Heading, Table, workbook

COLUMNS = (
    Column("name", ("姓名", "Name")),
    Column("phone", ("手机号", "手机号码")),
    Column("unit", ("单位",), required=False),
)


def book(*lines: list[Any]) -> io.BytesIO:
    made = openpyxl.Workbook()
    for line in lines:
        made.active.append(line)
    kept = io.BytesIO()
    made.save(kept)
    return kept


def test_rows_keep_the_number_that_excel_shows_and_cells_become_text():
    file = book(
        ["2026 年学员名单"],
        ["序号", " 姓 名 ", "手机号码*"],
        [1, "林小荷", 13800138000.0],
        [],
        [2, "䶮一", "13900139000"],
    )
    sheet = read_sheet(file, COLUMNS)
    assert [(row.number, row["name"], row["phone"], row["unit"]) for row in sheet.rows] == [
        (3, "林小荷", "13800138000", ""),
        (5, "䶮一", "13900139000", ""),
    ]
    assert sheet.ignored == ["序号"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_text_table_of_any_usual_encoding_is_read(encoding, delimiter):
    text = f"姓名{delimiter}手机号\n林小荷{delimiter}13800138000\n"
    sheet = read_sheet(io.BytesIO(text.encode(encoding)), COLUMNS)
    assert [dict(row.cells) for row in sheet.rows] == [{"name": "林小荷", "phone": "13800138000"}]


def test_a_missing_heading_is_named():
    with pytest.raises(SheetRefused, match="手机号"):
        read_sheet(book(["姓名", "电话"], ["林小荷", "1"]), COLUMNS)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0\0\0", b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0old", b"%PDF-1.7\n\xff\xfe\x00"],
)
def test_what_is_no_table_is_refused_in_a_sentence(content):
    with pytest.raises(SheetRefused):
        read_sheet(io.BytesIO(content), COLUMNS)


def test_a_zip_that_is_no_workbook_is_refused():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("x.txt", "x")
    with pytest.raises(SheetRefused):
        read_sheet(kept, COLUMNS)


def test_too_many_rows_are_refused():
    with pytest.raises(SheetRefused, match="2"):
        read_sheet(book(["姓名", "手机号"], ["一", "1"], ["二", "2"], ["三", "3"]), COLUMNS, max_rows=2)


def test_a_stream_gives_row_after_row_and_refuses_when_it_comes_to_the_fault():
    file = book(["姓名", "手机号"], ["一", "1"], ["二", "2"], ["三", "3"])
    rows = stream_sheet(file, COLUMNS, max_rows=2)
    assert [next(rows)["name"], next(rows)["name"]] == ["一", "二"]
    with pytest.raises(SheetRefused, match="2"):
        next(rows)


def test_what_is_written_is_text_and_never_a_formula():
    rows = [["=1+1", "011010199001010015", date(2026, 11, 25)], ["+86", "\x07bell", 12]]
    content = workbook(
        Table("名单[1]", [Heading("姓名"), Heading("证件号"), Heading("日期")], rows, notes=["说明"])
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [[cell.value for cell in line] for line in sheet.iter_rows(min_row=3)] == [
        ["=1+1", "011010199001010015", "2026-11-25"],
        ["+86", "bell", 12],
    ]
    assert {cell.data_type for cell in sheet[3]} == {"s"}
    assert sheet.freeze_panes == "A3"
