"""A supervisor's own portfolio for a renewal: what was done in a period, on one page and on paper."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncYear
from django.utils import timezone, translation

from core.pdf.pages import chinese_date
from supervision.circles.models import Gathering, Participation
from supervision.evaluations.models import EvaluationResult
from supervision.pairings.models import Pairing
from supervision.pairings.states import PairingState
from supervision.reports.document import Column, Paper, Table
from supervision.reports.policy import hours
from supervision.reports.queries.held import moments
from supervision.reports.queries.papers import hash_of
from supervision.sessions.models import Session
from supervision.supervisors.models import Designation, Supervisor
from supervision.supervisors.states import Form
from supervision.trainings.models import OwnTraining
from supervision.trainings.states import TrainingState


@dataclass(frozen=True)
class Portfolio:
    """One supervisor in one period. Minutes are confirmed ones."""

    supervisor: Supervisor
    first_on: datetime.date
    last_on: datetime.date
    designations: list[Designation]
    mentees: int
    pairings_ended: int
    sessions: int
    gatherings: int
    people: int  # who confirmed that they took part in those, each once
    minutes: dict[tuple[int, str], int]
    training_minutes: int
    received_minutes: int
    results: list[EvaluationResult]

    @property
    def total(self) -> int:
        return sum(self.minutes.values())

    @property
    def years(self) -> list[int]:
        return sorted({year for year, _form in self.minutes})

    @property
    def by_form(self) -> list[Decimal]:
        """The hours of each form over all years."""
        sums = dict.fromkeys(Form.values, 0)
        for (_year, form), minutes in self.minutes.items():
            sums[form] += minutes
        return [hours(sums[form]) for form in Form.values]

    @property
    def by_year(self) -> list[tuple[int, list[Decimal], Decimal]]:
        """Of each year the hours by form, and all of them."""
        found = []
        for year in self.years:
            cells = [self.minutes.get((year, form.value), 0) for form in Form]
            found.append((year, [hours(cell) for cell in cells], hours(sum(cells))))
        return found


def portfolio_of(supervisor: Supervisor, first: datetime.date, last: datetime.date) -> Portfolio:
    """What this supervisor can show for a period: sessions of pairs, and gatherings led, each once. Twelve statements."""
    begin, end = moments(first, last)
    done = Session.objects.confirmed().filter(starts_at__gte=begin, starts_at__lt=end)
    given = done.filter(pairing__supervisor=supervisor)
    grouped: Any = given.order_by().annotate(year=TruncYear("starts_at")).values_list("year", "form")
    minutes = {
        (timezone.localtime(year).year, form): length
        for year, form, length in grouped.annotate(m=Sum("minutes"))
    }
    led = Gathering.objects.logged().filter(
        leader=supervisor.pk, counted_at__isnull=False, starts_at__gte=begin, starts_at__lt=end
    )
    grouped = led.order_by().annotate(year=TruncYear("starts_at")).values_list("year", "form")
    for year, form, length in grouped.annotate(m=Sum("minutes")):
        at = (timezone.localtime(year).year, form)
        minutes[at] = minutes.get(at, 0) + length
    parts = Participation.objects.confirmed()
    during = Q(starts_on__lte=last) & (Q(ends_on=None) | Q(ends_on__gte=first))
    pairings = Pairing.objects.filter(during, supervisor=supervisor)
    training = OwnTraining.objects.filter(
        person_id=supervisor.pk, state=TrainingState.CHECKED, held_on__gte=first, held_on__lte=last
    )
    return Portfolio(
        supervisor=supervisor,
        first_on=first,
        last_on=last,
        designations=list(supervisor.designations.filter(during)),
        mentees=pairings.values("mentee").distinct().count(),
        pairings_ended=pairings.filter(state=PairingState.ENDED).count(),
        sessions=given.count(),
        gatherings=led.count(),
        people=parts.filter(gathering__in=led.order_by().values("pk")).values("person").distinct().count(),
        minutes=minutes,
        training_minutes=_minutes_of(training),
        received_minutes=_minutes_of(done.filter(pairing__mentee_id=supervisor.pk))
        + _minutes_of(
            parts.filter(person=supervisor.pk, gathering__starts_at__gte=begin, gathering__starts_at__lt=end)
        ),
        results=list(
            EvaluationResult.objects.filter(supervisor=supervisor, last_on__gte=first, last_on__lte=last)
        ),
    )


def _minutes_of(rows: QuerySet[Any]) -> int:
    found: int = rows.aggregate(m=Sum("minutes", default=0))["m"]
    return found


def portfolio_paper(found: Portfolio) -> Paper:
    """The portfolio as a paper, as it is known today."""
    person = found.supervisor.person
    with translation.override("zh-hans"):
        tables = (_designation_table(found), _hours_table(found), _results_table(found))
    lines = _own_lines(found)
    period = f"{chinese_date(found.first_on)}至{chinese_date(found.last_on)}"
    rows = [[str(cell) for cell in row] for table in tables for row in table.rows]
    return Paper(
        title="督导履职档案",
        unit=found.supervisor.organisation.name,
        period=period,
        number=found.supervisor.code,
        lines=lines,
        tables=tables,
        notes=("本档案由本人从平台导出，供续聘使用；数据以导出当日为准。",),
        signers=(("本人", person.name), ("审核人", "")),
        dated=timezone.localdate(),
        sha256=hash_of({"lines": lines, "period": period, "rows": rows}),
        watermark="样例" if person.is_sample else None,
    )


def _own_lines(found: Portfolio) -> tuple[tuple[str, str], ...]:
    """Who it is, whom they supervised, and what they learned themself."""
    given = (
        f"{found.mentees} 人；期内结束的结对 {found.pairings_ended} 对；督导 {found.sessions} 次；"
        f"带领集体督导 {found.gatherings} 次，参加 {found.people} 人"
    )
    learned = f"经核实的自身培训 {hours(found.training_minutes)} 小时；接受督导 {hours(found.received_minutes)} 小时"
    who = f"{found.supervisor.person.name}（{found.supervisor.code}）"
    return (("姓名", who), ("被督导者", given), ("自身学习", learned))


def _designation_table(found: Portfolio) -> Table:
    columns = (
        Column("级别", 1.2, is_number=False),
        Column("聘任单位", 2.5, is_number=False),
        Column("起", 1.0, is_number=False),
        Column("止", 1.0, is_number=False),
        Column("依据", 2.5, is_number=False),
    )
    rows = tuple(
        (
            row.get_tier_display(),
            row.issuer,
            f"{row.starts_on:%Y-%m-%d}",
            f"{row.ends_on:%Y-%m-%d}" if row.ends_on else "长期",
            row.basis,
        )
        for row in found.designations
    )
    return Table("一、聘任情况", columns, rows or (("", "", "", "", ""),))


def _hours_table(found: Portfolio) -> Table:
    forms = (Column(str(form.label)) for form in Form)
    columns = (Column("年度", 1.0, is_number=False), *forms, Column("合计"))
    years = ((f"{year}年", *cells, total) for year, cells, total in found.by_year)
    rows = (*years, ("合计", *found.by_form, hours(found.total)))
    return Table("二、已确认督导时长（小时）", columns, rows, has_total=True)


def _results_table(found: Portfolio) -> Table:
    columns = (
        Column("期间", 1.6, is_number=False),
        Column("评价内容", 4.0, is_number=False),
        Column("人数", 0.7),
        Column("均值", 0.7),
    )
    rows = tuple(
        (f"{row.first_on:%Y-%m-%d} 至 {row.last_on:%Y-%m-%d}", words, people, value)
        for row in found.results
        for words, people, value in row.rows
    )
    caption = "三、被督导者评价（达到最低人数才公布的均值，1 至 5 分）"
    return Table(caption, columns, rows or (("", "暂无公布的结果", "", ""),))
