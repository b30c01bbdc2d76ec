"""Where supervisors are short."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.organisations.models import Tier as Level
from core.people.models import ServiceField
from supervision.matching.models import (
    RoundRun,
    RoundSupervisor,
)
from supervision.matching.queries.words import price_words
from supervision.supervisors.policy import outermost


@dataclass(frozen=True)
class Scarce:
    """A supervisor who is short, with what one place fewer would cost."""

    member: RoundSupervisor
    price: int
    words: str


@dataclass(frozen=True)
class PricePage:
    """Where supervisors are short: the dearest places, and how many such supervisors there are by district and field."""

    scarce: list[Scarce]
    districts: list[tuple[str, int, str]]
    fields: list[tuple[str, int, str]]
    left: list[tuple[str, int, str]]  # mentees without a supervisor


MOST_SHOWN = 40


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
        scarce.append(Scarce(row, price, price_words(str(row.supervisor.person), price, weight)))
        by_district[district_of(row.supervisor.organisation.path)] += 1
        for service_field in row.supervisor.fields.all():
            by_field[service_field.name_here] += 1
    scarce.sort(key=lambda one: (-one.price, one.member.supervisor.code))

    def bars(counted: Counter[str]) -> list[tuple[str, int, str]]:
        return [(label, number, "") for label, number in counted.most_common(20)]

    return PricePage(scarce[:MOST_SHOWN], bars(by_district), bars(by_field), bars(left))


@dataclass(frozen=True)
class Wanted:
    """A district and a field of the mentees, and what more places for them would be worth, in words."""

    district: str
    field: str
    mentees: int
    left: int
    words: str


@dataclass(frozen=True)
class Recruit:
    """Where to recruit: the worst first, as rows and as bars of people and of points."""

    rows: list[Wanted]
    people: list[tuple[str, int, str]]
    points: list[tuple[str, int, str]]
    more: int


MOST_BARS = 10


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

    rows = [Wanted(*named(area), area[2], area[3], _wanted_words(*area[3:])) for area in areas[:most]]
    people = bars([area[3] + area[5] for area in areas])
    return Recruit(rows, people, bars([area[6] for area in areas]), max(len(areas) - most, 0))


def _wanted_words(left: int, short: int, persons: int, points: int) -> str:
    said = []
    if left:
        said.append(
            ngettext("%(n)s is without a supervisor.", "%(n)s are without a supervisor.", left) % {"n": left}
        )
    if short:
        words = ngettext("%(n)s has a place that is dear.", "%(n)s have places that are dear.", short)
        said.append(words % {"n": short})
    if persons:
        words = ngettext(
            "At %(n)s of them one place fewer would leave one person more without a supervisor.",
            "At %(n)s of them one place fewer would leave one person more without a supervisor.",
            persons,
        )
        said.append(words % {"n": persons})
    if points:
        words = ngettext(
            "Besides, their prices are %(n)s point in all.",
            "Besides, their prices are %(n)s points in all.",
            points,
        )
        said.append(words % {"n": points})
    return " ".join(said)
