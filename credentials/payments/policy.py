"""What a payment batch comes to, and what a table of the bank says about its lines: pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import cn2an

CENT = Decimal("0.01")
LAST_DIGITS = 4
MOST_DIGITS = 9  # of the number of a line
ACCOUNT = re.compile(
    r"\d(?:[ -]?\d){11,}|\d{8,}"
)  # in groups only where it is too long for a date and a time
SERIAL = "FF"  # of batches
WHOLE = "号"  # ends a mark: without it a bank may have cut digits off the number
MARK = re.compile(
    rf"({SERIAL}-\d{{4}}-\d{{4,9}}-\d{{1,9}})(?!\d)({WHOLE}?)"
)  # serial of a batch, number of a line
PAID_WORDS = frozenset({"paid", "success", "成功", "已发放", "已付", "发放成功", "交易成功", "支付成功"})
FAILED_WORDS = frozenset(
    {"failed", "失败", "未发放", "退回", "退票", "发放失败", "交易失败", "支付失败", "已退回"}
)


def control_total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of the lines, to the cent."""
    return sum(amounts, Decimal(0)).quantize(CENT)


def capitals(amount: Decimal) -> str:
    """An amount of money in Chinese capitals, as it stands on papers: 壹仟伍佰元整."""
    return str(cn2an.an2cn(str(amount.quantize(CENT)), "rmb"))


@dataclass(frozen=True)
class Expected:
    """A line of a batch, as the bank's table can name it."""

    pk: int
    position: int
    name: str
    last4: str
    amount: Decimal
    is_open: bool
    is_mine: bool = False  # of whoever brings the table
    mark: str = (
        ""  # what the file for the bank says the payment is for: serial of the batch and number of the line
    )
    is_returned: bool = False  # by the bank: it is settled, whatever is said later
    is_decided: bool = False  # whoever brings the table has approved its claim


@dataclass(frozen=True)
class Stated:
    """A row of the bank's table, as text; `number` is the one that the spreadsheet program shows beside it."""

    number: int
    position: str
    name: str
    account: str
    amount: str
    result: str
    reason: str
    purpose: str = ""


@dataclass(frozen=True)
class Result:
    """What became of one line."""

    line: int
    paid: bool
    reason: str = ""


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken, and why, as a code; `line` is the one that it names, 0 where it names none."""

    number: int
    name: str
    code: str
    line: int = 0


def match_results(
    rows: Sequence[Stated], lines: Sequence[Expected]
) -> tuple[list[Result], list[BadRow], list[Expected]]:
    """What the table says about the lines; the rows that cannot be taken; and the open lines of which it says nothing.

    A row names its line by the purpose that the file for the bank gave it; by the number in the list with the name or the
    account; or by name, last digits of the account and amount together. Whatever it gives besides has to agree. An amount
    beside the number is not enough: many are paid the same, and the number stands in every batch. One line stated twice is
    refused both times. As long as one row is bad, nothing is to be entered.
    """
    known = _Known(lines)
    taken: dict[int, list[tuple[Stated, Result]]] = defaultdict(list)
    bad: list[BadRow] = []
    for row in rows:
        found = known.line_of(row)
        code = found if isinstance(found, str) else _fault(row, found)
        if code or isinstance(found, str):
            bad.append(BadRow(row.number, row.name, code, 0 if isinstance(found, str) else found.pk))
        else:
            paid = _word(row.result) in PAID_WORDS
            reason = "" if paid else without_numbers(row.reason.strip())[:300]
            taken[found.pk].append((row, Result(found.pk, paid, reason)))
    results = []
    for said in taken.values():
        if len(said) > 1:
            bad += [BadRow(row.number, row.name, "twice", result.line) for row, result in said]
        else:
            results.append(said[0][1])
    silent = [line for line in lines if line.is_open and line.pk not in taken]
    return results, sorted(bad, key=lambda one: one.number), silent


class _Known:
    """The lines of a batch by everything that can name one."""

    def __init__(self, lines: Iterable[Expected]) -> None:
        self.by_mark: dict[str, Expected] = {}
        self.by_position: dict[int, Expected] = {}
        self.by_facts: dict[tuple[str, str, Decimal], list[Expected]] = defaultdict(list)
        for line in lines:
            self.by_mark[line.mark.removesuffix(WHOLE)] = line
            self.by_position[line.position] = line
            self.by_facts[line.name, line.last4, line.amount].append(line)

    def line_of(self, row: Stated) -> Expected | str:
        """The line that a row names, or the code of why it names none."""
        amount = amount_of(row.amount)
        if row.amount.strip() and amount is None:
            return "amount_unreadable"
        purpose = unicodedata.normalize("NFKC", row.purpose).upper()  # a bank may write it its own way
        marked = MARK.search(purpose)
        return self._marked(marked, row, amount) if marked else self._described(row, amount)

    def _marked(self, marked: re.Match[str], row: Stated, amount: Decimal | None) -> Expected | str:
        """The line of a mark. One that nothing ends may be the beginning of several: then the rest of the row says which."""
        exact = self.by_mark.get(mark := marked[1])
        begun = [line for known, line in self.by_mark.items() if known.startswith(mark)]
        if marked[2] or not begun or begun == [exact]:
            return exact or "other_batch"
        found = self._described(row, amount)
        return found if isinstance(found, Expected) and found in begun else "mark_cut"

    def _described(self, row: Stated, amount: Decimal | None) -> Expected | str:
        """The line that a row names by its number, name, account and amount."""
        named = row.name.strip() or row.account.strip()
        if row.position.strip():
            return (
                (self.by_position.get(number_of(row.position)) or "no_such_line")
                if named
                else "position_alone"
            )
        if amount is None or not row.name.strip() or not row.account.strip():
            return "names_no_line"
        fitting = self.by_facts.get((row.name.strip(), last4(row.account), amount), [])
        if not fitting:
            return "no_such_line"
        return fitting[0] if len(fitting) == 1 else "several_lines"


def _fault(row: Stated, line: Expected) -> str:
    amount = amount_of(row.amount)
    if row.name.strip() and row.name.strip() != line.name:
        return "other_name"
    if row.account.strip() and last4(row.account) != line.last4:
        return "other_account"
    if amount is not None and amount != line.amount:
        return "other_amount"
    word = _word(row.result)
    if word not in PAID_WORDS and word not in FAILED_WORDS:
        return "result_unreadable"
    if word in FAILED_WORDS and not row.reason.strip():
        return "no_reason"
    if not line.is_open:
        return _again(line, is_paid=word in PAID_WORDS)
    return "own" if line.is_mine else "decided" if line.is_decided else ""


def _again(line: Expected, *, is_paid: bool) -> str:
    """What a row is that speaks of a settled line: the same once more, or that it ended otherwise after all."""
    if line.is_returned == is_paid:
        return "paid_late" if is_paid else "came_back"
    return "settled"


def mark_of(serial: str, position: int) -> str:
    """What the file for the bank says that a line is for; read back whole, it names the line."""
    return f"{serial}-{position}{WHOLE}"


def number_of(text: str) -> int:
    """The number of a line as a table gives it; 0, which no line has, where it is none or too long for one."""
    plain = text.strip()
    return int(plain) if plain.isdecimal() and len(plain) <= MOST_DIGITS else 0


def without_numbers(text: str) -> str:
    """What the bank says, with every number that could be an account reduced to its last digits: it goes to the claimant,
    into the audit and into jobs, where no account number may stand."""
    return ACCOUNT.sub(lambda found: f"****{re.sub('[ -]', '', found[0])[-LAST_DIGITS:]}", text)


def last4(account: str) -> str:
    """The last digits of an account, by which a bank shows it."""
    return "".join(account.split())[-LAST_DIGITS:]


def amount_of(text: str) -> Decimal | None:
    """An amount as people write it; None where it is none."""
    plain = text.replace(",", "").replace("，", "").replace("¥", "").replace("元", "").strip()
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    return amount.quantize(CENT) if amount.is_finite() and abs(amount) < Decimal(10**10) else None


def _word(text: str) -> str:
    return "".join(text.split()).lower()
