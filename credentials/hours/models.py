"""The hours ledger: every minute a person was taught or supervised, once, with its evidence. Rows are only added."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, holds, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person
from credentials.hours.policy import Counting, Sharing, counting_of, plain_hours


class EntryKind(models.TextChoices):
    """What hours are for. A correction belongs to the kind of the entry that it corrects."""

    COURSE = "course", _("Courses")
    CLASS = "class", _("Classes attended")
    SUPERVISION = "supervision", _("Being supervised")
    SUPERVISING = "supervising", _("Supervising others")
    MANUAL = "manual", _("Manual entries")
    CORRECTION = "correction", _("Corrections")


class Again(models.TextChoices):
    """When the same thing, learned or achieved once more, counts once more."""

    NEVER = "never", _("Never: once in a lifetime")
    PERIOD = "period", _("In another verified registration period")


COUNTED = tuple(kind for kind in EntryKind if kind != EntryKind.CORRECTION)
KIND_CHOICES = [(kind.value, kind.label) for kind in COUNTED]


# What the rules rest on that hold where nobody has made one, as it is kept and printed, and as a reader sees it.
COMMON_SOURCE = "通行做法；学历教育等一次性计入至多 90 学时（可由主管部门调整）"
SUPERVISING_SOURCE = "默认：开展督导单独记录，不计入本人登记周期学时（可由主管部门调整）"
FIRST_SOURCES = {
    COMMON_SOURCE: _(
        "Common practice; a degree and the like count once, with at most 90 hours (the authority may change this)"
    ),
    SUPERVISING_SOURCE: _(
        "Default: supervising is recorded by itself and does not count towards one's own registration (the authority may change this)"
    ),
}


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
    kind = models.CharField(
        _("for which kind"),
        max_length=12,
        blank=True,
        choices=KIND_CHOICES,
        help_text=_("Empty: for every kind that has no rule of its own."),
    )
    minutes_per_hour = models.PositiveSmallIntegerField(
        _("minutes for one hour"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    steps = models.JSONField(_("steps"), default=list, blank=True)  # [{"from_minutes": 30, "hours": "1"}, …]
    counts = models.BooleanField(
        _("counts towards the registration period"),
        default=True,
        help_text=_("Off: hours are kept and shown, but are not added to the 72 or 90."),
    )
    lump_minutes = models.PositiveIntegerField(
        _("most minutes of an entry without times"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(60_000)],
        help_text=_("For manual entries such as a degree, which count at most so much and only once."),
    )
    lessons_again = models.CharField(
        _("a lesson learned again counts"),
        max_length=8,
        choices=Again.choices,
        default=Again.PERIOD,
        help_text=_("For re-certification. Within one registration period a lesson counts once in any case."),
    )
    degrees_again = models.CharField(
        _("another degree counts"), max_length=8, choices=Again.choices, default=Again.NEVER
    )
    day_minutes = models.PositiveSmallIntegerField(
        _("most minutes of one day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text=_(
            "Of all manual entries, classes and sessions of a person on one day together. Empty: 1440, a whole day."
        ),
    )
    group_share = models.PositiveSmallIntegerField(
        _("share of group supervision that counts, in percent"),
        default=100,
        validators=[MaxValueValidator(100)],
        help_text=_("100 or empty: every minute. Whole minutes, never rounded up."),
    )
    peer_share = models.PositiveSmallIntegerField(
        _("share of peer circles that counts, in percent"), default=100, validators=[MaxValueValidator(100)]
    )
    open_share = models.PositiveSmallIntegerField(
        _("share of open classes of supervision that counts, in percent"),
        default=100,
        validators=[MaxValueValidator(100)],
    )
    together_minutes = models.PositiveIntegerField(
        _("most minutes a year of supervision together with others"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(60_000)],
        help_text=_(
            "Groups, peer circles and open classes of one person in a calendar year. Empty: no limit."
        ),
    )
    single_minutes = models.PositiveIntegerField(
        _("most minutes a year of one-to-one supervision"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(60_000)],
        help_text=_(
            "One-to-one sessions of one person in a calendar year; being supervised and supervising each by itself. "
            "Empty: no limit."
        ),
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("The document that says so, with its number.")
    )

    objects = HoursRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours rule")
        verbose_name_plural = _("hours rules")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint("organisation", "kind", "starts_on", name="hours_rule_once_per_day"),
            models.UniqueConstraint(
                "kind", "starts_on", condition=models.Q(organisation=None), name="hours_rule_once_everywhere"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes_per_hour=None) & ~models.Q(steps=[])
                | models.Q(minutes_per_hour__gte=1, minutes_per_hour__lte=240, steps=[]),
                name="hours_rule_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(lessons_again__in=Again.values, degrees_again__in=Again.values),
                name="hours_rule_again_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(day_minutes=None) | models.Q(day_minutes__gte=1, day_minutes__lte=1440),
                name="hours_rule_day_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(group_share__lte=100, peer_share__lte=100, open_share__lte=100),
                name="hours_rule_shares_possible",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(counting)s, from %(day)s") % {
            "counting": self.counting_words,
            "day": date_format(self.starts_on),
        }

    @property
    def source_here(self) -> str:
        """The source as it was written; of a rule that holds before anybody has made one, in the reader's language."""
        return str(FIRST_SOURCES.get(self.source, self.source))

    @property
    def counting(self) -> Counting:
        """How minutes count by this rule."""
        return counting_of(self.minutes_per_hour, self.steps)

    @property
    def sharing(self) -> Sharing:
        """How far supervision counts by this rule."""
        shares = (self.group_share, self.peer_share, self.open_share)
        return Sharing(*shares, self.together_minutes, self.single_minutes)

    @property
    def counting_words(self) -> str:
        """The same in the reader's language."""
        if not self.steps:
            return gettext("%(minutes)s minutes make one hour") % {"minutes": self.minutes_per_hour}
        words = gettext("from %(minutes)s minutes %(hours)s hours")
        parts = [
            words % {"minutes": step.from_minutes, "hours": plain_hours(step.hours)}
            for step in self.counting.steps
        ]
        return gettext("each entry by steps: %(steps)s") % {
            "steps": pgettext("between the parts of a list", ", ").join(parts)
        }


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
