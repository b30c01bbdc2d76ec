"""The words that a new policy may use here: the regions that there are, the levels of this place, and the format."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from credentials.policies.policy.facts import LEVELS
from credentials.policies.policy.formats import NEWEST
from credentials.policies.queries.labels import known_regions

_KEEPERS: dict[str, Callable[[], Collection[str]]] = {}


def ask_for_levels(kept: Callable[[], Collection[str]]) -> None:
    """Let the feature that keeps the levels say which there are here: it stands above policies, which know nobody's records."""
    _KEEPERS["levels"] = kept


def regions_known() -> Mapping[str, Collection[str]]:
    """What is known without a database."""
    return {"regions": known_regions()}


def words_known() -> Mapping[str, Collection[str]]:
    """The same with the levels that are kept here beside those of the whole country, and the format that a draft names. One
    query."""
    kept = tuple(_KEEPERS["levels"]())
    return {**regions_known(), "levels": tuple(dict.fromkeys((*LEVELS, *kept))), "formats": (NEWEST,)}
