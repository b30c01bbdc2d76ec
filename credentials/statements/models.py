"""Hours statements 学时证明: what somebody held on a day, frozen. Rows are only added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person
from credentials.certificates.policy import grouped_code
from credentials.keys.models import SigningKey


class StatementCounter(models.Model):
    """The last serial number given to a statement in a year; its row is locked while the next one is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class StatementQuerySet(models.QuerySet["HoursStatement"]):
    def visible_to(self, user: Asker) -> StatementQuerySet:
        """One's own, and for administrators and auditors those of the organisations in their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("organisation", *READERS) | models.Q(person__user=user))


class HoursStatement(models.Model):
    """One statement. The file is made before the row: the row names it with its hash, and nothing of it ever changes."""

    serial = models.CharField(_("serial number"), max_length=24, unique=True)
    code = models.CharField(_("verification code"), max_length=24, unique=True)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="hours_statements", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("printed name"), max_length=60)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    facts = models.JSONField(default=dict)
    entries = models.JSONField(default=list)  # the numbers of the ledger entries that it lists
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # A statement of the time before signatures has no key.
    signed_with = models.ForeignKey(SigningKey, models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    file = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours statement")
        verbose_name_plural = _("hours statements")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")), name="statement_in_order"
            ),
            models.CheckConstraint(
                condition=~models.Q(sha256="") & ~models.Q(file=""), name="statement_has_its_file"
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def verify_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('verify-code', args=[self.code])}"

    @property
    def code_grouped(self) -> str:
        return grouped_code(self.code)
