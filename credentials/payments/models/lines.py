"""The lines of a payment batch: who is paid what, frozen when the claim was put into it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.people.sealed import SealedTextField
from credentials.claims.models import OFFICERS, Claim
from credentials.payments.models.batches import PaymentBatch
from credentials.payments.policy import last4
from credentials.payments.states import LIVE, SETTLED, LineState, ReversalState


class LineQuerySet(models.QuerySet["PaymentLine"]):
    def visible_to(self, user: Asker) -> LineQuerySet:
        """One's own, and those of the batches that this officer reads."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("batch__authority", *OFFICERS) | models.Q(holder=user))

    def live(self) -> LineQuerySet:
        """Paid, or on its way: of a claim one at most in each turn."""
        return self.filter(state__in=LIVE)


class PaymentLine(models.Model):
    """One line: the columns of the official list as they stood. A trigger (migrations) lets nothing change but the result, and
    that once, but that what the bank had returned may be paid after all; another line in a new batch tries it again.

    `holder`, `approver`, `enterer`, `built_by` and `released_by` are copied here, so that the database itself refuses that
    anybody builds, approves or releases what they are paid, releases what they have approved, or builds or releases what
    they have entered for somebody. `name` and `id_hash` are those of the claim. A paid line stays paid when the
    money came back: the reversal beside it (`PaymentReversal`) begins another turn, in which the claim can be paid anew.
    """

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField(_("No."))
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payment_lines")
    attempt = models.PositiveSmallIntegerField(default=1)  # the claim was tried to be paid so many times
    turn = models.PositiveSmallIntegerField(
        default=1
    )  # one more than what was paid for the claim and came back
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    enterer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # who has entered the claim for its holder
    built_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    id_sealed = SealedTextField(_("ID number"))
    id_hash = models.CharField(max_length=64, blank=True)  # keyed: one person is found again in two accounts
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    level = models.CharField(_("level or title"), max_length=120)
    certificate_number = models.CharField(_("certificate number"), max_length=60, blank=True)
    certificate_on = models.DateField(_("day of issue"), null=True, blank=True)
    standard = models.DecimalField(_("standard"), max_digits=12, decimal_places=2)
    already = models.DecimalField(_("paid before"), max_digits=12, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    bank = models.CharField(_("bank, with the full name of the branch"), max_length=120)
    account_sealed = SealedTextField(_("account number"))
    account_hash = models.CharField(max_length=64, blank=True)  # keyed: two people with one account
    phone_sealed = SealedTextField(_("mobile number"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    is_sample = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=9, choices=LineState.choices, default=LineState.WAITING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("result entered"), null=True, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a payment batch")
        verbose_name_plural = _("lines of payment batches")
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(
                "batch",
                "position",
                condition=~models.Q(state=LineState.WITHDRAWN),
                name="payment_line_numbered",
            ),
            models.UniqueConstraint("claim", "attempt", name="payment_line_attempt_once"),
            models.UniqueConstraint(
                "claim", "turn", condition=models.Q(state__in=LIVE), name="payment_line_one_live"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=LineState.values), name="payment_line_state_known"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_line_of_money"),
            models.CheckConstraint(
                condition=models.Q(state=LineState.FAILED) & ~models.Q(reason="")
                | ~models.Q(state=LineState.FAILED),
                name="payment_line_failed_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state=LineState.PAID, paid_on__isnull=False)
                | (~models.Q(state=LineState.PAID) & models.Q(paid_on=None)),
                name="payment_line_paid_on_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=SETTLED, settled_by__isnull=False, settled_at__isnull=False,
                    released_by__isnull=False,
                )
                | (~models.Q(state__in=SETTLED) & models.Q(settled_by=None, settled_at=None)),
                name="payment_line_settled_after_release",
            ),
            models.CheckConstraint(
                condition=~models.Q(holder=models.F("approver")) & ~models.Q(holder=models.F("built_by")),
                name="payment_line_never_ones_own",
            ),
            models.CheckConstraint(
                condition=models.Q(released_by=None)
                | (
                    ~models.Q(released_by=models.F("holder"))
                    & ~models.Q(released_by=models.F("approver"))
                    & ~models.Q(released_by=models.F("built_by"))
                ),
                name="payment_line_released_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_by=None) | ~models.Q(settled_by=models.F("holder")),
                name="payment_line_settled_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(enterer=None)
                | (
                    ~models.Q(enterer=models.F("built_by"))
                    & (models.Q(released_by=None) | ~models.Q(enterer=models.F("released_by")))
                ),
                name="payment_line_paid_by_no_enterer",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["batch", "state"], name="payment_line_by_state"),
            models.Index(fields=["id_hash"], name="payment_line_by_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.batch} · {self.position} · {self.name}"

    @property
    def last4(self) -> str:
        """The last digits of the account."""
        return last4(self.account_sealed)

    @property
    def account_masked(self) -> str:
        return f"**** {self.last4}"

    @property
    def is_unreversed(self) -> bool:
        """No reversal of this line waits or was confirmed. Prefetch `reversals`."""
        return all(one.state == ReversalState.REFUSED for one in self.reversals.all())
