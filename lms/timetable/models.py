"""Classes of a cohort: when, where and by whom they are held; and the addresses of calendars."""

from __future__ import annotations

import uuid
from dataclasses import fields
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from core.people.models import Person
from core.people.sealed import SealedTextField, lookup_hash
from lms.cohorts.models import Cohort
from lms.courses.versions import Titled
from lms.enrolments.states import LEARNING
from lms.timetable.policy import Draft, Slot
from lms.timetable.states import Mode


class ClassSessionQuerySet(models.QuerySet["ClassSession"]):
    def visible_to(self, user: Asker) -> ClassSessionQuerySet:
        """For the desk those of the cohorts in the user's tree; besides, the ones one teaches or is enrolled for."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("cohort__organisation", *COURSE_READERS)
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
    former_instructors = models.ManyToManyField(  # in whose calendars it stands as cancelled
        Person, blank=True, related_name="+", verbose_name=_("former instructors")
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
        indexes = [
            models.Index(fields=["cohort", "starts_at"], name="class_by_cohort"),
            models.Index(fields=["starts_at"], name="class_by_time"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def day(self) -> date:
        """The local day on which it begins."""
        return timezone.localtime(self.starts_at).date()

    @property
    def minutes(self) -> int:
        """How long it is planned to last."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def where(self) -> str:
        """The place and the room in one line; "" for a class that is only online."""
        return "" if self.mode == Mode.ONLINE else " ".join(filter(None, (self.place, self.room)))

    @property
    def draft(self) -> Draft:
        """The class as it stands, to be changed or repeated."""
        return Draft(**{field.name: getattr(self, field.name) for field in fields(Draft)})

    @property
    def slot(self) -> Slot:
        """What the policy of conflicts needs to know."""
        return self.draft.slot(self.cohort_id, self.pk)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: Asker) -> CalendarFeedQuerySet:
        """One's own; of cohorts, those one learns in and those of one's tree at the desk."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("cohort__organisation", *COURSE_READERS)
        learned = Cohort.objects.filter(enrolments__person__user=user, enrolments__state__in=LEARNING)
        return self.filter(
            (desk & models.Q(cohort__isnull=False))
            | models.Q(person__user=user)
            | models.Q(cohort__in=learned.values("pk"))
        )

    def of_token(self, token: str) -> CalendarFeed | None:
        """The feed that this secret opens."""
        rows = self.select_related("person__user", "cohort__organisation")
        return rows.filter(token_hash=lookup_hash("calendar", token)).first()


class CalendarFeed(models.Model):
    """The secret address of one calendar: a person's, or a cohort's. Whoever has the address reads the calendar.

    The secret is shown again to its owner, so it is kept sealed; it is found by its keyed hash. A new one ends the old.
    """

    person = models.OneToOneField(
        Person, models.CASCADE, null=True, blank=True, related_name="calendar_feed", verbose_name=_("person")
    )
    cohort = models.OneToOneField(
        Cohort, models.CASCADE, null=True, blank=True, related_name="calendar_feed", verbose_name=_("cohort")
    )
    token_sealed = SealedTextField()
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, cohort__isnull=True)
                | models.Q(person__isnull=True, cohort__isnull=False),
                name="feed_has_one_owner",
            )
        ]

    def __str__(self) -> str:
        return str(self.cohort or self.person)

    @property
    def token(self) -> str:
        return str(self.token_sealed)

    @token.setter
    def token(self, secret: str) -> None:
        self.token_sealed, self.token_hash = secret, lookup_hash("calendar", secret)
