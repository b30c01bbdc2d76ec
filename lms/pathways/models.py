"""Pathways, and who is on them. What a joiner has to do is frozen on the day of joining."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from core.organisations.models import Organisation
from core.people.models import Person
from lms.courses.models import CoursePage
from lms.courses.versions import Titled
from lms.pathways.policy import Plan, plan_from
from lms.pathways.states import Group, PathwayState

MOST_MONTHS, MOST_DAYS = 120, 3650


class PathwayQuerySet(models.QuerySet["Pathway"]):
    def visible_to(self, user: Asker) -> PathwayQuerySet:
        """For the desk: the pathways of the organisations in the user's tree."""
        return self.filter(scope_of(user).q("organisation", *COURSE_READERS))

    def public(self) -> PathwayQuerySet:
        """What everybody may see and join."""
        return self.filter(is_public=True, closed_at=None)


class Pathway(Titled, models.Model):
    """Courses in an order. Changes are for those who join later."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="pathways", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=120, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    is_public = models.BooleanField(_("everybody may join"), default=False)
    valid_months = models.PositiveSmallIntegerField(
        _("valid for (months)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
        help_text=_("Calendar months from completion; then it is learned again. Empty: it has no end."),
    )
    at_least_a = models.PositiveSmallIntegerField(_("at least so many of group A"), default=1)
    at_least_b = models.PositiveSmallIntegerField(_("at least so many of group B"), default=1)
    at_least_c = models.PositiveSmallIntegerField(_("at least so many of group C"), default=1)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PathwayQuerySet.as_manager()

    class Meta:
        verbose_name = _("pathway")
        verbose_name_plural = _("pathways")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_months=None) | models.Q(valid_months__range=(1, MOST_MONTHS)),
                name="pathway_months_in_range",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def at_least(self) -> dict[str, int]:
        return {"a": self.at_least_a, "b": self.at_least_b, "c": self.at_least_c}


class PathwayCourse(models.Model):
    """One course of a pathway, in its place."""

    pathway = models.ForeignKey(Pathway, models.CASCADE, related_name="courses")
    course = models.ForeignKey(CoursePage, models.PROTECT, related_name="+", verbose_name=_("course"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    group = models.CharField(_("counts as"), max_length=1, blank=True, choices=Group.choices)
    days = models.PositiveSmallIntegerField(
        _("due after (days)"), null=True, blank=True, validators=[MaxValueValidator(MOST_DAYS)]
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint("pathway", "course", name="pathway_course_once"),
            models.CheckConstraint(condition=models.Q(group__in=Group.values), name="pathway_group_is_known"),
        ]

    def __str__(self) -> str:
        return str(self.course)


class PathwayEnrolmentQuerySet(models.QuerySet["PathwayEnrolment"]):
    def visible_to(self, user: Asker) -> PathwayEnrolmentQuerySet:
        """One's own, and for the desk those on the pathways of the user's tree."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("pathway__organisation", *COURSE_READERS)
        return self.filter(desk | models.Q(person__user=user))

    def running(self) -> PathwayEnrolmentQuerySet:
        return self.filter(state=PathwayState.RUNNING)


class PathwayEnrolment(models.Model):
    """One round of a person on a pathway. A new round is a new row; the former ones stay as they were."""

    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="enrolments", verbose_name=_("pathway"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="pathway_enrolments", verbose_name=_("trainee")
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    state = models.CharField(
        _("state"), max_length=9, choices=PathwayState.choices, default=PathwayState.RUNNING
    )
    joined_on = models.DateField(pgettext_lazy("pathway", "joined"), default=timezone.localdate)
    counts_from = models.DateField(null=True, blank=True)  # None: whatever was completed before counts too
    plan = models.JSONField()
    completed_on = models.DateField(_("completed"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)

    objects = PathwayEnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("pathway of a trainee")
        verbose_name_plural = _("pathways of trainees")
        ordering = ["-joined_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "person"],
                condition=models.Q(state=PathwayState.RUNNING),
                name="pathway_one_running_round",
            ),
            models.UniqueConstraint("pathway", "person", "round", name="pathway_round_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=PathwayState.values), name="pathway_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[PathwayState.COMPLETED, PathwayState.EXPIRED], completed_on__isnull=False
                )
                | models.Q(state__in=[PathwayState.RUNNING, PathwayState.LEFT], completed_on=None),
                name="pathway_completed_has_day",
            ),
        ]
        indexes = [models.Index(fields=["state", "expires_on"], name="pathway_by_end")]

    def __str__(self) -> str:
        return f"{self.person} · {self.pathway}"

    @property
    def frozen(self) -> Plan:
        """What this round asks for, as it was on the day of joining."""
        return plan_from(self.plan)
