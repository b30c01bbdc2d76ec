"""Reversals 冲销: what was paid and came back, recorded by one person and confirmed by a second one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from credentials.claims.models import OFFICERS, Claim
from credentials.payments.models.lines import PaymentLine
from credentials.payments.states import ReversalCause, ReversalEnd, ReversalState


class ReversalQuerySet(models.QuerySet["PaymentReversal"]):
    def visible_to(self, user: Asker) -> ReversalQuerySet:
        """For finance officers, administrators and auditors at or above the authority that has paid."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("authority", *OFFICERS))

    def confirmed(self) -> ReversalQuerySet:
        return self.filter(state=ReversalState.CONFIRMED)


class PaymentReversal(models.Model):
    """A paid line whose money came back, all of it. What was recorded never changes, and is decided once (a trigger, in the
    migrations); the line itself stays as it was, and the ledger gets a line with the opposite sign.

    `holder` is copied here, so that the database itself refuses that anybody takes back, or confirms, what they were paid.
    """

    line = models.ForeignKey(PaymentLine, models.PROTECT, related_name="reversals")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reversals")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    cause = models.CharField(_("what happened"), max_length=9, choices=ReversalCause.choices)
    end = models.CharField(_("what becomes of the claim"), max_length=6, choices=ReversalEnd.choices)
    on = models.DateField(_("came back on"))
    reason = models.CharField(_("reason"), max_length=300)
    reference = models.CharField(_("voucher of the bank"), max_length=120, blank=True)
    proof = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    state = models.CharField(
        _("state"), max_length=9, choices=ReversalState.choices, default=ReversalState.RECORDED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    objects = ReversalQuerySet.as_manager()

    class Meta:
        verbose_name = _("reversal of a payment")
        verbose_name_plural = _("reversals of payments")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "line", condition=~models.Q(state=ReversalState.REFUSED), name="payment_reversal_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ReversalState.values), name="payment_reversal_state_known"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_reversal_of_money"),
            models.CheckConstraint(
                condition=~models.Q(reason="") & (~models.Q(reference="") | models.Q(proof__isnull=False)),
                name="payment_reversal_proved",
            ),
            models.CheckConstraint(
                condition=~models.Q(recorded_by=models.F("holder")), name="payment_reversal_never_ones_own"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReversalState.RECORDED, decided_by=None, decided_at=None)
                | (
                    ~models.Q(state=ReversalState.RECORDED)
                    & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="payment_reversal_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | (~models.Q(decided_by=models.F("recorded_by")) & ~models.Q(decided_by=models.F("holder"))),
                name="payment_reversal_second_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ReversalState.REFUSED) | ~models.Q(answer=""),
                name="payment_reversal_refused_with_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} · -{self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("payments:reversal", args=[self.pk])
