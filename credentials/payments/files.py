"""The papers of a batch: the roster as it was stored, the same as a table, the file for the bank, and the bank's answer read."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.files.base import File

from core.sheets.reading import Column, read_sheet
from core.sheets.writing import Heading, Table
from credentials.certificates.files import open_checked, store_whole
from credentials.payments.document import COLUMNS, NO_TOTAL, Roster, RosterLine, render
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.policy import BadRow, Expected, Result, Stated, capitals, mark_of, match_results
from credentials.payments.states import LineState

TITLE = "社会工作人才补贴发放花名册"
BANK_HEADINGS = (("户名", 14), ("账号", 26), ("开户行", 34), ("金额", 14), ("用途", 30))
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t",
    "\r",
    "\n",
)  # what Excel takes for a formula at the start of a cell
RESULTS = (
    Column("position", ("序号",), required=False),
    Column("name", ("姓名", "户名", "收款人", "收款人姓名"), required=False),
    Column("account", ("账号", "收款账号", "账号后四位", "账号末四位"), required=False),
    Column("amount", ("金额", "本次金额", "交易金额"), required=False),
    Column("result", ("结果", "发放结果", "交易结果", "状态")),
    Column("purpose", ("用途", "附言", "摘要"), required=False),
    Column("reason", ("原因", "失败原因", "退回原因", "备注"), required=False),
)
MOST_ROWS = 20_000


def roster_lines(batch: PaymentBatch) -> list[PaymentLine]:
    """The lines that stand in the list, in its order."""
    return list(batch.lines.exclude(state=LineState.WITHDRAWN).select_related("batch").order_by("position"))


def roster_of(
    batch: PaymentBatch,
    lines: Iterable[PaymentLine],
    watermark: str | None = None,
    *,
    with_total: bool = True,
) -> Roster:
    """The list from nothing but what was frozen; before the release nobody stands for it, and it says so. Whoever has to
    find the control total out is given it without."""
    facts = batch.facts
    dated = facts.get("dated") or batch.built_at.date().isoformat()
    return Roster(
        serial=batch.serial,
        title=TITLE,
        authority=facts.get("authority") or batch.authority.name,
        policy=facts.get("policy") or batch.policy.name,
        lines=tuple(_printed(line) for line in lines),
        total=batch.total if with_total else None,
        capitals=facts.get("capitals") or (capitals(batch.total) if with_total else ""),
        made_by=facts.get("made_by") or batch.built_by.get_full_name(),
        checked_by=facts.get("checked_by", ""),
        dated=datetime.date.fromisoformat(dated),
        watermark=watermark or facts.get("watermark"),
    )


def _printed(line: PaymentLine) -> RosterLine:
    return RosterLine(
        position=line.position,
        name=line.name,
        id_number=line.id_sealed,
        employer=line.employer,
        level=line.level,
        certificate_number=line.certificate_number,
        certificate_on=line.certificate_on,
        standard=line.standard,
        already=line.already,
        amount=line.amount,
        bank=line.bank,
        account=line.account_sealed,
        phone=line.phone_sealed or "",
        remark=line.remark,
    )


def store_roster(batch: PaymentBatch, lines: Iterable[PaymentLine]) -> tuple[str, str]:
    """Draw the list that is released and store it; returns its SHA-256 and its name. Raises MissingGlyph."""
    roster = roster_of(batch, lines)
    return store_whole(render(roster), "payments", roster.dated)


def open_roster(batch: PaymentBatch, *, with_total: bool = True) -> File[bytes]:
    """The list as a PDF: that of the release, checked against its hash; before, a draft that says so.

    Raises FileNotFoundError when the store lost it and it cannot be made the same again.
    """
    lines = roster_lines(batch)
    if not batch.roster_sha256:
        drawn = render(roster_of(batch, lines, "待审核", with_total=with_total))
        return File(io.BytesIO(drawn), name=f"{batch.serial}.pdf")
    return open_checked(
        batch.roster_file, batch.roster_sha256, lambda: render(roster_of(batch, lines)), batch.serial
    )


def roster_table(batch: PaymentBatch, *, with_total: bool = True) -> Table:
    """The same as a table. ID numbers, accounts and telephones are texts: as numbers their last digits would be lost."""
    roster = roster_of(batch, roster_lines(batch), with_total=with_total)
    widths = (6, 10, 22, 26, 18, 20, 12, 12, 12, 12, 34, 26, 16, 24)
    headings = [
        Heading(label, width) for (label, _share, _figures), width in zip(COLUMNS, widths, strict=True)
    ]
    rows = [
        (
            *(line.position, line.name, line.id_number, line.employer, line.level, line.certificate_number),
            *(line.certificate_on or "", line.standard, line.already, line.amount),
            *(line.bank, line.account, line.phone, line.remark),
        )
        for line in roster.lines
    ]
    foot: list[Any] = [""] * len(COLUMNS)
    foot[1], foot[9], foot[10] = "合计", roster.total, f"大写：人民币{roster.capitals}"
    if roster.total is None:
        foot[9], foot[10] = "", NO_TOTAL
    signed = f"制表人：{roster.made_by}　审核人：{roster.checked_by}　负责人：　　　　日期：{roster.dated}"
    notes = [f"{TITLE} {roster.serial}", f"发放单位：{roster.authority}　依据：{roster.policy}", signed]
    return Table(roster.serial, headings, [*rows, foot], notes)


def bank_rows(batch: PaymentBatch) -> list[tuple[str, str, str, str, str]]:
    """What the bank needs, and no more: name, account, bank, amount, purpose."""
    return [
        (
            line.name,
            line.account_sealed,
            line.bank,
            f"{line.amount:.2f}",
            mark_of(batch.serial, line.position),
        )
        for line in roster_lines(batch)
    ]


def bank_table(batch: PaymentBatch) -> Table:
    headings = [Heading(label, width) for label, width in BANK_HEADINGS]
    return Table(batch.serial, headings, bank_rows(batch))


def bank_csv(batch: PaymentBatch) -> bytes:
    """The same as CSV in UTF-8 with a byte order mark, which Excel in Chinese and the upload pages of banks both read.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front. Numbers stand bare: software reads them
    as text by the heading; whoever opens it in Excel takes the XLSX file, whose cells are texts.
    """
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerow([label for label, _width in BANK_HEADINGS])
    for row in bank_rows(batch):
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row])
    return ("\ufeff" + kept.getvalue()).encode("utf-8")


@dataclass(frozen=True)
class Reading:
    """What the bank's table says: results, rows that cannot be taken, and lines it says nothing about."""

    results: list[Result] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    silent: list[Expected] = field(default_factory=list)


def read_results(file: IO[bytes], lines: Sequence[PaymentLine], reader_id: int) -> Reading:
    """Read the bank's table about these lines. Raises SheetRefused when it is none."""
    sheet = read_sheet(file, RESULTS, max_rows=MOST_ROWS, agreeing=True)
    names = [column.name for column in RESULTS]
    stated = [Stated(number=row.number, **{name: row[name] for name in names}) for row in sheet.rows]
    expected = [
        Expected(
            line.pk, line.position, line.name, line.last4, line.amount, line.state == LineState.WAITING,
            line.holder_id == reader_id, mark_of(line.batch.serial, line.position), line.state == LineState.FAILED,
            line.approver_id == reader_id,
        )
        for line in lines
    ]  # fmt: skip
    return Reading(*match_results(stated, expected))
