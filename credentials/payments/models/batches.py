"""Payment batches 发放批次: what one person has put together and a second one releases to the bank."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.organisations.models import Organisation
from credentials.claims.models import OFFICERS
from credentials.payments.states import STANDING, BatchState
from credentials.policies.models import SubsidyPolicy


class PaymentCounter(models.Model):
    """The last serial number given to a batch in a year; its row is locked while the next one is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class BatchQuerySet(models.QuerySet["PaymentBatch"]):
    def visible_to(self, user: Asker) -> BatchQuerySet:
        """For finance officers, administrators and auditors at or above the authority that pays."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("authority", *OFFICERS))


class PaymentBatch(models.Model):
    """One batch. While it is being built, lines are put in and taken out; then it is locked, and by a trigger (migrations)
    nothing of it changes any more but how far it has come. No row is deleted.

    `total` is the control total that was locked: it is reckoned again at the release. `facts` are what the papers print
    beside the lines, frozen at the release; the roster's file is drawn from them and the lines, once.
    """

    serial = models.CharField(_("serial number"), max_length=24, unique=True)
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("authority"))
    policy = models.ForeignKey(
        SubsidyPolicy, models.PROTECT, related_name="batches", verbose_name=_("subsidy policy")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=9, choices=BatchState.choices, default=BatchState.DRAFT)
    total = models.DecimalField(_("control total"), max_digits=14, decimal_places=2, default=0)
    count = models.PositiveIntegerField(_("lines"), default=0)
    built_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    built_at = models.DateTimeField(_("built"), auto_now_add=True)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # returned or cancelled
    facts = models.JSONField(default=dict)
    roster_sha256 = models.CharField(max_length=64, blank=True)
    roster_file = models.CharField(max_length=200, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment batch")
        verbose_name_plural = _("payment batches")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=BatchState.values), name="payment_batch_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(released_by=None) | ~models.Q(released_by=models.F("built_by")),
                name="payment_batch_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=STANDING, released_by__isnull=False, released_at__isnull=False)
                | (~models.Q(state__in=STANDING) & models.Q(released_by=None, released_at=None)),
                name="payment_batch_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=(BatchState.DRAFT, BatchState.CANCELLED))
                | models.Q(locked_at__isnull=False, count__gt=0, total__gt=0),
                name="payment_batch_locked_with_lines",
            ),
            models.CheckConstraint(
                condition=models.Q(state=BatchState.CLOSED, closed_at__isnull=False)
                | (~models.Q(state=BatchState.CLOSED) & models.Q(closed_at=None)),
                name="payment_batch_closed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=BatchState.CANCELLED) | ~models.Q(reason=""),
                name="payment_batch_cancelled_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["policy", "year"], name="payment_batch_by_policy")]

    def __str__(self) -> str:
        return self.serial

    def get_absolute_url(self) -> str:
        return reverse("payments:batch", args=[self.pk])
