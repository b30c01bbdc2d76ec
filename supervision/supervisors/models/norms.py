"""How many social workers one supervisor is meant for."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation


class NormQuerySet(models.QuerySet["SupervisionNorm"]):
    def visible_to(self, user: Asker) -> NormQuerySet:
        """Those set within the tree that the user reads."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def in_force(self, on: datetime.date) -> NormQuerySet:
        return self.filter(starts_on__lte=on)


class SupervisionNorm(models.Model):
    """How many social workers one supervisor is meant for, at a place and below it, from a day on, by which source.

    The nearest one above a place holds, and of its own the one that began last: a change is a new row.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="supervision_norms", verbose_name=_("organisation")
    )
    workers = models.PositiveSmallIntegerField(_("social workers for one supervisor"))
    starts_on = models.DateField(_("from"))
    source = models.CharField(pgettext_lazy("norm", "source"), max_length=200)

    objects = NormQuerySet.as_manager()

    class Meta:
        verbose_name = _("staffing norm")
        verbose_name_plural = _("staffing norms")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "starts_on",
                name="supervision_norm_once_a_day",
                violation_error_message=_("A norm of this place begins on that day already."),
            ),
            models.CheckConstraint(
                condition=models.Q(workers__gte=1, workers__lte=999), name="supervision_norm_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"1 : {self.workers}"
