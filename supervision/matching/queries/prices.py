"""Where supervisors are short."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.organisations.models import Tier as Level
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
