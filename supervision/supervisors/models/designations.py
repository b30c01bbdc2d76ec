"""The local designations that say by whom and until when somebody is held to be a supervisor."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker
from core.attachments.models import Attachment
from supervision.supervisors.models.registry import Supervisor
from supervision.supervisors.states import Tier


class DesignationQuerySet(models.QuerySet["Designation"]):
    def visible_to(self, user: Asker) -> DesignationQuerySet:
        """Those of the supervisors whom the user may see."""
        return self.filter(supervisor__in=Supervisor.objects.visible_to(user).values("pk"))

    def in_force(self, on: datetime.date) -> DesignationQuerySet:
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=on), starts_on__lte=on)


class Designation(models.Model):
    """A tier given by an issuer for a time. A supervisor may hold several of several issuers, or none."""

    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="designations", verbose_name=_("supervisor")
    )
    tier = models.CharField(pgettext_lazy("designation", "tier"), max_length=12, choices=Tier.choices)
    issuer = models.CharField(pgettext_lazy("designation", "issued by"), max_length=120)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    basis = models.CharField(
        pgettext_lazy("designation", "rests on"),
        max_length=300,
        blank=True,
        help_text=_("The qualifications and training on which it rests."),
    )
    document = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )

    objects = DesignationQuerySet.as_manager()

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "supervisor",
                "tier",
                "issuer",
                "starts_on",
                name="designation_once",
                violation_error_message=_("This designation is already recorded."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="designation_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(tier__in=Tier.values), name="designation_tier_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} · {self.issuer}"

    def is_in_force(self, on: datetime.date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)
