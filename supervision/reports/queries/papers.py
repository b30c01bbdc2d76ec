"""From figures to the facts that are frozen at issue, and from frozen facts to the paper and the table that show them."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.sheets.writing import Heading
from core.sheets.writing import Table as Sheet
from supervision.functions.states import Function
from supervision.reports.document import Column, Paper, Table, chinese_date
from supervision.reports.policy import Row, hours
from supervision.reports.queries.figures import Figures
from supervision.sessions.states import Mode
from supervision.supervisors.states import Form

COUNTED = (
    *("supervisors", "pairings", "trainees", "covered", "sessions", "confirmed", "minutes"),
    *("objected", "quiet", "late", "no_agreement"),
)
KINDS = (("form", Form), ("mode", Mode), ("function", Function))


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


def row_of(frozen: Mapping[str, Any]) -> Row:
    """A frozen row, read back."""
    counts = {what: frozen[what] for what in COUNTED} | dict(frozen["kinds"])
    quality = frozen["quality"]
    rated = ((frozen["rated"], Decimal(quality)),) if quality is not None else ()
    return Row(frozen["path"], frozen["name"], counts, rated)


def columns() -> list[tuple[str, float]]:
    """The headings of the main table after the organisation, with their widths."""
    return [
        (_("Supervisors"), 0.8),
        (pgettext("report", "Pairings"), 0.8),
        (pgettext("report", "Covered / employed"), 1.2),
        (_("Coverage %"), 0.9),
        (pgettext("report", "Sessions"), 0.8),
        (pgettext("report", "Confirmed"), 0.8),
        (pgettext("report", "Hours"), 0.9),
        (_("Objections %"), 0.9),
        (pgettext("report", "Quiet"), 0.8),
        (_("Not confirmed in time"), 0.9),
        (_("Without agreement"), 0.9),
        (pgettext("evaluation", "Average"), 0.9),
    ]


def cells(row: Row) -> list[Any]:
    """The figures of one row, in the order of the columns."""
    return [
        row["supervisors"],
        row["pairings"],
        f"{row['covered']} / {row['trainees']}",
        row.coverage,
        row["sessions"],
        row["confirmed"],
        row.hours,
        row.objections,
        row["quiet"],
        row["late"],
        row["no_agreement"],
        row.quality,
    ]


def kind_columns() -> list[tuple[str, str]]:
    """The kinds of sessions: what they are counted as, and their words."""
    return [(f"{name}:{value}", str(label)) for name, kind in KINDS for value, label in kind.choices]


def kind_cell(row: Row, what: str) -> Any:
    """Hours of a form or a mode; of a function the sessions in which it was exercised."""
    return row[what] if what.startswith("function:") else hours(row[what])


def period_words(span: str, first: datetime.date) -> str:
    """The period, in the reader's language."""
    if span == "year":
        return pgettext("report", "the year %(year)s") % {"year": first.year}
    return pgettext("report", "%(year)s-%(month)s") % {"year": first.year, "month": f"{first.month:02}"}


def report_paper(report: Any) -> Paper:
    """The issued report as a paper, in Chinese, from nothing but what was frozen."""
    facts = report.facts
    rows = [row_of(each) for each in facts["rows"]]
    total = row_of(facts["total"])
    everything = [*rows, total]
    with translation.override("zh-hans"):
        names = [*(row.name for row in rows), "合计"]
        main = Table(
            "一、总体情况",
            (Column("单位", 2.2, is_number=False), *(Column(label, share) for label, share in columns())),
            tuple((name, *cells(row)) for name, row in zip(names, everything, strict=True)),
            has_total=True,
        )
        kinds = kind_columns()
        by_kind = Table(
            "二、按形式、模式（小时）和功能（次数）",
            (Column("单位", 2.2, is_number=False), *(Column(label) for _what, label in kinds)),
            tuple(
                (name, *(kind_cell(row, what) for what, _label in kinds))
                for name, row in zip(names, everything, strict=True)
            ),
            has_total=True,
        )
        months = Table(
            "三、近十二个月已确认时长（小时）",
            tuple(Column(month[:7]) for month, _minutes in facts["trend"]),
            (tuple(hours(minutes) for _month, minutes in facts["trend"]),),
        )
        kind = "月报" if report.span == "month" else "年报"
        as_of = timezone.localtime(datetime.datetime.fromisoformat(facts["as_of"]))
        return Paper(
            title=f"社会工作督导工作{kind}",
            unit=facts["organisation"],
            period=_chinese_period(report.span, report.first_on),
            number=f"DD-{report.organisation_id}-{report.first_on:%Y%m}-{report.number:02}",
            lines=(("数据截至", f"{chinese_date(as_of.date())} {as_of:%H:%M}"),),
            tables=(main, by_kind, months),
            notes=(
                "统计口径：督导次数为期内已开展的督导；时长为被督导者已确认的分钟数折算；覆盖率为有督导的人数占在职人数的比例。",
                f"久未开展、逾期未确认（超过 {facts['confirm_within']} 天）、未签协议按出表当日情况统计。"
                "互评均值只含已公布的结果，按公布的取整值计算，达到最低人数才公布；督导内容不在统计之列。",
            ),
            signers=(("制表人", report.issued_by.get_full_name()), ("审核人", report.reviewed_by)),
            dated=timezone.localtime(report.issued_at).date(),
            sha256=report.sha256,
            watermark="样例" if facts["is_sample"] else None,
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
