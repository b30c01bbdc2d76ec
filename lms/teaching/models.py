"""From when on somebody is at risk, as an organisation sets it; and who was contacted by whom."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from core.organisations.models import Organisation
from lms.enrolments.models import Enrolment
from lms.teaching.policy import Limits
from lms.teaching.states import Way

MOST_DAYS = [MaxValueValidator(365)]
PER_CENT = [MaxValueValidator(100)]


class RiskLimitsQuerySet(models.QuerySet["RiskLimits"]):
    def visible_to(self, user: Asker) -> RiskLimitsQuerySet:
        """Those of the organisations in whose tree the user reads or teaches."""
        return self.filter(scope_of(user).q("organisation", *COURSE_READERS))


class RiskLimits(models.Model):
    """The limits of one organisation, for its cohorts and those below it that set none of their own. 0: rule off."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    not_started_days = models.PositiveSmallIntegerField(
        _("not started, days after the first day"),
        default=Limits.not_started_days,
        validators=MOST_DAYS,
    )
    idle_days = models.PositiveSmallIntegerField(
        _("nothing done for so many days"), default=Limits.idle_days, validators=MOST_DAYS
    )
    behind_points = models.PositiveSmallIntegerField(
        _("behind an even pace by more than (percentage points)"),
        default=Limits.behind_points,
        validators=PER_CENT,
        help_text=_("The time gone between the first and the last day against what is done."),
    )
    failed_times = models.PositiveSmallIntegerField(
        _("a quiz failed so many times"),
        default=Limits.failed_times,
        validators=[MaxValueValidator(20)],
        help_text=_("Also when only one attempt is left, or none."),
    )
    missed_in_row = models.PositiveSmallIntegerField(
        _("classes missed in a row"), default=Limits.missed_in_row, validators=[MaxValueValidator(50)]
    )
    deadline_days = models.PositiveSmallIntegerField(
        _("days before the last day"), default=Limits.deadline_days, validators=MOST_DAYS
    )
    deadline_missing = models.PositiveSmallIntegerField(
        _("with at least so much missing (per cent)"), default=Limits.deadline_missing, validators=PER_CENT
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = RiskLimitsQuerySet.as_manager()

    class Meta:
        verbose_name = _("limits of being at risk")
        verbose_name_plural = _("limits of being at risk")

    def __str__(self) -> str:
        return str(self.organisation)


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: Asker) -> ContactQuerySet:
        """For the desk only: the notes are for those who teach and run the cohort."""
        return self.filter(scope_of(user).q("enrolment__cohort__organisation", *COURSE_READERS))


class Contact(models.Model):
    """Somebody who is at risk was written to or spoken with. Added, never changed."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="contacts")
    number = models.PositiveIntegerField(_("number"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    way = models.CharField(_("how"), max_length=10, choices=Way.choices)
    note = models.TextField(_("what was said"), max_length=1000)
    risks = models.JSONField(default=list)  # the rules that held then: lms.teaching.policy.Risk

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-pk"]
        constraints = [
            # Of two teachers who look at the same list the second hears of the first.
            models.UniqueConstraint("enrolment", "number", name="contact_number_once"),
            models.CheckConstraint(condition=models.Q(way__in=Way.values), name="contact_way_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.number}"
