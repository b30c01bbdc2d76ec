"""Tables in and out."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from core.sheets.reading import MAX_ROWS, Column, SheetRefused, is_rounded, read_sheet, stream_sheet, text_of
from core.sheets.words import list_words
from core.sheets.writing import Heading, Table, workbook
from core.sheets.xlsx import ELEMENTS_IN_ROW, _column

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


def test_two_columns_that_mean_the_same_are_refused_by_their_headings():
    rows = ["姓名", "手机号", "备注", "手机号码"], ["林小荷", "13800138000", "", "13900139000"]
    with pytest.raises(SheetRefused, match="手机号、手机号码"):
        read_sheet(book(*rows), COLUMNS)
    with pytest.raises(SheetRefused, match="手机号、手机号码"):
        list(stream_sheet(book(*rows), COLUMNS))
    assert read_sheet(book(*rows), COLUMNS, exported=True).rows[0]["phone"] == "13900139000"


def test_columns_that_mean_the_same_may_stand_there_as_long_as_they_say_the_same():
    head = ["姓名", "手机号", "手机号码"]
    agreeing = (
        ["林小荷", "13800138000", ""],
        ["王堃", "", "13900139000"],
        ["李㛃", "13700137000", "13700137000"],
    )
    rows = read_sheet(book(head, *agreeing), COLUMNS, agreeing=True).rows
    assert [row["phone"] for row in rows] == ["13800138000", "13900139000", "13700137000"]
    with pytest.raises(SheetRefused, match="手机号码”是同一项"):
        read_sheet(book(head, agreeing[0], ["王堃", "13800138000", "13900139000"]), COLUMNS, agreeing=True)


def test_a_number_format_longer_than_excel_writes_is_refused_before_it_costs_time():
    made = openpyxl.Workbook()
    made.active.append(["姓名", "手机号"])
    made.active.append(["林小荷", 45000])
    made.active["B2"].number_format = "[" * 240_000
    kept = io.BytesIO()
    made.save(kept)
    with pytest.raises(SheetRefused):
        read_sheet(kept, COLUMNS)
    made.active["B2"].number_format = 'yyyy"年"m"月"d"日"' + "_" * 200
    kept = io.BytesIO()
    made.save(kept)
    assert read_sheet(kept, COLUMNS).rows[0]["phone"] == "2023-03-15"


def test_of_a_workbook_the_first_sheet_that_is_shown_is_read():
    made = openpyxl.Workbook()
    for name, phone, state in (
        ("旧", "1", "hidden"),
        ("更旧", "2", "veryHidden"),
        ("林小荷", "3", "visible"),
    ):
        sheet = made.create_sheet(name)
        sheet.append(["姓名", "手机号"])
        sheet.append([name, phone])
        sheet.sheet_state = state
    made.remove(made.worksheets[0])
    made.active = 2
    kept = io.BytesIO()
    made.save(kept)
    assert [row["name"] for row in read_sheet(kept, COLUMNS).rows] == ["林小荷"]


def hiding(rows=(), columns=()):
    """A list of five people whose rows or columns are hidden."""
    made = openpyxl.Workbook()
    for line in (
        ["姓名", "手机号", "单位", "备注"],
        *([f"林{each}", f"1380013800{each}", "", "x"] for each in range(5)),
    ):
        made.active.append(line)
    for number in rows:
        made.active.row_dimensions[number].hidden = True
    for letter in columns:
        made.active.column_dimensions[letter].hidden = True
    made.save(kept := io.BytesIO())
    return kept


@pytest.mark.parametrize("read", [read_sheet, lambda *said: list(stream_sheet(*said))])
def test_rows_that_are_hidden_are_named_and_not_read_in_silence(read):
    with translation.override("zh-hans"), pytest.raises(SheetRefused, match="3–4、6。"):
        read(hiding(rows=(3, 4, 6)), COLUMNS)


def test_a_row_without_any_height_is_hidden_too():
    first = f'<row r="1">{cell("A1", "姓名")}{cell("B1", "手机号")}</row>'
    for height, hides in (("0", True), ("0.0", True), ("12.75", False), ("0.75", False)):
        rows = (
            first + f'<row r="2" ht="{height}" customHeight="1">{cell("A2", "林小荷")}{cell("B2", "1")}</row>'
        )
        if hides:
            with pytest.raises(SheetRefused):
                read_sheet(crafted(rows), COLUMNS)
        else:
            assert len(read_sheet(crafted(rows), COLUMNS).rows) == 1


def test_a_column_that_counts_is_not_read_while_it_is_hidden():
    with translation.override("zh-hans"), pytest.raises(SheetRefused, match="手机号。"):
        read_sheet(hiding(columns=("B",)), COLUMNS)


def test_what_is_hidden_and_holds_nothing_that_is_read_keeps_no_table_back():
    assert len(read_sheet(hiding(rows=(1, 9), columns=("D", "Z")), COLUMNS).rows) == 5


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


def test_a_file_that_was_only_renamed_to_a_workbook_is_said_to_be_none():
    kept = SimpleUploadedFile("名单.XLSX", b"<html>a page that was saved</html>")
    with pytest.raises(SheetRefused, match="无法读取"):
        read_sheet(kept, COLUMNS)


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


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def crafted(rows: str, strings: str = "") -> io.BytesIO:
    """A workbook whose sheet is written by hand, and packed as tightly as it goes."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    source, kept = zipfile.ZipFile(book(["姓名", "手机号"])), io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>".encode()
            if name == "xl/_rels/workbook.xml.rels" and strings:
                shared = f'<Relationship Id="s" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
                content = content.replace(b"</Relationships>", f"{shared}</Relationships>".encode())
            packed.writestr(name, content)
        if strings:
            packed.writestr("xl/sharedStrings.xml", f"<sst {main}>{strings}</sst>")
    return kept


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = f'<row r="1">{cell("A1", "姓名")}{cell("B1", "手机号")}</row>'
SECOND = f'<row r="2">{cell("A2", "林小荷")}{cell("B2", "138")}</row>'


def test_rows_that_are_missing_cost_nothing():
    far = f'<row r="1000000">{cell("A1000000", "远")}</row>'
    started = time.process_time()
    sheet = read_sheet(crafted(HEAD + SECOND + far), COLUMNS)
    assert [(row.number, row["name"]) for row in sheet.rows] == [(2, "林小荷"), (1_000_000, "远")]
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2000000000"/>',
        '<row r="-1"/>',
        f'<row r="2">{"<c/>" * 3_000_000}</row>',
        '<row r="2"/>' * 10_000_000,
        "<row>" + cell("A2", "&bomb;") + "</row>",
    ],
    ids=["far below", "above", "endless cells", "endless rows", "an entity"],
)
def test_a_workbook_that_holds_more_than_a_table_is_refused_before_it_fills_the_memory(rows):
    file = crafted(HEAD + rows)
    tracemalloc.start()
    with pytest.raises(SheetRefused):
        read_sheet(file, COLUMNS)
    assert tracemalloc.get_traced_memory()[1] < 60 * 2**20
    tracemalloc.stop()


def test_texts_without_end_are_refused_before_they_fill_the_memory():
    with pytest.raises(SheetRefused):
        read_sheet(crafted(HEAD + SECOND, "<si><t>x</t></si>" * 1_000_000), COLUMNS)


def test_a_place_without_end_is_cut_before_it_is_remembered():
    kept = _column.cache_info().currsize
    for letters in range(3_000, 3_020):
        with pytest.raises(SheetRefused):
            read_sheet(crafted(HEAD + SECOND + f'<row r="3">{cell("A" * letters, "x")}</row>'), COLUMNS)
    assert _column.cache_info().currsize <= kept + 4


def test_a_short_list_may_unpack_to_less_than_a_long_one():
    file = crafted(HEAD + SECOND, f"<si><t>{'x' * 25_000_000}</t></si>")
    assert read_sheet(file, COLUMNS).rows
    with pytest.raises(SheetRefused):
        read_sheet(file, COLUMNS, max_rows=200)


def test_a_text_table_of_nothing_but_line_ends_is_refused():
    with pytest.raises(SheetRefused):
        read_sheet(io.BytesIO("姓名,手机号\n".encode() + b"\n" * 1_100_000), COLUMNS)


def test_dates_numbers_formulas_and_texts_are_read_as_the_spreadsheet_shows_them():
    columns = [Column(name, (name,), required=False) for name in "abcdefg"]
    made = openpyxl.Workbook()
    made.active.append(list("abcdefg"))
    made.active.append(
        [date(2021, 9, 1), datetime(2021, 9, 1, 14, 30), time_of_day(9, 5), 1.5, True, 7, "=1"]
    )
    made.active.append(["共享", "共享", None, -3, False, "", "&<甲>"])
    made.active["C3"], made.active["C3"].number_format = 99_999_999_999, "yyyy-mm-dd"
    made.create_sheet("另一张").append(["x"])
    kept = io.BytesIO()
    made.save(kept)
    assert [list(row.cells.values()) for row in read_sheet(kept, columns).rows] == [
        ["2021-09-01", "2021-09-01 14:30", "09:05", "1.5", "1", "7"],
        ["共享", "共享", "#VALUE!", "-3", "0", "", "&<甲>"],
    ]


def test_texts_in_runs_are_joined_and_their_pronunciation_is_left_out():
    strings = "<si><r><t>姓</t></r><r><t>名</t></r><rPh><t>xing ming</t></rPh></si><si><t>手机号</t></si>"
    head = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
    body = f"<row>{cell('A2', '林')}{cell('B2', '1')}</row>"
    assert [row.cells for row in read_sheet(crafted(head + body, strings), COLUMNS).rows] == [
        {"name": "林", "phone": "1"}
    ]


def test_a_cell_that_says_its_value_over_and_over_costs_no_more_than_its_file_is_long():
    wordy = f'<row r="2"><c r="A2" t="str">{"<v>A</v>" * 400_000}</c>{cell("B2", "138")}</row>'
    started = time.process_time()
    (row,) = read_sheet(crafted(HEAD + wordy), COLUMNS).rows
    assert time.process_time() - started < 3
    assert (len(row["name"]), row["phone"]) == (32_767, "138")


FEW = 300_000  # elements that a door open to everybody allows
ENDLESS = {
    "elements": "<a/>" * 4_500_000,
    "values": f'<row r="2"><c r="A2">{"<v/>" * 4_500_000}</c></row>',
    "texts": f'<row r="2"><c r="A2" t="inlineStr"><is>{"<t/>" * 4_500_000}</is></c></row>',
    "attributes": "<row {}/>".format(" ".join(f'a{number}=">"' for number in range(200_000))),
}


@pytest.mark.parametrize("content", ENDLESS.values(), ids=ENDLESS)
def test_a_short_file_of_endless_elements_is_refused_before_it_costs_more_than_a_list(content):
    file = crafted(HEAD + SECOND + content)
    started = time.process_time()
    with pytest.raises(SheetRefused, match="单元格"):
        read_sheet(file, COLUMNS, max_rows=500, max_elements=FEW)
    assert time.process_time() - started < 2


def test_an_honest_list_is_within_what_everybody_may_send_and_a_long_wide_table_within_the_rest():
    wide = "".join(
        f'<row r="{row}">{"".join(cell(f"A{row}", "林") for _column in range(60))}</row>'
        for row in range(2, 502)
    )
    assert len(read_sheet(crafted(HEAD + wide), COLUMNS, max_rows=500, max_elements=FEW).rows) == 500
    assert ELEMENTS_IN_ROW * MAX_ROWS > 2 * 20_000 * 60 * 5


@pytest.mark.parametrize("digits", [400, 4000])
def test_a_number_longer_than_any_spreadsheet_holds_is_known_as_damaged(digits):
    file = book(["姓名", "手机号"], ["林小荷", 111111111111111])
    packed = zipfile.ZipFile(file)
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as copy:
        for part in packed.namelist():
            copy.writestr(part, packed.read(part).replace(b"111111111111111", b"1" * digits))
    (row,) = read_sheet(changed, COLUMNS).rows
    assert is_rounded(row["phone"])


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\ud800", "\ufffe", "\uffff"])
def test_what_a_workbook_cannot_hold_is_left_out(sign):
    made = workbook(Table("名单", [Heading(f"姓{sign}名")], [[f"林{sign}小荷"]], [f"注{sign}"]))
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["注", "姓名", "林小荷"]


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


def test_names_in_a_sentence_are_set_apart_as_the_reader_does_also_in_what_is_refused():
    for language, said in (("zh-hans", "姓名、手机号"), ("en", "姓名, 手机号")):
        with translation.override(language):
            assert list_words(["姓名", "手机号"]) == said
            with pytest.raises(SheetRefused, match=said):
                read_sheet(book(["单位"]), COLUMNS)


def test_excels_unicode_text_is_read():
    sheet = read_sheet(io.BytesIO("姓名\t手机号\n林一\t13800138000\n".encode("utf-16")), COLUMNS)
    assert [row["name"] for row in sheet.rows] == ["林一"]


@pytest.mark.parametrize("number", [120199199001011234, 1.20199199001011e17, "1.20199E+17"])
def test_a_long_number_that_a_spreadsheet_took_for_a_quantity_is_known_as_damaged(number):
    assert is_rounded(text_of(number))
    assert not is_rounded(text_of("120199199001011234"))
    assert text_of(13800138000.0) == "13800138000"
