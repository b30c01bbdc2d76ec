"""Renewal packs 登记材料: what somebody hands in to renew a registration, frozen. Rows are only added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.people.models import Person
from credentials.qualifications.models import RegistrationPeriod
from credentials.statements.models import HoursStatement


class PackQuerySet(models.QuerySet["RenewalPack"]):
    def visible_to(self, user: Asker) -> PackQuerySet:
        """One's own, and for administrators and auditors those of the people employed in their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("person__employer", *READERS) | models.Q(person__user=user))


class RenewalPack(models.Model):
    """One pack for one period. The file is made before the row, which names it with its hash; nothing of it changes."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="renewal_packs", verbose_name=_("person"))
    period = models.ForeignKey(RegistrationPeriod, models.PROTECT, related_name="packs")
    number = models.PositiveIntegerField(_("pack number"))  # the how manieth of this period
    statement = models.ForeignKey(HoursStatement, models.PROTECT, null=True, blank=True, related_name="+")
    facts = models.JSONField(default=dict)
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = _("renewal pack")
        verbose_name_plural = _("renewal packs")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint("period", "number", name="pack_numbered_once"),
            models.CheckConstraint(
                condition=~models.Q(sha256="") & ~models.Q(file=""), name="pack_has_its_file"
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def serial(self) -> str:
        return serial_of_pack(self.period_id, self.number)


def serial_of_pack(period_id: int, number: int) -> str:
    """The number that is printed: XD, the period, and the how manieth pack of it."""
    return f"XD-{period_id:06}-{number}"
