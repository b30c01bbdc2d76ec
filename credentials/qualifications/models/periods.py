"""The periods in which somebody is registered at a level."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.people.models import Person
from credentials.qualifications.models.levels import QualificationLevel
from credentials.qualifications.states import IN_FORCE, PeriodState


class PeriodQuerySet(models.QuerySet["RegistrationPeriod"]):
    def visible_to(self, user: Asker) -> PeriodQuerySet:
        """One's own, and for administrators and auditors those of the people employed in their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("person__employer", *READERS) | models.Q(person__user=user))

    def in_force(self) -> PeriodQuerySet:
        return self.filter(state__in=IN_FORCE)

    def on(self, day: datetime.date) -> PeriodQuerySet:
        """Those in force that contain this day."""
        return self.in_force().filter(starts_on__lte=day, ends_on__gte=day)


class RegistrationPeriod(models.Model):
    """The three years of one registration 登记周期, as its holder declares them and an officer verifies them.

    Two periods of one person that are in force never overlap, and no row is deleted: triggers refuse it (migrations).
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="registration_periods", verbose_name=_("person")
    )
    level = models.ForeignKey(
        QualificationLevel,
        models.PROTECT,
        related_name="periods",
        verbose_name=pgettext_lazy("qualification", "level"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    number = models.CharField(_("registration number"), max_length=40, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=PeriodState.choices, default=PeriodState.DECLARED
    )
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("declared"), auto_now_add=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration period")
        verbose_name_plural = _("registration periods")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "person", "starts_on", condition=models.Q(state__in=IN_FORCE), name="period_once_per_start"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=PeriodState.values), name="period_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="period_in_order"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PeriodState.VERIFIED) | models.Q(verified_by__isnull=False),
                name="period_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_by=None) | ~models.Q(verified_by=models.F("declared_by")),
                name="period_verified_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PeriodState.RETURNED) | ~models.Q(reason=""),
                name="period_returned_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.level} · {self.starts_on} – {self.ends_on}"

    @property
    def is_verified(self) -> bool:
        return self.state == PeriodState.VERIFIED
