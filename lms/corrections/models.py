"""Corrections of the keys of papers, beside papers that never change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.corrections.states import Remedy
from lms.courses.versions import PaperVersion


class Regrade(models.Model):
    """That a question of a paper is marked otherwise from now on; of several the last stands. Never changed or deleted (a
    trigger guards it)."""

    paper = models.ForeignKey(PaperVersion, models.PROTECT, related_name="regrades")
    question = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    remedy = models.CharField(_("remedy"), max_length=4, choices=Remedy.choices)
    change = models.JSONField(default=dict)  # what stands in the place of the key, as the question keeps it
    reason = models.CharField(_("reason"), max_length=300)
    made_at = models.DateTimeField(_("corrected"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("correction of a key")
        verbose_name_plural = _("corrections of keys")
        ordering = ["paper", "question", "number"]
        constraints = [
            models.UniqueConstraint("paper", "question", "number", name="regrade_number_once"),
            models.CheckConstraint(
                condition=models.Q(remedy__in=Remedy.values), name="regrade_remedy_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} · {self.question} · {self.number}"
