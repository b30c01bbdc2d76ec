"""The words that a new policy may use here: the regions that there are, and the levels of this place."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.apps import apps

from credentials.policies.policy.facts import LEVELS
from credentials.policies.queries.labels import known_regions


def regions_known() -> Mapping[str, Collection[str]]:
    """What is known without a database."""
    return {"regions": known_regions()}


def words_known() -> Mapping[str, Collection[str]]:
    """The same with the levels that are kept here beside those of the whole country. One query."""
    # Levels are words, nobody's records: they are asked for by name, since policies stand below whoever keeps them.
    kept = (
        apps.get_model("credentials", "QualificationLevel")
        .objects.order_by("pk")
        .values_list("code", flat=True)
    )
    return {**regions_known(), "levels": tuple(dict.fromkeys((*LEVELS, *kept)))}
