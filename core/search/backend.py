"""The search backend of the project: `WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "core.search.backend"}}`."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from modelsearch.backends.base import BaseSearchBackend


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802 (the name that Wagtail looks for)
    """The backend for the default database. Raises ImproperlyConfigured for any but SQLite and PostgreSQL."""
    # Each module can be imported on its own database only: the index has other columns there.
    if connection.vendor == "sqlite":
        from core.search.backends import sqlite

        return sqlite.SearchBackend(params)
    if connection.vendor == "postgresql":
        from core.search.backends import postgres

        return postgres.SearchBackend(params)
    raise ImproperlyConfigured(f"Search needs SQLite or PostgreSQL, not {connection.vendor}.")
