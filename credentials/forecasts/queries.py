"""A forecast as its page shows it: today beside the change, by district and by level."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.access.scope import Asker
from credentials.forecasts.models import Forecast
from credentials.forecasts.policy import EVERY, Knob
from credentials.policies.models import SubsidyPolicy, parsed
from credentials.policies.policy import ANY, Policy, Switch
from credentials.policies.queries.labels import value_label
from credentials.policies.queries.words import said


def desk_forecasts(user: Asker) -> QuerySet[Forecast]:
    rows = Forecast.objects.visible_to(user)
    return rows.select_related("subsidy", "organisation", "asked_by__person", "job")


@dataclass
class Line:
    """One row of a table: people and yuan today, and with the change."""

    label: str
    people: list[int] = field(default_factory=lambda: [0, 0])
    yuan: list[Decimal] = field(default_factory=lambda: [Decimal(0), Decimal(0)])
    open_people: list[int] = field(default_factory=lambda: [0, 0])

    @property
    def more_yuan(self) -> Decimal:
        return self.yuan[1] - self.yuan[0]

    def add(self, side: int, row: list[Any]) -> None:
        self.people[side] += row[3]
        self.yuan[side] += Decimal(row[4])
        self.open_people[side] += row[5]


@dataclass(frozen=True)
class Shown:
    """The tables of a forecast that is done."""

    total: Line
    districts: list[Line]
    levels: list[Line]
    people: int

    @property
    def together(self) -> list[Line]:
        return [self.total]


def shown(forecast: Forecast) -> Shown | None:
    """The sums of a forecast; None while it is being reckoned. No query."""
    result = forecast.result
    if not result:
        return None
    policy = parsed(forecast.text, tuple(sorted(forecast.answers["today"].items())))
    total = Line(_("All together"))
    districts: dict[str, Line] = {}
    levels: dict[tuple[str, str], Line] = defaultdict(lambda: Line(""))
    for side, name in enumerate(("today", "changed")):
        for row in result[name]:
            place, benefit, key = row[0], row[1], row[2]
            if benefit == EVERY:
                total.add(side, row)
                districts.setdefault(place, Line(result["places"].get(place, place))).add(side, row)
                continue
            line = levels[benefit, key]
            line.label = line.label or _label(policy, benefit, key)
            line.add(side, row)
    by_yuan = sorted(districts.values(), key=lambda line: (-line.yuan[1], line.label))
    return Shown(total, by_yuan, [levels[at] for at in sorted(levels)], result["people"])


def _label(policy: Policy, benefit: str, key: str) -> str:
    found = policy.benefit(benefit)
    name = said(found.words) if found else benefit
    return f"{name} · {value_label(key)}" if key else name


def knob_label(knob: Knob, policy: Policy) -> str:
    """What a place of the text is, in words: the benefit and the level, or the condition and what of it."""
    parts = knob.path.split("/")
    if parts[0] == "benefits":
        found = policy.benefit(parts[1])
        name = said(found.words) if found else parts[1]
        if parts[-1] == "cap":
            return f"{name} · {pgettext('policy', 'ceiling')}"
        return name if parts[-1] == ANY else f"{name} · {value_label(parts[-1])}"
    if parts[0] == "conditions":
        condition = policy.conditions.get(parts[1])
        name = said(condition.words) if condition else parts[1]
        return f"{name} · {_parts()[parts[-1]]}"
    return f"{_('In force')} · {_parts().get(parts[-1], parts[-1])}"


def _parts() -> dict[str, str]:
    return {
        "years": pgettext("span", "years"),
        "months": pgettext("span", "months"),
        "days": pgettext("span", "days"),
        "from": pgettext("span", "from"),
        "until": pgettext("span", "until"),
        "claims_until": pgettext("span", "claims until"),
        "number": pgettext("span", "number"),
    }


def today_of(subsidy: SubsidyPolicy) -> tuple[str, dict[str, str]]:
    """The text that is reckoned from, and its answers: the newest version, else the draft."""
    latest = subsidy.latest()
    return (latest.text, latest.answers) if latest else (subsidy.draft, subsidy.answers)


def answered(forecast: Forecast) -> list[tuple[str, str, str]]:
    """The open points that are answered otherwise: what is asked, today's answer and the other one, in words. No query."""
    said_of = forecast.answers
    today, changed = (
        {one.name: one for one in parsed(text, tuple(sorted(said_of[side].items()))).switches}
        for side, text in (("today", forecast.text), ("changed", forecast.changed_text))
    )
    return [
        (said(one.asks), _answer(one), _answer(changed[name]))
        for name, one in today.items()
        if name in changed and changed[name].chosen != one.chosen
    ]


def _answer(switch: Switch) -> str:
    return next((said(words) for value, words in switch.options if value == switch.chosen), switch.chosen)
