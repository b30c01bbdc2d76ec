"""How minutes become hours: the kinds of hours, and the dated rules of a place."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, holds
from core.access.states import READERS
from core.organisations.models import Organisation
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
        return self.filter(Organisation.said_at(path))


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
