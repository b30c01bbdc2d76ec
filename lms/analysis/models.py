"""What was found out about the questions of a paper."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker
from lms.courses.versions import PaperVersion


class ItemReportQuerySet(models.QuerySet["ItemReport"]):
    def visible_to(self, user: Asker) -> ItemReportQuerySet:
        """One's own: it counts the attempts that its maker may see."""
        return self.filter(made_by=user) if user.is_authenticated else self.none()


class ItemReport(models.Model):
    """The last analysis of a paper by one officer, of the attempts that they may see; another one takes its place. It holds
    no names and no single attempt."""

    paper = models.ForeignKey(PaperVersion, models.CASCADE, related_name="item_reports")
    people = models.PositiveIntegerField(pgettext_lazy("item analysis", "people"))
    left_out = models.PositiveIntegerField(default=0)  # people beyond what one analysis counts
    alpha = models.FloatField(null=True)
    # [{key, number, prompt, kind, people, difficulty, discrimination, correlation, flags, choices: [{text, right, number, upper, middle, lower}]}]
    items = models.JSONField(default=list)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    objects = ItemReportQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("item analysis")
        verbose_name_plural = _("item analyses")
        constraints = [models.UniqueConstraint("paper", "made_by", name="item_report_once")]

    def __str__(self) -> str:
        return f"{self.paper} · {self.people}"
