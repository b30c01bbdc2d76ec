"""The words that stand beside the numbers: levels, sectors and fields in one statement, organisations in another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, Value
from django.utils.translation import get_language

from core.organisations.models import Organisation
from core.people.models import ServiceField
from credentials.posts.models import Sector
from credentials.qualifications.models import QualificationLevel

LISTS = {"level": QualificationLevel, "sector": Sector, "field": ServiceField}


@dataclass(frozen=True)
class Names:
    """What is called how in the reader's language, by number and in the order of each list."""

    level: dict[int, str]
    sector: dict[int, str]
    field: dict[int, str]


def names_now() -> Names:
    """All levels, sectors and fields. One statement."""
    first, *rest = [
        model._default_manager.order_by()
        .annotate(of=Value(of, CharField()))
        .values_list("of", "position", "pk", "name", "name_en")
        for of, model in LISTS.items()
    ]
    english = (get_language() or "").startswith("en")
    found: dict[str, dict[int, str]] = {of: {} for of in LISTS}
    for of, _position, pk, name, name_en in sorted(first.union(*rest, all=True)):
        found[of][pk] = (english and name_en) or name
    return Names(**found)


def organisations_at(paths: Iterable[str]) -> dict[str, Organisation]:
    """The organisations at these places of the tree, by path and in its order. One statement."""
    return {each.path: each for each in Organisation.objects.filter(path__in=set(paths))}
