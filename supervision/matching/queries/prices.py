"""Where supervisors are short."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.organisations.models import Tier as Level
from core.people.models import ServiceField
from supervision.matching.models import (
    RoundRun,
    RoundSupervisor,
)
from supervision.supervisors.policy import outermost


@dataclass(frozen=True)
class Scarce:
    """A supervisor who is short, with what one place fewer would cost: one person more without a supervisor (`points` is
    None), or so many points."""

    member: RoundSupervisor
    price: int
    points: int | None
    district: str
    fields: list[str]


@dataclass(frozen=True)
class PricePage:
    """Where supervisors are short: the dearest first, and how many such supervisors there are by district and field."""

    scarce: list[Scarce]
    districts: list[tuple[str, int, str]]
    fields: list[tuple[str, int, str]]
    left: list[tuple[str, int, str]]  # mentees without a supervisor


def prices_of(run: RoundRun, user: Asker) -> PricePage:
    """The prices of a calculation in words, and summed up to show where to recruit. Five statements."""
    weight = int(run.figures.get("weight", 1))
    rows = RoundSupervisor.objects.visible_to(user).filter(pk__in=[int(key) for key in run.prices])
    members = rows.select_related("supervisor__person", "supervisor__organisation").prefetch_related(
        "supervisor__fields"
    )
    counties = dict(Organisation.objects.filter(tier=Level.COUNTY).values_list("path", "name"))
    outer = set(outermost(counties))
    scarce, by_district, by_field = [], Counter[str](), Counter[str]()

    def district_of(path: str) -> str:
        above = Organisation.paths_above(path)
        return next((counties[each] for each in above if each in outer), _("Outside of the districts"))

    alone = run.lines.filter(supervisor=None, mentee__person__employer__isnull=False).order_by()
    left = Counter(
        district_of(path) for path in alone.values_list("mentee__person__employer__path", flat=True)
    )
    for row in members:
        price = int(run.prices[str(row.pk)])
        points = None if price > weight // 2 else price
        district = district_of(row.supervisor.organisation.path)
        fields = [service_field.name_here for service_field in row.supervisor.fields.all()]
        scarce.append(Scarce(row, price, points, district, fields))
        by_district[district] += 1
        by_field.update(fields)
    scarce.sort(key=lambda one: (-one.price, one.member.supervisor.code))

    def bars(counted: Counter[str]) -> list[tuple[str, int, str]]:
        return [(label, number, "") for label, number in counted.most_common(20)]

    return PricePage(scarce, bars(by_district), bars(by_field), bars(left))


@dataclass(frozen=True)
class Wanted:
    """A district and a field of the mentees, and what more places for them would be worth: how many of them are without
    a supervisor, have a dear place, have one that decides about one person more, and the points of the other prices."""

    district: str
    field: str
    mentees: int
    left: int
    short: int
    persons: int
    points: int


@dataclass(frozen=True)
class Recruit:
    """Where to recruit: the worst first, as rows and as bars of people and of points."""

    rows: list[Wanted]  # as many as are seen at once
    folded: list[Wanted]
    people: list[tuple[str, int, str]]
    points: list[tuple[str, int, str]]
    more: int


MOST_BARS = 10
MOST_SHOWN = 200
AT_ONCE = 10  # the others are folded


def recruit_of(run: RoundRun, *, most: int = MOST_SHOWN) -> Recruit:
    """The prices of a calculation by the mentees' district and field, as they were kept with it. Two statements."""
    areas = run.areas
    paths = {area[0] for area in areas}
    names = dict(Organisation.objects.filter(path__in=paths).values_list("path", "name")) if areas else {}
    fields = {each.name: each.name_here for each in ServiceField.objects.all()} if areas else {}

    def named(area: list[Any]) -> tuple[str, str]:
        place = names.get(area[0]) or _("Outside of the districts")
        return place, fields.get(area[1], area[1]) or _("no service field named")

    def bars(values: list[int]) -> list[tuple[str, int, str]]:
        rows = [
            (" · ".join(named(area)), value, "") for area, value in zip(areas, values, strict=True) if value
        ]
        return sorted(rows, key=lambda row: -row[1])[:MOST_BARS]

    rows = [Wanted(*named(area), *area[2:7]) for area in areas[:most]]
    people, points = bars([area[3] + area[5] for area in areas]), bars([area[6] for area in areas])
    return Recruit(rows[:AT_ONCE], rows[AT_ONCE:], people, points, max(len(areas) - most, 0))
