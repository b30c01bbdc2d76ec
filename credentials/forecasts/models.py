"""Forecasts 测算: what a policy would cost with other amounts or windows, on the data of one day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.jobs.models import Job
from core.organisations.models import Organisation
from credentials.policies.models import SubsidyPolicy


class ForecastQuerySet(models.QuerySet["Forecast"]):
    def visible_to(self, user: Asker) -> ForecastQuerySet:
        """For administrators and auditors those about their tree."""
        return self.filter(scope_of(user).q("organisation", *READERS))


class Forecast(models.Model):
    """One reckoning: the text as it is today beside a changed one, over the people of a tree. It changes nothing, and once
    it is done nobody changes it; `result` is empty until then."""

    subsidy = models.ForeignKey(SubsidyPolicy, models.PROTECT, related_name="forecasts")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("people of")
    )
    title = models.CharField(pgettext_lazy("forecast", "name"), max_length=80)
    text = models.TextField()  # of today, with its answers
    changed_text = models.TextField()
    answers = models.JSONField(default=dict)
    turned = models.JSONField(default=dict)  # what was changed: path → [before, after]
    on = models.DateField(_("day"))
    result = models.JSONField(default=dict)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    objects = ForecastQuerySet.as_manager()

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        return bool(self.result)
