"""The hours ledger: every minute a person was taught or supervised, once, with its evidence. Rows are only added."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, holds, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person
from credentials.hours.policy import hours_from


class HoursRuleQuerySet(models.QuerySet["HoursRule"]):
    def visible_to(self, user: Asker) -> HoursRuleQuerySet:
        """The rules are public rules; whoever reads ledgers of others reads all of them."""
        return self.all() if holds(user, *READERS) else self.none()

    def for_organisation(self, path: str) -> HoursRuleQuerySet:
        """The rules of this organisation and of those above it, and the one for everywhere."""
        step = Organisation.steplen
        above = [path[:end] for end in range(step, len(path) + 1, step)]
        return self.filter(models.Q(organisation=None) | models.Q(organisation__path__in=above))


class HoursRule(models.Model):
    """How minutes become hours (学时), from a date on: places differ, so it is data with its source.

    Rows are only added: an entry names the rule that it was credited by, and that must go on saying the same.
    """

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("where it applies"),
        help_text=_("This organisation and all below it that have no rule of their own."),
    )
    starts_on = models.DateField(
        _("from"), help_text=_("Hours that are in the ledger already keep the rule they were credited by.")
    )
    minutes_per_hour = models.PositiveSmallIntegerField(_("minutes for one hour"), default=45)
    source = models.CharField(
        _("source"), max_length=300, help_text=_("The document that says so, with its number.")
    )

    objects = HoursRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours rule")
        verbose_name_plural = _("hours rules")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint("organisation", "starts_on", name="hours_rule_once_per_day"),
            models.UniqueConstraint(
                "starts_on", condition=models.Q(organisation=None), name="hours_rule_once_everywhere"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes_per_hour__gte=1, minutes_per_hour__lte=240),
                name="hours_rule_possible",
            ),
        ]

    def __str__(self) -> str:
        words = gettext("%(minutes)s minutes make one hour, from %(day)s")
        return words % {"minutes": self.minutes_per_hour, "day": date_format(self.starts_on)}


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
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
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
                condition=models.Q(minutes__gt=0, corrects=None)
                | models.Q(minutes__lt=0, corrects__isnull=False),
                name="hours_credit_or_correction",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["course", "supervision", "supervising", "correction"]),
                name="hours_kind_is_known",
            ),
        ]
        indexes = [models.Index(fields=["person", "kind"], name="hours_by_person")]

    def __str__(self) -> str:
        return f"{self.person} · {gettext('%(minutes)s minutes') % {'minutes': self.minutes}}"

    @property
    def title_here(self) -> str:
        """What the hours are for, in the reader's language, as frozen."""
        english = (get_language() or "").startswith("en")
        return (english and self.title_en) or self.title

    @property
    def hours(self) -> Decimal:
        """What the minutes are worth by the rule they were credited by."""
        return hours_from(self.minutes, self.rule.minutes_per_hour) if self.rule else hours_from(self.minutes)
