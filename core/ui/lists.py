"""Things named one after the other, as the reader's language writes them."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(things: Iterable[object]) -> str:
    """「甲、乙、丙」 in Chinese, "A, B, C" in English; said in the language that is active now."""
    return pgettext("between things of a list", ", ").join(map(str, things))
