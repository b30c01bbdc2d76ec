"""How alike the works of one assignment are. For those who mark alone: it is a reason to look, not a finding."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from lms.cohorts.models import Cohort


class SimilarityReportQuerySet(models.QuerySet["SimilarityReport"]):
    def visible_to(self, user: Asker) -> SimilarityReportQuerySet:
        """Those of the cohorts where the user marks."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("cohort__organisation", Role.ADMINISTRATOR, Role.INSTRUCTOR))


class SimilarityReport(models.Model):
    """The last comparison of one assignment in a cohort; another one takes its place."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="similarity_reports")
    key = models.UUIDField(editable=False)  # the assignment's, through all versions of the course
    threshold = models.PositiveSmallIntegerField(_("from so many per cent"))
    compared = models.PositiveIntegerField(_("works compared"))
    unread = models.PositiveIntegerField(_("files not read"))  # pictures, PDF, and what cannot be opened
    pairs = models.JSONField(
        default=list
    )  # of submissions: their numbers, the share, the passages as the first has them
    made_at = models.DateTimeField(_("compared on"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SimilarityReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("similarity report")
        verbose_name_plural = _("similarity reports")
        constraints = [
            models.UniqueConstraint("cohort", "key", name="similarity_report_once"),
            models.CheckConstraint(
                condition=models.Q(threshold__gte=1, threshold__lte=100), name="similarity_threshold_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.threshold}"
