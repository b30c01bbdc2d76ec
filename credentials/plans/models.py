"""The three-level talent plan 三级培养计划: what a tier wants to reach in a year, and what it was given from above."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from credentials.plans.policy import key_of
from credentials.plans.states import PlanState, TargetKind
from credentials.posts.models import Sector
from credentials.posts.states import Route
from credentials.qualifications.models import QualificationLevel

FIRST_YEAR, LAST_YEAR = 2010, 2100
MOST = 1_000_000


class PlanQuerySet(models.QuerySet["TalentPlan"]):
    def visible_to(self, user: Asker) -> PlanQuerySet:
        """For administrators and auditors, those of the organisations in their tree."""
        return self.filter(scope_of(user).q("organisation", *READERS))


class TalentPlan(models.Model):
    """The plan of one organisation for one calendar year. `parent` is the plan from which its targets were passed on."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="talent_plans", verbose_name=_("organisation")
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    title = models.CharField(_("title"), max_length=80)
    note = models.TextField(pgettext_lazy("talent plan", "note"), max_length=1000, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    state = models.CharField(_("state"), max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("talent plan", "closed"), null=True, blank=True)
    figures = models.JSONField(default=dict)  # at closing: what each target had reached, by its number

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("talent plan")
        verbose_name_plural = _("talent plans")
        ordering = ["-year", "organisation__path"]
        constraints = [
            models.UniqueConstraint("organisation", "year", name="talent_plan_once_a_year"),
            models.CheckConstraint(
                condition=Q(state__in=PlanState.values), name="talent_plan_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="talent_plan_year_possible"
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.CLOSED, closed_at__isnull=False)
                | (~Q(state=PlanState.CLOSED) & Q(closed_at=None)),
                name="talent_plan_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.year}"

    @property
    def is_closed(self) -> bool:
        return self.state == PlanState.CLOSED


class PlanTarget(models.Model):
    """One target: so many people of one kind. With a `parent` it was passed on from above, and is changed there only."""

    plan = models.ForeignKey(
        TalentPlan, models.PROTECT, related_name="targets", verbose_name=_("talent plan")
    )
    kind = models.CharField(
        pgettext_lazy("talent plan", "what counts"), max_length=10, choices=TargetKind.choices
    )
    course = models.ForeignKey(
        "lms.CoursePage", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("course")
    )
    level = models.ForeignKey(
        QualificationLevel, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("qualification level"),
    )  # fmt: skip
    route = models.CharField(_("route"), max_length=10, choices=Route.choices, blank=True)
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector")
    )
    number = models.PositiveIntegerField(
        pgettext_lazy("talent plan", "target"), validators=[MaxValueValidator(MOST)]
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="shares")
    key = models.CharField(max_length=80, editable=False)

    class Meta:
        verbose_name = _("target of a plan")
        verbose_name_plural = _("targets of a plan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("plan", "key", name="plan_target_counts_once"),
            models.UniqueConstraint(
                "plan", "parent", condition=Q(parent__isnull=False), name="plan_target_shared_once"
            ),
            models.CheckConstraint(condition=Q(number__lte=MOST), name="plan_target_possible"),
            models.CheckConstraint(
                condition=Q(kind=TargetKind.TRAINED, sector=None)
                | Q(kind=TargetKind.QUALIFIED, sector=None, course=None, route="")
                | Q(kind=TargetKind.POSTED, course=None, level=None, route=""),
                name="plan_target_narrowed_as_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: object, **kwargs: object) -> None:
        self.key = self.counted_key
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def is_narrowed(self) -> bool:
        """Whether it counts some of its kind only: those of a course, a level, a route or a sector."""
        return bool(self.course_id or self.level_id or self.route or self.sector_id)

    @property
    def counted_key(self) -> str:
        """What it counts, as one text."""
        return key_of(self.kind, self.course_id, self.level_id, self.route, self.sector_id)

    @property
    def label(self) -> str:
        """What it counts, in the reader's language: “People trained: Spark Plan, recruited”."""
        parts = [str(self.course.title) if self.course else "", self.level.name_here if self.level else ""]
        parts += [
            str(self.get_route_display()) if self.route else "",
            self.sector.name_here if self.sector else "",
        ]
        narrowed = pgettext("between the parts of a list", ", ").join(part for part in parts if part)
        kind = str(self.get_kind_display())
        return gettext("%(kind)s: %(what)s") % {"kind": kind, "what": narrowed} if narrowed else kind
