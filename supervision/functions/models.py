"""Functions that a place adds to the three, from a day on: their names stay, whatever becomes of them."""

from __future__ import annotations

import datetime

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from supervision.functions.states import RESERVED

one_word = RegexValidator(
    r"\A[^\W_][\w·-]*\Z", _("One word without spaces: letters, digits, hyphens and “·” only.")
)


class LocalFunctionQuerySet(models.QuerySet["LocalFunction"]):
    def visible_to(self, user: Asker) -> LocalFunctionQuerySet:
        """Those set in the tree that the user reads, and above it: those hold there too."""
        scope = scope_of(user)
        above = [path for at in scope.paths(*READERS) for path in Organisation.paths_above(at)]
        return self.filter(scope.q("organisation", *READERS) | models.Q(organisation__path__in=above))

    def at(self, path: str) -> LocalFunctionQuerySet:
        """Those that hold at the place at this tree path, at whatever time."""
        return self.filter(organisation__path__in=Organisation.paths_above(path))

    def in_force(self, first: datetime.date, last: datetime.date | None = None) -> LocalFunctionQuerySet:
        """Those in force on a day, or on any day from `first` to `last`."""
        open_or_later = models.Q(ends_on=None) | models.Q(ends_on__gte=first)
        return self.filter(open_or_later, starts_on__lte=last or first)


class LocalFunction(models.Model):
    """A function that sessions at a place and below it may have, from a day until a day, by which source.

    A record keeps the name itself. Triggers see to it that a row is never deleted and nothing of it but its last day
    changes, that the same name never holds twice at a place, and that a record has no function that nobody has set.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(pgettext_lazy("function", "name"), max_length=20, validators=[one_word])
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(pgettext_lazy("norm", "source"), max_length=200)

    objects = LocalFunctionQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("local function")
        verbose_name_plural = _("local functions")
        ordering = ["organisation__path", "name", "-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint("organisation", "name", "starts_on", name="local_function_once_a_day"),
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=models.Q(ends_on=None),
                name="local_function_once_open",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="local_function_days_in_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(name__in=("", *RESERVED)) & ~models.Q(source=""),
                name="local_function_is_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name
