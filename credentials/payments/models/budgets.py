"""What an authority has set aside for a policy in a year. A change is another row: the history stays."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.organisations.models import Organisation
from credentials.claims.models import OFFICERS
from credentials.policies.models import SubsidyPolicy


class BudgetQuerySet(models.QuerySet["PaymentBudget"]):
    def visible_to(self, user: Asker) -> BudgetQuerySet:
        """For finance officers, administrators and auditors at or above the authority."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("authority", *OFFICERS))


class PaymentBudget(models.Model):
    """One amount as it was set; the highest number counts. Append-only (migrations)."""

    policy = models.ForeignKey(
        SubsidyPolicy, models.PROTECT, related_name="budgets", verbose_name=_("subsidy policy")
    )
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("authority"))
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(default=1)
    amount = models.DecimalField(pgettext_lazy("budget", "amount"), max_digits=14, decimal_places=2)
    words = models.CharField(pgettext_lazy("budget", "basis"), max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(pgettext_lazy("budget", "set"), auto_now_add=True)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment budget")
        verbose_name_plural = _("payment budgets")
        ordering = ["-year", "policy", "-number"]
        constraints = [
            models.UniqueConstraint("policy", "year", "number", name="payment_budget_numbered"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="payment_budget_possible"),
            models.CheckConstraint(condition=~models.Q(words=""), name="payment_budget_has_its_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.year}: {self.amount}"
