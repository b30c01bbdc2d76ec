"""What no row of ours can ever have: numbers beyond every key, days outside of every calendar that people use.

Both are said once, for all forms and all queries: Django looks after plain number fields itself, but not after keys of
related rows, and a day of the year 1 cannot be put into universal time. Imported by core.apps.
"""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db.models import ForeignKey
from django.db.models.fields.related_lookups import RelatedExact
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1900, 2199


@ForeignKey.register_lookup
class ExactWithinBounds(RelatedExact):
    """`supervisor=10**30` finds nobody, where the database would refuse the number."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if isinstance(self.rhs, int):
            key = self.lhs.output_field
            while key.remote_field is not None:
                key = key.target_field
            lowest, highest = connection.ops.integer_field_range(key.get_internal_type())
            if (lowest is not None and self.rhs < lowest) or (highest is not None and self.rhs > highest):
                raise EmptyResultSet
        return super().process_rhs(compiler, connection)


def validate_year(day: datetime.date) -> None:
    """Raise ValidationError for a day that was mistyped or meant to break something."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = _("The year must lie between %(first)s and %(last)s. Check the date.")
        raise ValidationError(words, code="year", params={"first": FIRST_YEAR, "last": LAST_YEAR})


for field in (forms.DateField, forms.DateTimeField):
    field.default_validators = [*field.default_validators, validate_year]
