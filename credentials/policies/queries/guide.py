"""How a policy is written, for whoever writes one: every kind of condition with its values, and every fact that can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from credentials.policies.policy import REGISTRY
from credentials.policies.policy.facts import Type, all_facts, type_of
from credentials.policies.queries.labels import fact_label

KINDS: dict[str, Any] = {
    "within": gettext_lazy("Claimed within so many years, months or days after the day of a fact."),
    "between": gettext_lazy("The day of a fact lies between two days; either may be left out."),
    "claimed": gettext_lazy("Claimed in a window that is the same for everybody."),
    "lasted": gettext_lazy(
        "Something has gone on for so many calendar months without a break; with “held: yes” it still does on the day of the claim."
    ),
    "yes": gettext_lazy("A fact holds."),
    "no": gettext_lazy("A fact does not hold."),
    "one_of": gettext_lazy(
        "A fact is one of a list. With “open: yes” the authority judges what is not in it."
    ),
    "none_of": gettext_lazy("A fact is none of a list."),
    "contains": gettext_lazy("The text of a fact contains one of these words."),
    "titled": gettext_lazy(
        "The text of a fact is one of these titles and nothing more; one of the “places” may stand before it."
    ),
    "at_least": gettext_lazy("A number is at least this."),
    "at_most": gettext_lazy("A number is at most this."),
    "in_region": gettext_lazy(
        "A place lies in a region: six digits of GB/T 2260; a city’s code holds its districts."
    ),
    "clean": gettext_lazy("No conduct record of these heads in the last so many years."),
    "first_time": gettext_lazy("Nothing was ever paid of these benefits."),
    "alone_in_year": gettext_lazy("Nothing was paid of these benefits in the year of the claim."),
    "holds": gettext_lazy("Holds a qualification of one of these levels."),
    "any_of": gettext_lazy("One of several conditions is enough."),
}
TYPES: dict[Type, Any] = {
    Type.TEXT: pgettext_lazy("type of a fact", "text"),
    Type.TEXTS: pgettext_lazy("type of a fact", "list of texts"),
    Type.NUMBER: pgettext_lazy("type of a fact", "whole number"),
    Type.DAY: pgettext_lazy("type of a fact", "day, like 2024-03-14"),
    Type.TRUTH: pgettext_lazy("type of a fact", "yes or no"),
    Type.REGION: pgettext_lazy("type of a fact", "region, six digits"),
}


@dataclass(frozen=True)
class KindRow:
    """One kind of condition: the values that it needs, and those that it may have."""

    name: str
    words: str
    required: tuple[str, ...]
    optional: tuple[str, ...]


def kinds() -> list[KindRow]:
    """Every kind that a condition can be of, in the order of the guide."""
    found = []
    for name, words in KINDS.items():
        known = REGISTRY.get(name)
        required = known.required if known else ("conditions",)
        allowed = known.allowed if known else ()
        found.append(
            KindRow(name, str(words), required, tuple(one for one in allowed if one not in required))
        )
    return found


def fact_rows() -> list[tuple[str, str, str]]:
    """Every fact as a policy writes it, what it is called, and what is written as its value."""
    return [(path, fact_label(path), str(TYPES[found])) for path in all_facts() if (found := type_of(path))]
