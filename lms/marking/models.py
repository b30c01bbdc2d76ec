"""Who read which answer and what they gave; what was put right afterwards; what a corrected key changed."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from lms.assessments.models import Answer, Attempt
from lms.corrections.models import Regrade

LONGEST_REMARK = 3000


class ReadingQuerySet(models.QuerySet["Reading"]):
    def visible_to(self, user: Asker) -> ReadingQuerySet:
        """One's own. For the desk those of its tree once the answer has its points: nobody who is to read sees what
        another gave."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("answer__attempt__enrolment__cohort__organisation", *COURSE_READERS)
        return self.filter((desk & models.Q(answer__is_read=True)) | models.Q(reader=user))

    def given(self) -> ReadingQuerySet:
        return self.filter(given_at__isnull=False)


class Reading(models.Model):
    """One round of reading one answer. It is taken for some time first; what was given is never changed or deleted (a
    trigger guards it). The address has `uid`: a number would tell in which order people came."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(_("reading"))
    taken_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField()
    points = models.DecimalField(_("points"), max_digits=7, decimal_places=2, null=True, blank=True)
    most = models.DecimalField(max_digits=7, decimal_places=2)  # what the question is worth
    criteria = models.JSONField(default=list)  # [{key, title, points, most}]
    remark = models.TextField(pgettext_lazy("marking", "remark"), blank=True, max_length=LONGEST_REMARK)
    given_at = models.DateTimeField(pgettext_lazy("marking", "given"), null=True, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("marking", "reading")
        verbose_name_plural = pgettext_lazy("marking", "readings")
        ordering = ["answer", "round"]
        constraints = [
            models.UniqueConstraint("answer", "round", name="reading_round_once"),
            models.UniqueConstraint("answer", "reader", name="reading_reader_once"),
            models.CheckConstraint(
                condition=models.Q(round__gte=1, round__lte=3), name="reading_round_possible"
            ),
            models.CheckConstraint(
                condition=models.Q(points=None, given_at=None)
                | models.Q(points__isnull=False, points__gte=0, given_at__isnull=False),
                name="reading_given_has_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid} · {self.round}"


class PointsCorrection(models.Model):
    """Other points in place of those that an answer had by reading, with the reason. Never changed or deleted (a trigger
    guards it)."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    before = models.DecimalField(max_digits=7, decimal_places=2)
    points = models.DecimalField(_("points"), max_digits=7, decimal_places=2)
    remark = models.TextField(pgettext_lazy("marking", "remark"), blank=True, max_length=LONGEST_REMARK)
    reason = models.CharField(_("reason"), max_length=300)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("correction of points")
        verbose_name_plural = _("corrections of points")
        ordering = ["answer", "number"]
        constraints = [
            models.UniqueConstraint("answer", "number", name="points_correction_once"),
            models.CheckConstraint(condition=models.Q(points__gte=0), name="points_correction_possible"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.points}"

    def facts(self) -> dict[str, Any]:
        """For whoever takes their own data along."""
        return {"points": self.points, "remark": self.remark, "reason": self.reason, "made_at": self.made_at}


class RegradeLine(models.Model):
    """What a corrected key made of one attempt: before and after; None where there was no result yet. Never changed or
    deleted (a trigger guards it)."""

    regrade = models.ForeignKey(Regrade, models.PROTECT, related_name="lines")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="regrades")
    points_before = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    points_after = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    before = models.PositiveSmallIntegerField(null=True)  # per cent
    after = models.PositiveSmallIntegerField(null=True)
    passed_before = models.BooleanField(null=True)
    passed_after = models.BooleanField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("regraded attempt")
        verbose_name_plural = _("regraded attempts")
        ordering = ["regrade", "pk"]
        constraints = [models.UniqueConstraint("regrade", "attempt", name="regrade_line_once")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
