"""Who is due what: what was held in a month, counted once for good, and what has changed since in months that were stated."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.organisations.models import Organisation
from supervision.circles.models import Gathering
from supervision.reports.models import AllowanceCount, AllowanceLine, AllowanceRate, AllowanceStatement
from supervision.reports.policy import Rate, allowance, hours, month_of
from supervision.reports.queries.figures import top_tier
from supervision.reports.queries.held import moments
from supervision.sessions.models import Session
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import nearest_among
from supervision.supervisors.states import Tier

At = tuple[int, datetime.date]  # a supervisor and a month


@dataclass(frozen=True)
class Counted:
    """A session of a pair, or a gathering that the supervisor led, which is paid for the first time."""

    minutes: int
    session: int | None = None
    gathering: int | None = None


@dataclass(frozen=True)
class Due:
    """One supervisor in one month: the tier then, what was confirmed, the rate, and what that comes to.

    `number` is 0 for the month of the statement. From 1 on it puts an earlier month right, and says only the difference.
    `held` is what is counted for the first time by it.
    """

    supervisor: Supervisor
    tier: str
    sessions: int
    minutes: int
    rate: AllowanceRate | None
    amount: Decimal
    month: datetime.date
    number: int = 0
    held: tuple[Counted, ...] = ()

    @property
    def tier_label(self) -> str:
        return str(Tier(self.tier).label) if self.tier else ""

    @property
    def hours(self) -> Decimal:
        return hours(self.minutes)

    @property
    def is_adjustment(self) -> bool:
        return self.number > 0


@dataclass(frozen=True)
class Known:
    """What there is in a month by now: how much is counted already, and what is new."""

    sessions: int = 0
    minutes: int = 0
    new: tuple[Counted, ...] = ()

    @property
    def total(self) -> tuple[int, int]:
        return self.sessions + len(self.new), self.minutes + sum(each.minutes for each in self.new)


@dataclass(frozen=True)
class Paid:
    """What stands for a month: on how many current lines, on how many lines of other statements, and the last number given."""

    sessions: int = 0
    minutes: int = 0
    amount: Decimal = Decimal(0)
    lines: int = 0
    elsewhere: int = 0
    last: int | None = None

    @property
    def total(self) -> tuple[int, int]:
        return self.sessions, self.minutes


def dues_of(
    organisation: Organisation, month: datetime.date, *, correcting: Collection[int] = ()
) -> list[Due]:
    """Who is due what on the statement of a month: the supervisors of the organisation and of all below it.

    First a line for each who held something in the month and stands on no other statement of it. Then, by the difference
    to all that stands, a line for whoever does stand on one, and for every earlier month that was stated, where it is other
    by now: amended, or confirmed later. `correcting` are the statements that this one replaces. At most nine statements,
    however many supervisors there are.
    """
    first, last = month_of(month)
    stated = _stated_before(first)
    new = _new(organisation.path, min((at for _path, at in stated), default=first), last)
    known = _known(organisation.path, first, new)
    paid = _paid(organisation.path, first, correcting)
    people = _people({pk for pk, _at in known})
    rates = list(AllowanceRate.objects.in_force(last).select_related("organisation"))
    found, earlier = [], []
    for (pk, at), now in known.items():
        was = paid.get((pk, at), Paid())
        if pk not in people:
            continue
        if at == first and not was.elsewhere:
            found.append(_regular(people[pk], first, last, now, rates))
        elif was.last is not None or _is_stated(people[pk].organisation.path, at, stated):
            earlier.append((people[pk], at, now, was))
    order = {pk: place for place, pk in enumerate(people)}
    found.sort(key=lambda due: order[due.supervisor.pk])
    earlier.sort(key=lambda each: (each[1], order[each[0].pk]))
    return found + _adjustments(earlier, rates, correcting)


def _stated_before(first: datetime.date) -> list[tuple[str, datetime.date]]:
    rows = AllowanceStatement.objects.filter(month__lt=first, corrects=None).order_by()
    return list(rows.values_list("organisation__path", "month"))


def _is_stated(path: str, month: datetime.date, stated: Iterable[tuple[str, datetime.date]]) -> bool:
    """Whether the month was stated for a supervisor at this place."""
    return any(at == month and path.startswith(above) for above, at in stated)


def _new(path: str, first: datetime.date, last: datetime.date) -> dict[At, list[Counted]]:
    """What no statement has counted: confirmed sessions, and gatherings led that somebody has confirmed. Two queries."""
    begin, end = moments(first, last)
    days = {"starts_at__gte": begin, "starts_at__lt": end}
    sessions = Session.objects.confirmed().filter(
        ~Exists(AllowanceCount.objects.filter(session=OuterRef("pk"))),
        pairing__supervisor__organisation__path__startswith=path,
        **days,
    )
    gatherings = Gathering.objects.logged().filter(
        ~Exists(AllowanceCount.objects.filter(gathering=OuterRef("pk"))),
        circle__supervisor__organisation__path__startswith=path,
        counted_at__isnull=False,
        **days,
    )
    found: dict[At, list[Counted]] = defaultdict(list)
    for pk, by, at, minutes in sessions.order_by("pk").values_list(
        "pk", "pairing__supervisor", "starts_at", "minutes"
    ):
        found[by, _month(at)].append(Counted(minutes, session=pk))
    for pk, by, at, minutes in gatherings.order_by("pk").values_list(
        "pk", "circle__supervisor", "starts_at", "minutes"
    ):
        found[by, _month(at)].append(Counted(minutes, gathering=pk))
    return found


def _month(at: datetime.datetime) -> datetime.date:
    return timezone.localtime(at).date().replace(day=1)


def _known(path: str, first: datetime.date, new: Mapping[At, list[Counted]]) -> dict[At, Known]:
    """All there is of each month, by the month under which it was counted, in today's minutes, on whichever statement it
    was counted. One query."""
    rows = AllowanceCount.objects.filter(supervisor__organisation__path__startswith=path, month__lte=first)
    counted: Any = rows.order_by().values_list("supervisor", "month")
    counted = counted.annotate(n=Count("pk"), m=Sum(Coalesce("session__minutes", "gathering__minutes")))
    found = {(pk, at): Known(number, minutes) for pk, at, number, minutes in counted}
    for key, held in new.items():
        former = found.get(key, Known())
        found[key] = Known(former.sessions, former.minutes, tuple(held))
    return found


def _paid(path: str, first: datetime.date, correcting: Collection[int]) -> dict[At, Paid]:
    """Of each month what current statements say together, whatever the numbers of their lines. One query."""
    rows: Any = AllowanceLine.objects.filter(
        month__lte=first, supervisor__organisation__path__startswith=path
    ).order_by()
    other = ~Q(statement__in=correcting)
    current = Q(statement__corrected_by=None) & other
    found = rows.values_list("supervisor", "month").annotate(
        s=Sum("sessions", filter=current, default=0),
        m=Sum("minutes", filter=current, default=0),
        a=Sum("amount", filter=current, default=Decimal(0)),
        n=Count("pk", filter=current),
        e=Count("pk", filter=other),
        last=Max("number"),
    )
    return {(pk, at): Paid(*rest) for pk, at, *rest in found}


def _people(wanted: Collection[int]) -> dict[int, Supervisor]:
    rows = (
        Supervisor.objects.filter(pk__in=wanted)
        .select_related("person", "organisation")
        .prefetch_related("designations")
    )
    return {row.pk: row for row in rows.order_by("organisation__path", "code")}


def _tier(supervisor: Supervisor, day: datetime.date) -> str:
    """The highest tier that was in force on a day."""
    return top_tier(
        row.tier
        for row in supervisor.designations.all()
        if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)
    )


def _regular(
    who: Supervisor, first: datetime.date, last: datetime.date, now: Known, rates: Sequence[AllowanceRate]
) -> Due:
    tier = _tier(who, last)
    rate = rate_for(rates, who.organisation.path, tier, last)
    return Due(who, tier, *now.total, rate, _amount(rate, *now.total), first, held=now.new)


def _adjustments(
    earlier: Sequence[tuple[Supervisor, datetime.date, Known, Paid]],
    rates: Sequence[AllowanceRate],
    correcting: Collection[int],
) -> list[Due]:
    """The differences to what stands, by the tier and the rate that the month was stated by: the whole month's amount less
    the amounts that stand, so that an amount for the month is given once. A single line says what it says. One query."""
    looked = [each for each in earlier if _is_other(each[2], each[3]) or each[3].lines > 1]
    lines = AllowanceLine.objects.filter(
        supervisor__in={who.pk for who, *_rest in looked}, month__in={at for _who, at, *_rest in looked}
    ).exclude(statement__in=correcting)
    former = {(line.supervisor_id, line.month): line for line in lines.select_related("rate").order_by("pk")}
    found = []
    for who, at, now, was in looked:
        line, last = former.get((who.pk, at)), month_of(at)[1]
        tier = line.tier if line is not None else _tier(who, last)
        rate = (line.rate if line is not None else None) or rate_for(rates, who.organisation.path, tier, last)
        amount = _amount(rate, *now.total) - was.amount
        more = (now.total[0] - was.sessions, now.total[1] - was.minutes)
        if _is_other(now, was) or (amount and line is not None and line.rate is not None):
            found.append(Due(who, tier, *more, rate, amount, at, (was.last or 0) + 1, now.new))
    return found


def _is_other(now: Known, was: Paid) -> bool:
    return bool(now.new) or now.total != was.total


def _amount(rate: AllowanceRate | None, sessions: int, minutes: int) -> Decimal:
    return allowance(Rate(rate.per, rate.amount) if rate else None, sessions, minutes)


def rate_for(rates: Sequence[AllowanceRate], path: str, tier: str, on: datetime.date) -> AllowanceRate | None:
    """The rate that holds for a tier at a place on a day: of the nearest place above, the one that began last."""
    fitting = [each for each in rates if each.tier == tier and each.starts_on <= on]
    found: AllowanceRate | None = nearest_among(fitting, path)
    return found
