"""Reading the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from core.people.models import Person
from credentials.hours.models import HoursEntry
from credentials.hours.policy import hours_from


@dataclass(frozen=True)
class HoursTotals:
    """What a person holds: minutes by kind, corrections taken off the kind they correct."""

    course: int = 0
    supervision: int = 0
    supervising: int = 0

    @property
    def learned(self) -> Decimal:
        """Hours of courses and of being supervised."""
        return hours_from(self.course + self.supervision)

    @property
    def rows(self) -> list[tuple[str, Decimal]]:
        kinds = HoursEntry.Kind
        return [(str(kinds(kind).label), hours_from(getattr(self, kind))) for kind in ("course", "supervision", "supervising")]


def totals_of(person: Person) -> HoursTotals:
    """The person's totals, in two statements."""
    credits = HoursEntry.objects.filter(person=person, corrects=None).order_by()
    found = dict(credits.values_list("kind").annotate(total=Sum("minutes")))
    taken = HoursEntry.objects.filter(person=person, corrects__isnull=False).order_by()
    for kind, total in taken.values_list("corrects__kind").annotate(total=Sum("minutes")):
        found[kind] += total
    return HoursTotals(**found)
