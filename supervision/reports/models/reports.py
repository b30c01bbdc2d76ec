"""Reports as they were issued."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from supervision.reports.states import Span


def period_words(span: str, first: datetime.date) -> str:
    """The month or the year that begins on this day, in the reader's language."""
    if span == Span.YEAR:
        return pgettext("report", "the year %(year)s") % {"year": first.year}
    return date_format(first, "YEAR_MONTH_FORMAT")


class SupervisionReportQuerySet(models.QuerySet["SupervisionReport"]):
    def visible_to(self, user: Asker) -> SupervisionReportQuerySet:
        """Administrators and auditors of the organisation that it is about."""
        return self.filter(scope_of(user).q("organisation", *READERS))


class SupervisionReport(models.Model):
    """A month or a year of supervision in one tree, as it was known on the day of issue. It never changes; a later look is
    another report."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    span = models.CharField(pgettext_lazy("report", "covers"), max_length=5, choices=Span.choices)
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    number = models.PositiveSmallIntegerField(_("number"))
    facts: Any = models.JSONField()
    sha256 = models.CharField(max_length=64)
    reviewed_by = models.CharField(pgettext_lazy("report", "reviewed by"), max_length=60, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    issued_at = models.DateTimeField(pgettext_lazy("report", "issued"))

    objects = SupervisionReportQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("supervision report")
        verbose_name_plural = _("supervision reports")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation", "span", "first_on", "number", name="supervision_report_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on"), span__in=Span.values),
                name="supervision_report_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {period_words(self.span, self.first_on)} · {self.number}"
