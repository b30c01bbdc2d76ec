"""Looking for organisations."""

from __future__ import annotations

from dataclasses import dataclass

from core.organisations.models import Organisation

STEP = Organisation.steplen


@dataclass(frozen=True)
class Found:
    """An organisation with the name of the one above it, since stations of different streets are called alike."""

    organisation: Organisation
    above: str


def organisations_named(words: str, limit: int = 10) -> list[Found]:
    """The active organisations whose name contains all of these words; two queries. Names are public."""
    parts = words.split()[:5]
    if not parts:
        return []
    rows = Organisation.objects.active()
    for part in parts:
        rows = rows.filter(name__icontains=part)
    hits = list(rows.order_by("depth", "path")[:limit])
    parents = {hit.path[:-STEP] for hit in hits}
    names = dict(Organisation.objects.filter(path__in=parents).values_list("path", "name"))
    return [Found(hit, names.get(hit.path[:-STEP], "")) for hit in hits]
