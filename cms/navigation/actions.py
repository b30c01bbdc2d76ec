"""Forgetting what is kept of the site."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction

from cms.navigation.queries import VERSION


def forget_site() -> None:
    """From the commit of this transaction on, kept pages and menus of this process (or of all that share a cache)
    are made anew. Other processes follow when theirs expire, within a minute."""
    transaction.on_commit(_turn)


def _turn() -> None:
    try:
        cache.incr(VERSION)
    except ValueError:  # nothing is kept yet
        cache.set(VERSION, 1, None)
