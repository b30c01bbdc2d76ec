"""What the supervisors of an organisation are due for a month: by the tier in force and the rate of the nearest place."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import cn2an
from django.db.models import Count, Prefetch, Sum
from django.utils import timezone, translation

from core.organisations.models import Organisation
from supervision.reports.document import Column, Paper, Table
from supervision.reports.models import AllowanceLine, AllowanceRate
from supervision.reports.policy import Rate, allowance, hours, month_of
from supervision.reports.queries.held import moments
from supervision.reports.states import Per
from supervision.sessions.models import Session
from supervision.supervisors.models import Designation, Supervisor
from supervision.supervisors.states import Tier

RANK = {tier.value: rank for rank, tier in enumerate(Tier)}


@dataclass(frozen=True)
class Due:
    """One supervisor in one month: the tier in force, what was confirmed, the rate, and what that comes to."""

    supervisor: Supervisor
    tier: str
    sessions: int
    minutes: int
    rate: AllowanceRate | None
    amount: Decimal

    @property
    def tier_label(self) -> str:
        return str(Tier(self.tier).label) if self.tier else ""

    @property
    def hours(self) -> Decimal:
        return hours(self.minutes)


def dues_of(
    organisation: Organisation, month: datetime.date, *, correcting: Collection[int] = ()
) -> list[Due]:
    """Who is due what for a month: the supervisors with confirmed sessions, of the organisation and all below it.

    Left out are those who stand on a statement of this month already, but for those that are being corrected. Five
    statements, however many supervisors there are.
    """
    first, last = month_of(month)
    begin, end = moments(first, last)
    taken = AllowanceLine.objects.filter(month=first).exclude(statement__in=correcting)
    done = Session.objects.confirmed().filter(
        pairing__supervisor__organisation__path__startswith=organisation.path,
        starts_at__gte=begin,
        starts_at__lt=end,
    )
    counted: dict[int, tuple[int, int]] = {
        pk: (number, length)
        for pk, number, length in done.order_by()
        .values_list("pairing__supervisor")
        .annotate(n=Count("pk"), m=Sum("minutes"))
    }
    held = Prefetch("designations", Designation.objects.in_force(last), to_attr="in_force_then")
    rows = (
        Supervisor.objects.filter(pk__in=done.order_by().values("pairing__supervisor"))
        .exclude(pk__in=taken.values("supervisor"))
        .select_related("person", "organisation")
        .prefetch_related(held)
    )
    rates = list(AllowanceRate.objects.in_force(last).select_related("organisation"))
    return [
        _due(row, *counted[row.pk], rates)
        for row in rows.order_by("organisation__path", "code")
        if row.pk in counted
    ]


def _due(row: Any, sessions: int, minutes: int, rates: Sequence[AllowanceRate]) -> Due:
    tiers = sorted((each.tier for each in row.in_force_then), key=lambda tier: RANK[tier])
    tier = tiers[-1] if tiers else ""
    rate = rate_for(rates, row.organisation.path, tier)
    amount = allowance(Rate(rate.per, rate.amount) if rate else None, sessions, minutes)
    return Due(row, tier, sessions, minutes, rate, amount)


def rate_for(rates: Sequence[AllowanceRate], path: str, tier: str) -> AllowanceRate | None:
    """The rate that holds for a tier at a place: of the nearest place above, the one that began last."""
    fitting = [each for each in rates if each.tier == tier and path.startswith(each.organisation.path)]
    return max(fitting, key=lambda each: (len(each.organisation.path), each.starts_on, each.pk), default=None)


def statement_facts(organisation: Organisation, month: datetime.date, dues: Sequence[Due]) -> dict[str, Any]:
    """What is frozen of a statement, in Chinese: each supervisor with tier, sessions, hours, rate and amount."""
    with translation.override("zh-hans"):
        lines = [
            {
                "code": due.supervisor.code,
                "name": due.supervisor.person.name,
                "organisation": due.supervisor.organisation.name,
                "tier": due.tier_label or "无有效聘任",
                "sessions": due.sessions,
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
    facts = statement.facts
    rows: list[tuple[Any, ...]] = [
        (
            str(number),
            each["name"],
            each["code"],
            each["organisation"],
            each["tier"],
            each["sessions"],
            hours(each["minutes"]),
            each["rate"],
            Decimal(each["amount"]),
        )
        for number, each in enumerate(facts["lines"], start=1)
    ]
    sessions = sum(each["sessions"] for each in facts["lines"])
    minutes = sum(each["minutes"] for each in facts["lines"])
    rows.append(("", "合计", "", "", "", sessions, hours(minutes), "", Decimal(facts["total"])))
    sources = list(dict.fromkeys(each["source"] for each in facts["lines"] if each["source"]))
    lines = [("合计金额（大写）", facts["capitals"])]
    if statement.corrects_id:
        lines.append(("更正说明", f"本表更正编号 JT-{statement.corrects_id:06} 的津贴表。{statement.reason}"))
    month = statement.month
    return Paper(
        title="督导津贴核定表",
        unit=facts["organisation"],
        period=f"{month.year}年{month.month}月",
        number=f"JT-{statement.pk:06}",
        lines=tuple(lines),
        tables=(
            Table(
                "",
                (
                    Column("序号", 0.5, is_number=False),
                    Column("姓名", 1.1, is_number=False),
                    Column("督导编号", 1.0, is_number=False),
                    Column("所在单位", 2.2, is_number=False),
                    Column("级别", 1.1, is_number=False),
                    Column("确认次数", 0.8),
                    Column("确认小时", 0.8),
                    Column("津贴标准", 1.3, is_number=False),
                    Column("金额（元）", 1.1),
                ),
                tuple(rows),
                has_total=True,
            ),
        ),
        notes=(
            "本表为津贴核定情况，不是付款凭证。金额按当月最后一日有效的聘任级别和就近适用的标准计算。",
            *([f"标准依据：{'；'.join(sources)}。"] if sources else []),
        ),
        signers=(("制表人", statement.issued_by.get_full_name()), ("审核人", statement.reviewed_by)),
        dated=timezone.localtime(statement.issued_at).date(),
        sha256=statement.sha256,
        watermark="样例" if facts["is_sample"] else None,
    )
