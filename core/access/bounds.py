"""What no row of ours can ever have: numbers beyond every key, days outside of every calendar that people use.

Both are said once, for all forms and all queries: Django looks after plain number fields itself, but not after keys of
related rows, and a day of the year 1 cannot be put into universal time. Imported by core.apps.
"""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db.models import ForeignKey, IntegerField
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1900, 2999
BIGGEST = 2**63


class _Within:
    """The values of `in` that a column of 64 bits can hold at all."""

    def get_prep_lookup(self) -> Any:
        values = super().get_prep_lookup()  # type: ignore[misc]
        if not isinstance(values, list):
            return values
        return [value for value in values if not isinstance(value, int) or abs(value) < BIGGEST]


@IntegerField.register_lookup
class InWithinBounds(_Within, In):
    """`fields=10**30` among the ticked boxes is no choice, where SQLite would refuse the number."""


@ForeignKey.register_lookup
class RelatedInWithinBounds(_Within, RelatedIn):
    """The same for keys of related rows."""


@ForeignKey.register_lookup
class RelatedExactWithinBounds(RelatedExact):
    """`supervisor=10**30` finds nobody."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if isinstance(self.rhs, int) and abs(self.rhs) >= BIGGEST:
            raise EmptyResultSet
        return super().process_rhs(compiler, connection)


def key_in(text: str) -> int | None:
    """The key that a text names, such as a part of an address; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(BIGGEST)) else None


def validate_year(day: datetime.date) -> None:
    """Raise ValidationError for a day that was mistyped or meant to break something."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = _("The year must lie between %(first)s and %(last)s. Check the date.")
        raise ValidationError(words, code="year", params={"first": FIRST_YEAR, "last": LAST_YEAR})


for field in (forms.DateField, forms.DateTimeField):
    field.default_validators = [*field.default_validators, validate_year]
