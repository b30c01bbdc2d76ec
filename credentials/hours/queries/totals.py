"""What entries are worth, by kind: minutes, and the hours of the rules that they were credited by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet

from core.people.models import Person
from credentials.hours.models import COUNTED, EntryKind, HoursEntry
from credentials.hours.policy import Counting, counting_of

KINDS = COUNTED
RECENT_SHOWN = 3


@dataclass(frozen=True)
class KindTotal:
    """What a person holds of one kind: minutes, and the hours that they are worth by the rules they were credited by."""

    kind: str
    minutes: int = 0
    hours: Decimal = Decimal("0.0")
    counted: Decimal = Decimal("0.0")  # of these, towards a registration period

    @property
    def label(self) -> str:
        return str(EntryKind(self.kind).label)


@dataclass(frozen=True)
class RecentHours:
    """One of the latest entries, as other apps may show it."""

    title: str
    kind: str
    minutes: int
    occurred_on: date
    entry_id: int


@dataclass(frozen=True)
class HoursTotals:
    """What a person holds, by kind; a correction is taken off the kind it corrects."""

    kinds: tuple[KindTotal, ...] = ()
    recent: tuple[RecentHours, ...] = ()

    @property
    def learned(self) -> Decimal:
        """Hours of everything but of supervising others."""
        return sum((each.hours for each in self.kinds if each.kind != EntryKind.SUPERVISING), Decimal(0))

    @property
    def rows(self) -> list[tuple[str, Decimal]]:
        """Label and hours of each kind; of the rarer kinds only those that somebody holds."""
        always = (EntryKind.COURSE, EntryKind.SUPERVISION)
        shown = (each for each in self.kinds if each.minutes or each.kind in always)
        return [(each.label, each.hours) for each in shown]

    @property
    def chart(self) -> list[tuple[str, Decimal]]:
        """The kinds that hold anything, for a chart; empty when there is nothing to compare."""
        held = [(each.label, each.hours) for each in self.kinds if each.minutes]
        return held if len(held) > 1 else []


@dataclass(frozen=True)
class Group:
    """Entries of one person, kind, rule and length, and whether they count towards a period."""

    person_id: int
    kind: str
    minutes: int
    times: int
    rule_id: int | None
    counting: Counting
    counts: bool


def grouped(rows: QuerySet[HoursEntry]) -> list[Group]:
    """The entries by person, kind, rule and length, corrections under the kind that they correct. One statement.

    Steps are worth something per entry, so the length has to be known; equal entries are counted together.
    """
    names = ("person_id", "kind", "corrects__kind", "minutes", "rule_id")
    rule = ("rule__minutes_per_hour", "rule__steps", "rule__counts")
    found = rows.order_by().values_list(*names, *rule).annotate(times=Count("pk"))
    return [
        Group(
            person,
            corrected or kind,
            minutes,
            times,
            rule_id,
            counting_of(an_hour, steps),
            counts is not False,
        )
        for person, kind, corrected, minutes, rule_id, an_hour, steps, counts, times in found
    ]


def worth_of(groups: Iterable[Group]) -> Decimal:
    """The hours that these are worth: minutes of an even rule are added up first, steps count entry by entry."""
    even: Counter[tuple[int | None, Counting]] = Counter()
    hours = Decimal("0.0")
    for group in groups:
        if group.counting.steps:
            hours += group.counting.hours_of(group.minutes, group.times)
        else:
            even[group.rule_id, group.counting] += group.minutes * group.times
    return hours + sum((counting.hours_of(total) for (_, counting), total in even.items()), Decimal(0))


def totals_of(person: Person) -> HoursTotals:
    """The person's totals, in one statement."""
    return totals_from(grouped(HoursEntry.objects.filter(person=person)))


def totals_from(groups: Sequence[Group]) -> HoursTotals:
    return HoursTotals(kinds=tuple(_total(kind, groups) for kind in KINDS))


def _total(kind: str, groups: Sequence[Group]) -> KindTotal:
    mine = [group for group in groups if group.kind == kind]
    minutes = sum(group.minutes * group.times for group in mine)
    return KindTotal(
        kind=kind,
        minutes=minutes,
        hours=worth_of(mine),
        counted=worth_of(group for group in mine if group.counts),
    )


def recent_of(person: Person) -> tuple[RecentHours, ...]:
    """The latest entries of a person, in one statement."""
    rows = HoursEntry.objects.filter(person=person)[:RECENT_SHOWN]
    return tuple(RecentHours(row.title_here, row.kind, row.minutes, row.occurred_on, row.pk) for row in rows)
