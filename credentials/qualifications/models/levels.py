"""Levels of the profession: their codes stay, what they are called differs by place and year (see `terms`)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, holds
from core.access.states import READERS
from core.organisations.models import Organisation
from credentials.qualifications.policy import Terms


class LevelQuerySet(models.QuerySet["QualificationLevel"]):
    def visible_to(self, user: Asker) -> LevelQuerySet:
        """The list is one for all trees, and no secret to anybody who is signed in."""
        return self.all() if user.is_authenticated else self.none()

    def active(self) -> LevelQuerySet:
        return self.filter(is_active=True)


class QualificationLevel(models.Model):
    """One level, such as 助理社会工作师: its name differs by place and year, its code stays."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    target_hours = models.PositiveSmallIntegerField(
        _("hours in one registration period"), validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = LevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("qualification level")
        verbose_name_plural = _("qualification levels")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target_hours__gte=1, target_hours__lte=999), name="level_target_possible"
            )
        ]

    def __str__(self) -> str:
        return self.name_here

    @property
    def name_here(self) -> str:
        """The level in the reader's language."""
        english = (get_language() or "").startswith("en")
        return (english and self.name_en) or self.name


class LevelTermsQuerySet(models.QuerySet["LevelTerms"]):
    def visible_to(self, user: Asker) -> LevelTermsQuerySet:
        """What a level is called is a public rule; whoever reads the qualifications of others reads all of them."""
        return self.all() if holds(user, *READERS) else self.none()

    def for_organisation(self, path: str) -> LevelTermsQuerySet:
        """Those of this organisation and of those above it, and those for everywhere."""
        return self.filter(Organisation.said_at(path))


class LevelTerms(models.Model):
    """What a level is called from a day on at a place, which department answers for it, and how it is passed.

    Names drift and departments change: it is data with its source. Rows are only added, so that a paper of before goes
    on saying what was so then.
    """

    level = models.ForeignKey(
        QualificationLevel,
        models.PROTECT,
        related_name="terms",
        verbose_name=pgettext_lazy("qualification", "level"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("where it applies"),
        help_text=_("This organisation and all below it that have none of their own."),
    )
    starts_on = models.DateField(_("from"), help_text=_("The issue day of a certificate decides."))
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    department = models.CharField(_("competent department"), max_length=80, blank=True)
    subjects = models.TextField(
        _("subjects of the examination"), blank=True, max_length=600, help_text=_("One on each line.")
    )
    window_years = models.PositiveSmallIntegerField(
        _("all subjects within so many consecutive years"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    slip_years = models.PositiveSmallIntegerField(
        _("years for which a pass slip lasts"),
        default=0,
        validators=[MaxValueValidator(10)],
        help_text=_("Where a review follows the examination. 0: there is none."),
    )
    number_forms = models.TextField(
        _("forms of the certificate number"),
        blank=True,
        max_length=600,
        help_text=_("One on each line: # for a digit, @ for a letter, ? for any sign. Empty: any number."),
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("The document that says so, with its number.")
    )

    objects = LevelTermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("level terms")
        verbose_name_plural = _("level terms")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint("level", "organisation", "starts_on", name="level_terms_once_per_day"),
            models.UniqueConstraint(
                "level",
                "starts_on",
                condition=models.Q(organisation=None),
                name="level_terms_once_everywhere",
            ),
            models.CheckConstraint(
                condition=models.Q(window_years__gte=1, window_years__lte=10, slip_years__lte=10),
                name="level_terms_years_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.starts_on}"

    @property
    def terms(self) -> Terms:
        """The row as policies take it."""
        return Terms(
            name=self.name,
            name_en=self.name_en,
            department=self.department,
            subjects=_lines(self.subjects),
            window_years=self.window_years,
            slip_years=self.slip_years,
            number_forms=_lines(self.number_forms),
            source=self.source,
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
