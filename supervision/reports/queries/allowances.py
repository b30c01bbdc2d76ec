"""What is frozen of an allowance statement, and the paper that shows it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import cn2an
from django.utils import timezone, translation

from core.organisations.models import Organisation
from supervision.reports.document import Column, Paper, Table
from supervision.reports.models import AllowanceRate
from supervision.reports.policy import hours
from supervision.reports.queries.dues import Due
from supervision.reports.states import Per

STATEMENT_COLUMNS = (
    Column("序号", 0.5, is_number=False),
    Column("姓名", 1.1, is_number=False),
    Column("督导编号", 1.0, is_number=False),
    Column("所在单位", 2.2, is_number=False),
    Column("级别", 1.1, is_number=False),
    Column("所属月份", 1.2, is_number=False),
    Column("确认次数", 0.8),
    Column("确认小时", 0.8),
    Column("津贴标准", 1.3, is_number=False),
    Column("金额（元）", 1.1),
)


def statement_facts(organisation: Organisation, month: datetime.date, dues: Sequence[Due]) -> dict[str, Any]:
    """What is frozen of a statement, in Chinese: each supervisor with tier, sessions, hours, rate and amount."""
    with translation.override("zh-hans"):
        lines = [
            {
                "code": due.supervisor.code,
                "name": due.supervisor.person.name,
                "organisation": due.supervisor.organisation.name,
                "tier": due.tier_label or "无有效聘任",
                "month": due.month.isoformat(),
                "is_adjustment": due.is_adjustment,
                "sessions": due.sessions,
                "gatherings": sum(each.gathering is not None for each in due.held),
                "minutes": due.minutes,
                "rate": _rate_words(due.rate),
                "source": due.rate.source if due.rate else "",
                "amount": str(due.amount),
            }
            for due in dues
        ]
    total = sum((due.amount for due in dues), Decimal("0.00"))
    return {
        "organisation": organisation.name,
        "is_sample": organisation.is_sample,
        "month": month.isoformat(),
        "lines": lines,
        "total": str(total),
        "capitals": capitals(total),
    }


def _month_words(line: Mapping[str, Any], month: datetime.date) -> str:
    """For which month a line is; on statements of before, all were for the month of the statement."""
    at = datetime.date.fromisoformat(line["month"]) if "month" in line else month
    words = f"{at.year}年{at.month}月"
    return f"{words}（更正）" if line.get("is_adjustment") else words


def _rate_words(rate: AllowanceRate | None) -> str:
    if rate is None:
        return "无适用标准"
    per = {Per.MONTH: "月", Per.SESSION: "次", Per.HOUR: "小时"}[Per(rate.per)]
    return f"{rate.amount} 元/{per}"


def capitals(amount: Decimal) -> str:
    """An amount of money in capitals, as it stands on papers."""
    return str(cn2an.an2cn(str(amount), "rmb"))


def statement_paper(statement: Any) -> Paper:
    """The issued statement as a paper, from nothing but what was frozen."""
    facts, month = statement.facts, statement.month
    lines = [("合计金额（大写）", facts["capitals"])]
    if statement.corrects_id:
        lines.append(("更正说明", f"本表更正编号 JT-{statement.corrects_id:06} 的津贴表。{statement.reason}"))
    return Paper(
        title="督导津贴核定表",
        unit=facts["organisation"],
        period=f"{month.year}年{month.month}月",
        number=f"JT-{statement.pk:06}",
        lines=tuple(lines),
        tables=(Table("", STATEMENT_COLUMNS, _statement_rows(facts, month), has_total=True),),
        notes=_statement_notes(facts),
        signers=(("制表人", statement.issued_by.get_full_name()), ("审核人", statement.reviewed_by)),
        dated=timezone.localtime(statement.issued_at).date(),
        sha256=statement.sha256,
        watermark="样例" if facts["is_sample"] else None,
    )


def _statement_rows(facts: Mapping[str, Any], month: datetime.date) -> tuple[tuple[Any, ...], ...]:
    """A row for each line, and the total."""
    rows: list[tuple[Any, ...]] = [
        (
            str(number),
            each["name"],
            each["code"],
            each["organisation"],
            each["tier"],
            _month_words(each, month),
            each["sessions"],
            hours(each["minutes"]),
            each["rate"],
            Decimal(each["amount"]),
        )
        for number, each in enumerate(facts["lines"], start=1)
    ]
    sessions = sum(each["sessions"] for each in facts["lines"])
    minutes = sum(each["minutes"] for each in facts["lines"])
    return (*rows, ("", "合计", "", "", "", "", sessions, hours(minutes), "", Decimal(facts["total"])))


def _statement_notes(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What the statement is not, what an adjustment is, and by which rates it was counted."""
    notes = [
        "本表为津贴核定情况，不是付款凭证。金额按当月最后一日有效的聘任级别和就近适用的标准计算。"
        "确认次数含个别督导和本人带领的集体督导，每次只计一遍。"
    ]
    if any(each.get("is_adjustment") for each in facts["lines"]):
        notes.append("更正行为此前月份的差额：原表出具后，有记录经双方更正或补充确认；原表不变。")
    if sources := dict.fromkeys(each["source"] for each in facts["lines"] if each["source"]):
        notes.append(f"标准依据：{'；'.join(sources)}。")
    return tuple(notes)
