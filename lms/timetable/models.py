"""Classes of a cohort: when, where and by whom they are held."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.people.models import Person
from lms.cohorts.models import Cohort
from lms.courses.versions import Titled
from lms.enrolments.states import LEARNING
from lms.timetable.states import Mode


class ClassSessionQuerySet(models.QuerySet["ClassSession"]):
    def visible_to(self, user: Asker) -> ClassSessionQuerySet:
        """For the desk those of the cohorts in the user's tree; besides, the ones one teaches or is enrolled for."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("cohort__organisation", *READERS, Role.INSTRUCTOR)
        learned = Cohort.objects.filter(enrolments__person__user=user, enrolments__state__in=LEARNING)
        own = models.Q(instructor__user=user) | models.Q(cohort__in=learned.values("pk"))
        return self.filter(desk | own)

    def standing(self) -> ClassSessionQuerySet:
        """Those that take place."""
        return self.filter(cancelled_at=None)


class ClassSession(Titled, models.Model):
    """One class. It is moved or cancelled, never deleted: calendars and attendance go on pointing at it."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="classes", verbose_name=_("cohort"))
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # in calendars, for ever
    sequence = models.PositiveIntegerField(default=0, editable=False)  # one more with every change
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    mode = models.CharField(_("how"), max_length=8, choices=Mode.choices, default=Mode.ON_SITE)
    place = models.CharField(
        _("place"), max_length=120, blank=True, help_text=_("The building and its address.")
    )
    room = models.CharField(_("room"), max_length=60, blank=True)
    link = models.URLField(_("meeting link"), max_length=500, blank=True)
    instructor = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instructor")
    )
    is_required = models.BooleanField(_("counts towards attendance"), default=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason = models.CharField(_("why it is cancelled"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ClassSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="class_ends_after_start",
                violation_error_message=_("A class must end after it begins."),
            ),
            models.CheckConstraint(condition=models.Q(mode__in=Mode.values), name="class_mode_is_known"),
        ]
        indexes = [models.Index(fields=["cohort", "starts_at"], name="class_by_cohort")]

    def __str__(self) -> str:
        return self.title

    @property
    def minutes(self) -> int:
        """How long it is planned to last."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60
