"""Which of the planned places of a post is free."""

from __future__ import annotations

from collections.abc import Collection


def free_place(places: int, taken: Collection[int]) -> int | None:
    """The first place, counted from 1, that nobody holds; None when all are held."""
    return next((place for place in range(1, places + 1) if place not in taken), None)
