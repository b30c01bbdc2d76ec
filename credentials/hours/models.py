"""The hours ledger: every minute a person was taught or supervised, once, with its evidence. Rows are only added."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person


class HoursRule(models.Model):
    """How minutes become hours (学时), from a date on: places differ, so it is data with its source."""

    code = models.SlugField(_("code"), max_length=60)
    starts_on = models.DateField(_("from"))
    minutes_per_hour = models.PositiveSmallIntegerField(_("minutes for one hour"), default=45)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("hours rule")
        verbose_name_plural = _("hours rules")
        ordering = ["code", "-starts_on"]
        constraints = [
            models.UniqueConstraint("code", "starts_on", name="hours_rule_once_per_day"),
            models.CheckConstraint(condition=models.Q(minutes_per_hour__gt=0), name="hours_rule_possible"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.starts_on}"


class HoursQuerySet(models.QuerySet["HoursEntry"]):
    def visible_to(self, user: Asker) -> HoursQuerySet:
        """One's own, and for administrators and auditors those of the organisations in their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("organisation", *READERS) | models.Q(person__user=user))


class HoursEntry(models.Model):
    """One credit (or, as a correction, debit) of minutes. `source` names the act it rests on, once per person."""

    class Kind(models.TextChoices):
        COURSE = "course", _("Courses")
        SUPERVISION = "supervision", _("Being supervised")
        SUPERVISING = "supervising", _("Supervising others")
        CORRECTION = "correction", _("Corrections")

    person = models.ForeignKey(Person, models.PROTECT, related_name="hours", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    minutes = models.IntegerField(_("minutes"))
    occurred_on = models.DateField(_("date"))
    title = models.CharField(_("what for"), max_length=255)
    title_en = models.CharField(max_length=255, blank=True)
    source = models.CharField(_("source"), max_length=120)  # e.g. lms.enrolment:12, supervision.session:7
    evidence = models.JSONField(_("evidence"), default=dict)  # what was known at the time, frozen
    rule = models.ForeignKey(HoursRule, models.PROTECT, null=True, related_name="+", verbose_name=_("rule"))
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="correction")
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)

    objects = HoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours entry")
        verbose_name_plural = _("hours ledger")
        ordering = ["-occurred_on", "-pk"]
        constraints = [
            models.UniqueConstraint("person", "source", name="hours_once_per_source"),
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0, corrects=None) | models.Q(minutes__lt=0, corrects__isnull=False),
                name="hours_credit_or_correction",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["course", "supervision", "supervising", "correction"]),
                name="hours_kind_is_known",
            ),
        ]
        indexes = [models.Index(fields=["person", "kind"], name="hours_by_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.minutes} min"
