"""Reading the ledger: totals, the latest entries, and what an entry rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from core.access.scope import Asker
from core.people.models import Person
from credentials.hours.models import HoursEntry
from credentials.hours.policy import hours_from
from lms import public as lms
from supervision import public as supervision

KINDS = (HoursEntry.Kind.COURSE, HoursEntry.Kind.SUPERVISION, HoursEntry.Kind.SUPERVISING)
RECENT_SHOWN = 3


@dataclass(frozen=True)
class KindTotal:
    """What a person holds of one kind: minutes, and the hours that they are worth by the rules they were credited by."""

    kind: str
    minutes: int = 0
    hours: Decimal = Decimal("0.0")

    @property
    def label(self) -> str:
        return str(HoursEntry.Kind(self.kind).label)


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
        """Hours of courses and of being supervised."""
        return sum(
            (each.hours for each in self.kinds if each.kind != HoursEntry.Kind.SUPERVISING), Decimal(0)
        )

    @property
    def rows(self) -> list[tuple[str, Decimal]]:
        """Label and hours of each kind; hours given to others only for whoever gives any."""
        shown = (each for each in self.kinds if each.minutes or each.kind != HoursEntry.Kind.SUPERVISING)
        return [(each.label, each.hours) for each in shown]

    @property
    def chart(self) -> list[tuple[str, Decimal]]:
        """The kinds that hold anything, for a chart; empty when there is nothing to compare."""
        held = [(each.label, each.hours) for each in self.kinds if each.minutes]
        return held if len(held) > 1 else []


def totals_of(person: Person) -> HoursTotals:
    """The person's totals, in one statement."""
    minutes: Counter[tuple[str, int]] = Counter()
    rows = HoursEntry.objects.filter(person=person).order_by()
    for kind, corrected, an_hour, total in rows.values_list(
        "kind", "corrects__kind", "rule__minutes_per_hour"
    ).annotate(total=Sum("minutes")):
        minutes[corrected or kind, an_hour or 45] += total
    return HoursTotals(kinds=tuple(_total(kind, minutes) for kind in KINDS))


def _total(kind: str, minutes: Counter[tuple[str, int]]) -> KindTotal:
    mine = {an_hour: total for (of, an_hour), total in minutes.items() if of == kind}
    hours = sum((hours_from(total, an_hour) for an_hour, total in mine.items()), Decimal("0.0"))
    return KindTotal(kind=kind, minutes=sum(mine.values()), hours=hours)


def recent_of(person: Person) -> tuple[RecentHours, ...]:
    """The latest entries of a person, in one statement."""
    rows = HoursEntry.objects.filter(person=person)[:RECENT_SHOWN]
    return tuple(RecentHours(row.title_here, row.kind, row.minutes, row.occurred_on, row.pk) for row in rows)


def entries_for(user: Asker) -> QuerySet[HoursEntry]:
    """The entries that this user may read, with everything that a row of the list shows."""
    return HoursEntry.objects.visible_to(user).select_related("person", "organisation", "rule", "correction")


def evidence_of(entry: HoursEntry) -> lms.Evidence | supervision.SessionEvidence | None:
    """What an entry rests on, asked of the app that it came from; None when that app does not know it.

    Whoever may read the entry may read this: times and results, never what was said or written.
    """
    source = entry.corrects.source if entry.corrects else entry.source
    where, _, number = source.partition(":")
    if not number.isdecimal():
        return None
    if where == "lms.enrolment":
        return lms.evidence_of(int(number))
    if where == "supervision.session":
        return supervision.evidence_of(int(number))
    return None
