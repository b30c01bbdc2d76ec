"""The hours ledger: every minute a person was taught or supervised, once, with its evidence. Rows are only added."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person
from credentials.hours.models.rules import EntryKind, HoursRule
from credentials.hours.policy import Counting


def in_language(title: str, title_en: str) -> str:
    """Of both titles the one in the reader's language."""
    english = (get_language() or "").startswith("en")
    return (english and title_en) or title


class HoursQuerySet(models.QuerySet["HoursEntry"]):
    def in_period(self, first: datetime.date, last: datetime.date) -> HoursQuerySet:
        """What happened on these days; a correction belongs to the day of the entry that it corrects."""
        own = models.Q(corrects=None, occurred_on__range=(first, last))
        return self.filter(own | models.Q(corrects__occurred_on__range=(first, last)))

    def standing(self) -> HoursQuerySet:
        """The entries that are no corrections and have not been corrected."""
        return self.filter(corrects=None, correction=None)

    def visible_to(self, user: Asker) -> HoursQuerySet:
        """One's own, and for administrators and auditors those of the organisations in their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("organisation", *READERS) | models.Q(person__user=user))


class HoursEntry(models.Model):
    """One credit (or, as a correction, debit) of minutes. `source` names the act it rests on, once per person."""

    Kind = EntryKind

    person = models.ForeignKey(Person, models.PROTECT, related_name="hours", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind.choices)
    minutes = models.IntegerField(_("minutes"))
    occurred_on = models.DateField(_("date"))
    # The clock time that this is credited for, if it happened at a time: nobody is credited for it again.
    starts_at = models.DateTimeField(_("start"), null=True, blank=True)
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
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
                condition=models.Q(kind__in=EntryKind.values),
                name="hours_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_at=None, ends_at=None)
                | models.Q(starts_at__lt=models.F("ends_at")),
                name="hours_times_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "kind"], name="hours_by_person"),
            models.Index(fields=["person", "starts_at"], name="hours_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {gettext('%(minutes)s minutes') % {'minutes': self.minutes}}"

    @property
    def title_here(self) -> str:
        """What the hours are for, in the reader's language, as frozen."""
        return in_language(self.title, self.title_en)

    @property
    def reason_here(self) -> str:
        """Why a correction took its entry back: an officer's words, or a sentence of the system in the reader's language."""
        reason, values = self.evidence.get("reason", ""), self.evidence.get("values")
        return gettext(reason) % values if values else reason

    @property
    def month(self) -> datetime.date:
        """The first day of its month, by which lists are grouped."""
        return self.occurred_on.replace(day=1)

    @property
    def hours(self) -> Decimal:
        """What the minutes are worth by the rule they were credited by."""
        return (self.rule.counting if self.rule else Counting()).hours_of(self.minutes)

    @property
    def counts(self) -> bool:
        """Whether it is added to the target of a registration period, by the rule it was credited by."""
        return self.rule.counts if self.rule else True


class CreditedLesson(models.Model):
    """A lesson that a standing entry was credited for, so that it counts once; its row goes when the entry is taken back.

    `slot` as with degrees: "life", or "period:7" where the rule lets it count anew in each verified registration period.
    """

    LIFE = "life"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    lesson = models.CharField(max_length=80)  # its key, the same in every version and cohort of the course
    slot = models.CharField(max_length=32, default=LIFE)
    entry = models.ForeignKey(HoursEntry, models.PROTECT, related_name="credited_lessons")

    class Meta:
        verbose_name = _("credited lesson")
        verbose_name_plural = _("credited lessons")
        constraints = [models.UniqueConstraint("person", "lesson", "slot", name="lesson_credited_once")]

    def __str__(self) -> str:
        return f"{self.lesson} · {self.slot}"


class SettledRevision(models.Model):
    """The newest revision of a record that was heard of, so that an older one which arrives late changes nothing.

    `source` names the record (`lms.attendance:12`). A revision of no minutes leaves no other trace.
    """

    source = models.CharField(max_length=120, unique=True)
    revision = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("settled revision")
        verbose_name_plural = _("settled revisions")

    def __str__(self) -> str:
        return f"{self.source}:{self.revision}"


class SkippedCreditQuerySet(models.QuerySet["SkippedCredit"]):
    def still(self, person: Person) -> SkippedCreditQuerySet:
        """What this person was not credited for to this day, and can be shown by name."""
        credited = HoursEntry.objects.filter(
            person=models.OuterRef("person"), source=models.OuterRef("source")
        )
        rows = self.filter(~models.Exists(credited), person=person).exclude(title="")
        return rows.select_related("covered_by").order_by("-occurred_on", "-pk")


class SkippedCredit(models.Model):
    """What added nothing, since earlier entries cover its whole time, or by the rule nothing of it counts (`covered_by`
    None): told and audited once, and shown. `source` as in the ledger.

    It does not stand for ever: when those entries are taken back, or the year has room again, the same source is credited
    after all.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    source = models.CharField(max_length=120)
    minutes = models.PositiveIntegerField()
    covered_by = models.ForeignKey(HoursEntry, models.PROTECT, null=True, blank=True, related_name="+")
    rule = models.ForeignKey(HoursRule, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=255, blank=True)
    title_en = models.CharField(max_length=255, blank=True)
    occurred_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SkippedCreditQuerySet.as_manager()

    class Meta:
        verbose_name = _("skipped credit")
        verbose_name_plural = _("skipped credits")
        constraints = [models.UniqueConstraint("person", "source", name="skipped_credit_once")]

    def __str__(self) -> str:
        return f"{self.source}: 0"

    @property
    def title_here(self) -> str:
        """What it was, in the reader's language."""
        return in_language(self.title, self.title_en)
