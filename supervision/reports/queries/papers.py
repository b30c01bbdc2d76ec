"""From figures to the facts that are frozen at issue, and from frozen facts to the paper and the table that show them."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone, translation

from core.pdf.pages import chinese_date
from core.sheets.writing import Heading
from core.sheets.writing import Table as Sheet
from supervision.reports.document import Paper
from supervision.reports.policy import Row
from supervision.reports.queries.figures import Figures
from supervision.reports.queries.tables import COUNTED, months_of, tables_of


def hash_of(facts: Mapping[str, Any]) -> str:
    """The SHA-256 of frozen facts, whatever the order in which the database gives them back."""
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def facts_of(figures: Figures) -> dict[str, Any]:
    """What is frozen of a report: names and numbers of that day. No text of a pair is among them."""
    return {
        "organisation": figures.organisation.name,
        "tier": figures.organisation.tier,
        "is_sample": figures.organisation.is_sample,
        "confirm_within": figures.period.confirm_within,
        "as_of": figures.as_of.isoformat(),
        "rows": [_frozen(row) for row in figures.rows],
        "total": _frozen(figures.total),
        "tiers": [_frozen(row) for row in figures.tiers],
        "trend": [[month.isoformat(), minutes] for month, minutes in figures.trend],
    }


def _frozen(row: Row) -> dict[str, Any]:
    kinds = {what: number for what, number in sorted(row.counts.items()) if ":" in what}
    return {
        "name": row.name,
        "path": row.path,
        **{what: row[what] for what in COUNTED},
        "kinds": kinds,
        "quality": None if row.quality is None else str(row.quality),
        "rated": sum(people for people, _mean in row.rated),
    }


def report_paper(report: Any) -> Paper:
    """The issued report as a paper, in Chinese, from nothing but what was frozen."""
    facts = report.facts
    with translation.override("zh-hans"):
        tables = [*tables_of(facts), months_of(facts)]
        tables = [
            replace(table, caption=f"{number}、{table.caption}")
            for number, table in zip("一二三四五", tables, strict=False)
        ]
        kind = "月报" if report.span == "month" else "年报"
        as_of = timezone.localtime(datetime.datetime.fromisoformat(facts["as_of"]))
        return Paper(
            title=f"社会工作督导工作{kind}",
            unit=facts["organisation"],
            period=_chinese_period(report.span, report.first_on),
            number=f"DD-{report.organisation_id}-{report.first_on:%Y%m}-{report.number:02}",
            lines=(("数据截至", f"{chinese_date(as_of.date())} {as_of:%H:%M}"),),
            tables=tuple(tables),
            notes=(
                *(_method() if "tiers" in facts else _former_method()),
                f"久未开展、逾期未确认（超过 {facts['confirm_within']} 天）、未签协议按出表当日情况统计。"
                "互评均值只含已公布的结果，按公布的取整值计算，达到最低人数才公布；督导内容不在统计之列。",
            ),
            signers=(("制表人", report.issued_by.get_full_name()), ("审核人", report.reviewed_by)),
            dated=timezone.localtime(report.issued_at).date(),
            sha256=report.sha256,
            watermark="样例" if facts["is_sample"] else None,
        )


def _method() -> tuple[str, ...]:
    """How it was counted, as it stands below the tables."""
    return (
        "统计口径：督导次数为期内已开展的个别督导和集体督导（小组、同辈）；接受时长为每名参加者本人已确认的分钟数之和，计入本人所在单位；"
        "提供时长中，集体督导每次只计一遍。",
        "覆盖率为有督导或期内参加过集体督导的人数占应覆盖人数的比例；督导和各级管理人员不计入应覆盖人数。"
        "功能时长按各功能所占分钟数统计；督导级别取统计日有效聘任中的最高一级。",
    )


def _former_method() -> tuple[str, ...]:
    return (
        "统计口径：督导次数为期内已开展的督导；时长为被督导者已确认的分钟数折算；覆盖率为有督导的人数占在职人数的比例。",
    )


def _chinese_period(span: str, first: datetime.date) -> str:
    return f"{first.year}年" if span == "year" else f"{first.year}年{first.month}月"


def sheets_of(paper: Paper) -> list[Sheet]:
    """The same paper as sheets of a workbook: title, unit and period above, who prepared and reviewed it below."""
    above = [paper.title, f"单位：{paper.unit}", f"统计期间：{paper.period}", f"编号：{paper.number}"]
    above += [f"{label}：{value}" for label, value in paper.lines]
    below: list[Sequence[Any]] = [[]]
    below += [[note] for note in paper.notes]
    below.append(
        [f"{label}：{value}" for label, value in paper.signers] + [f"日期：{chinese_date(paper.dated)}"]
    )
    below.append([f"校验：{paper.sha256}"])
    return [
        Sheet(
            title=table.caption or paper.title,
            headings=[Heading(column.label, max(8, int(10 * column.share))) for column in table.columns],
            rows=[*([_cell(cell) for cell in row] for row in table.rows), *below],
            notes=above,
        )
        for table in paper.tables
    ]


def _cell(cell: Any) -> Any:
    return "—" if cell is None or cell == "" else cell
