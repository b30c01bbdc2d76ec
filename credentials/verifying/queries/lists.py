"""Many codes at once, for employers: a table in, the same rows with their verdicts out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.sheets.reading import Column, read_sheet
from core.sheets.writing import Heading, Table
from core.states import Refused
from credentials.certificates.policy import CODE_LENGTH, split_typed
from credentials.certificates.queries import Answer, look_up
from credentials.certificates.states import Verdict
from credentials.statements.queries import StatementAnswer, look_up_statement

MOST_ROWS = 500
MOST_ELEMENTS = 300_000  # of a workbook that anybody may send: some 40,000 cells, read within a second
COLUMNS = (
    Column("code", ("核验码", "验证码", "证书核验码", "verification code", "code")),
    Column("name", ("姓名", "持有人", "name", "full name", "holder"), required=False),
)


@dataclass(frozen=True)
class Asked:
    """One row of the table that was sent: its number there, and what was written."""

    number: int
    code: str
    name: str


def read_list(file: IO[bytes]) -> list[Asked]:
    """The rows of a table with a column of codes. Raises Refused with what to do about the table."""
    rows = [
        Asked(row.number, row["code"], row["name"])
        for row in read_sheet(file, COLUMNS, max_rows=MOST_ROWS, max_elements=MOST_ELEMENTS).rows
    ]
    if not rows:
        raise Refused(_("The table has headings, but no rows below them."))
    return rows


def answers_table(rows: Iterable[Asked]) -> Table:
    """The verdicts as a sheet, a row for each that was asked, in the language of the visitor."""
    first: dict[str, int] = {}
    lines = []
    for row in rows:
        serial, code = split_typed(row.code)
        known = first.setdefault(code, row.number) if len(code) == CODE_LENGTH else row.number
        lines.append([row.number, row.code[:200], row.name[:120], *_line(row, serial, code, known)])
    return Table(title=_("Verdicts"), headings=_headings(), rows=lines, notes=[_notes()])


def _headings() -> list[Heading]:
    return [
        Heading(pgettext("verdicts", "Row"), 6),
        Heading(_("Verification code"), 28),
        Heading(_("Name as sent"), 14),
        Heading(_("Verdict"), 22),
        Heading(_("Remark"), 40),
        Heading(_("Holder"), 12),
        Heading(_("Serial number"), 20),
        Heading(_("For"), 30),
        Heading(_("Issued by"), 24),
        Heading(_("Issued on"), 12),
        Heading(_("Valid until"), 12),
    ]


def _notes() -> str:
    return _("What the papers are worth on the day of this answer. Names are shown in part only.")


def _line(row: Asked, serial: str, code: str, first: int) -> list[Any]:
    """Verdict, remark and facts of one row. A code is compared with one name in a table, so that nobody tries many;
    over several tables its wrong names are counted with those of its page."""
    if len(code) != CODE_LENGTH:
        return [_("Not a code"), _("A verification code has 20 letters and digits."), *[""] * 6]
    if first != row.number:
        return [_("Asked twice"), _("The same code stands in row %(row)s.") % {"row": first}, *[""] * 6]
    statement = look_up_statement(code, serial=serial, name=row.name)
    if statement.statement is not None:
        return _of_statement(statement)
    return _of_certificate(look_up(code, serial=serial, name=row.name))


def _of_certificate(answer: Answer) -> list[Any]:
    found = answer.certificate
    if found is None:
        return [str(Verdict.UNKNOWN.label), _("Compare the code with the paper once more."), *[""] * 6]
    remarks = [_name_words(answer), _sample_words(found.facts)]
    until = found.expires_on or _("no end date")
    return [
        str(answer.verdict.label),
        " ".join(filter(None, remarks)),
        answer.masked_name,
        found.serial,
        found.title_here,
        found.facts.get("issuer", ""),
        found.issued_on,
        until,
    ]


def _of_statement(answer: StatementAnswer) -> list[Any]:
    found = answer.statement
    assert found is not None
    remarks = [_name_words(answer), _sample_words(found.facts)]
    return [
        str(answer.verdict.label),
        " ".join(filter(None, remarks)),
        answer.masked_name,
        found.serial,
        _("Hours statement"),
        found.facts.get("issuer", ""),
        found.issued_on,
        "",
    ]


def _name_words(answer: Answer | StatementAnswer) -> str:
    if answer.names_spent:
        return _("Too many wrong names were compared with this code today. Compare the name again tomorrow.")
    if answer.name_matches is None:
        return ""
    return _("The name matches.") if answer.name_matches else _("The name does not match.")


def _sample_words(facts: dict[str, Any]) -> str:
    return _("Sample data for demonstration: it certifies nothing.") if facts.get("watermark") else ""


def blank_list() -> Table:
    """An empty table with the headings that are read."""
    return Table(
        title=_("Codes"),
        headings=[Heading(_("Verification code"), 32), Heading(pgettext("verdicts", "Full name"), 16)],
        rows=[],
    )
