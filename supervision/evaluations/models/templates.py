"""The dated questions of a place, and from how many people on their answers are published."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from supervision.evaluations.policy import LEAST
from supervision.evaluations.states import (
    About,
)
from supervision.goals.models import Competency

DAYS_OPEN = 14
MOST_QUESTIONS = 20


class EvaluationTemplateQuerySet(models.QuerySet["EvaluationTemplate"]):
    def visible_to(self, user: Asker) -> EvaluationTemplateQuerySet:
        """Administrators and auditors of the organisation that keeps it."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def current(self) -> EvaluationTemplateQuerySet:
        """Without the versions that a later one has replaced."""
        return self.filter(replaced_by=None)

    def in_force(self, on: datetime.date) -> EvaluationTemplateQuerySet:
        open_ended = models.Q(ends_on=None) | models.Q(ends_on__gte=on)
        return self.current().filter(open_ended, starts_on__lte=on)


class EvaluationTemplate(models.Model):
    """What is asked, kept by an organisation for itself and all below it, from a day to a day.

    A version never changes once somebody was asked by it: an edit then makes the next version.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    about = models.CharField(pgettext_lazy("evaluation", "about"), max_length=10, choices=About.choices)
    title = models.CharField(_("title"), max_length=120)
    version = models.PositiveSmallIntegerField(pgettext_lazy("evaluation", "version"), default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    days_open = models.PositiveSmallIntegerField(
        _("days for answering"), default=DAYS_OPEN, help_text=_("Until then an answer can be changed.")
    )
    questions: Any = models.JSONField(default=list)  # sentences, each answered on a scale from 1 to 5
    asks_fields = models.BooleanField(
        _("asks about the service fields"),
        default=False,
        help_text=_("How far the mentee is in each field. Only in templates about the mentee."),
    )
    competencies = models.ManyToManyField(
        Competency, blank=True, related_name="+", verbose_name=_("competencies")
    )
    saved_at = models.DateTimeField(auto_now=True)

    objects = EvaluationTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation template")
        verbose_name_plural = _("evaluation templates")
        ordering = ["organisation__path", "about", "-starts_on", "-version"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="evaluation_template_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(about__in=About.values), name="evaluation_template_about_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(days_open__gte=3, days_open__lte=60),
                name="evaluation_template_days_are_possible",
            ),
            models.CheckConstraint(
                condition=~models.Q(questions=[]), name="evaluation_template_asks_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class PublicationRuleQuerySet(models.QuerySet["PublicationRule"]):
    def visible_to(self, user: Asker) -> PublicationRuleQuerySet:
        """Those set within the tree that the user reads."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def in_force(self, on: datetime.date) -> PublicationRuleQuerySet:
        return self.filter(starts_on__lte=on)


class PublicationRule(models.Model):
    """From how many people on evaluations are published, at a place and below it, from a day on, by which source."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    minimum = models.PositiveSmallIntegerField(_("least number of people"))
    starts_on = models.DateField(_("from"))
    source = models.CharField(pgettext_lazy("norm", "source"), max_length=200)

    objects = PublicationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of publication")
        verbose_name_plural = _("rules of publication")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint("organisation", "starts_on", name="publication_rule_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(minimum__gte=LEAST, minimum__lte=99), name="publication_rule_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"≥ {self.minimum}"
