"""Allowance statements as they were issued, and the dated amounts that they rest on."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.organisations.models import Organisation
from supervision.circles.models import Gathering
from supervision.reports.states import Per
from supervision.sessions.models import Session
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import Tier

PAYS = (*READERS, Role.FINANCE)


class AllowanceRateQuerySet(models.QuerySet["AllowanceRate"]):
    def visible_to(self, user: Asker) -> AllowanceRateQuerySet:
        """Administrators, auditors and finance officers of the organisation that sets it."""
        return self.filter(scope_of(user).q("organisation", *PAYS))

    def in_force(self, on: datetime.date) -> AllowanceRateQuerySet:
        return self.filter(starts_on__lte=on)


class AllowanceRate(models.Model):
    """What a supervisor of a tier is given, at a place and below it, from a day on, by which source.

    The nearest one above a place holds, and of its own the one that began last: a change is a new row.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    tier = models.CharField(pgettext_lazy("designation", "tier"), max_length=12, choices=Tier.choices)
    per = models.CharField(pgettext_lazy("allowance", "for"), max_length=8, choices=Per.choices)
    amount = models.DecimalField(_("amount (CNY)"), max_digits=9, decimal_places=2)
    starts_on = models.DateField(_("from"))
    source = models.CharField(pgettext_lazy("norm", "source"), max_length=200)

    objects = AllowanceRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("allowance rate")
        verbose_name_plural = _("allowance rates")
        ordering = ["-starts_on", "organisation__path", "tier", "pk"]
        constraints = [
            models.UniqueConstraint("organisation", "tier", "starts_on", name="allowance_rate_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0)
                & models.Q(tier__in=Tier.values)
                & models.Q(per__in=Per.values),
                name="allowance_rate_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} · {self.amount}"


class AllowanceStatementQuerySet(models.QuerySet["AllowanceStatement"]):
    def visible_to(self, user: Asker) -> AllowanceStatementQuerySet:
        """Administrators, auditors and finance officers of the organisation."""
        return self.filter(scope_of(user).q("organisation", *PAYS))

    def current(self) -> AllowanceStatementQuerySet:
        """Without those that a correction has replaced."""
        return self.filter(corrected_by=None)


class AllowanceStatement(models.Model):
    """Which allowance the supervisors of an organisation are due for a month. A statement, not a payment: it is issued once,
    and a correction is another row that names the one it replaces."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    month = models.DateField(pgettext_lazy("allowance", "month"))  # its first day
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", editable=False
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    facts: Any = models.JSONField()
    sha256 = models.CharField(max_length=64)
    total = models.DecimalField(_("total (CNY)"), max_digits=12, decimal_places=2)
    reviewed_by = models.CharField(pgettext_lazy("report", "reviewed by"), max_length=60, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    issued_at = models.DateTimeField(pgettext_lazy("report", "issued"))

    objects = AllowanceStatementQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("allowance statement")
        verbose_name_plural = _("allowance statements")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "month"],
                condition=models.Q(corrects=None),
                name="allowance_statement_once_a_month",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects=None) | ~models.Q(reason=""),
                name="allowance_correction_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {date_format(self.month, 'YEAR_MONTH_FORMAT')}"


class AllowanceLineQuerySet(models.QuerySet["AllowanceLine"]):
    def visible_to(self, user: Asker) -> AllowanceLineQuerySet:
        """Whoever reads the statement, and the supervisor it is about."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("statement__organisation", *PAYS)
        return self.filter(desk | models.Q(supervisor__person__user=user))


class AllowanceLine(models.Model):
    """One supervisor on one statement. On first statements a supervisor stands once a month, whoever issues them.

    `number` 0 is the statement's own month. From 1 on a line puts an earlier month right: it says the difference, which may
    be less than nothing.
    """

    statement = models.ForeignKey(AllowanceStatement, models.PROTECT, related_name="lines")
    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="allowances", verbose_name=_("supervisor")
    )
    month = models.DateField(pgettext_lazy("allowance", "month"))
    is_correction = models.BooleanField(default=False)
    tier = models.CharField(
        pgettext_lazy("designation", "tier"), max_length=12, choices=Tier.choices, blank=True
    )
    number = models.PositiveSmallIntegerField(default=0)
    rate = models.ForeignKey(AllowanceRate, models.PROTECT, null=True, blank=True, related_name="+")
    sessions = models.IntegerField(_("sessions"))
    minutes = models.IntegerField(_("minutes"))
    amount = models.DecimalField(_("amount (CNY)"), max_digits=10, decimal_places=2)

    objects = AllowanceLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an allowance statement")
        verbose_name_plural = _("lines of allowance statements")
        ordering = ["statement", "pk"]
        constraints = [
            models.UniqueConstraint(
                "statement", "supervisor", "month", name="allowance_line_once_a_statement"
            ),
            models.UniqueConstraint(
                fields=["supervisor", "month", "number"],
                condition=models.Q(is_correction=False),
                name="allowance_line_once_a_month",
            ),
            models.CheckConstraint(
                condition=models.Q(number__gt=0) | models.Q(amount__gte=0, sessions__gte=0, minutes__gte=0),
                name="allowance_line_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.supervisor_id}"


class AllowanceCountQuerySet(models.QuerySet["AllowanceCount"]):
    def visible_to(self, user: Asker) -> AllowanceCountQuerySet:
        """Whoever reads the line that it stands on."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("line__statement__organisation", *PAYS)
        return self.filter(desk | models.Q(supervisor__person__user=user))


class AllowanceCount(models.Model):
    """That a session, or a gathering that a supervisor led, is paid for: once, under one month, whatever is amended later."""

    line = models.ForeignKey(AllowanceLine, models.PROTECT, related_name="counts")
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="+", verbose_name=_("supervisor"))
    month = models.DateField(pgettext_lazy("allowance", "month"))
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("session")
    )
    gathering = models.ForeignKey(
        Gathering, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("gathering")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))  # as they were when it was counted

    objects = AllowanceCountQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("session of an allowance statement")
        verbose_name_plural = _("sessions of allowance statements")
        ordering = ["line", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session"], name="allowance_session_paid_once"),
            models.UniqueConstraint(fields=["gathering"], name="allowance_gathering_paid_once"),
            models.CheckConstraint(
                condition=models.Q(session__isnull=False, gathering=None)
                | models.Q(session=None, gathering__isnull=False),
                name="allowance_counts_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["supervisor", "month"], name="allowance_count_by_month")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.session_id or self.gathering_id}"
