"""That a circle met, when and for how long, and who took part: for the desk too, and nothing of what was said."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person
from core.people.sealed import SealedTextField
from supervision.circles.models.circles import Circle, CircleMember
from supervision.circles.policy import MAX_MINUTES, WHOLE, GatheringFacts
from supervision.circles.states import (
    LIVE,
    OPEN,
    TAKES_TIME,
    TONES,
    GatheringState,
    PartState,
)
from supervision.functions.states import function_label
from supervision.sessions.policy import equal_shares
from supervision.sessions.states import Mode
from supervision.supervisors.states import AT_SESSIONS, Form, Setting, settings_of


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def visible_to(self, user: Asker) -> GatheringQuerySet:
        """Who leads it or the circle, the members of today, whoever took part, and the desk of the circle."""
        if not user.is_authenticated:
            return self.none()
        members = CircleMember.objects.joined().filter(person__user=user).values("circle")
        parts = Participation.objects.filter(person__user=user).values("gathering")
        own = models.Q(leader__user=user) | models.Q(circle__leader__user=user)
        own |= models.Q(circle__in=members) | models.Q(pk__in=parts)
        return self.filter(scope_of(user).q("circle__organisation", *READERS) | own)

    def planned(self) -> GatheringQuerySet:
        return self.filter(state=GatheringState.PLANNED)

    def logged(self) -> GatheringQuerySet:
        return self.filter(state=GatheringState.LOGGED)

    def with_circle(self) -> GatheringQuerySet:
        return self.select_related("circle__organisation", "circle__leader__user", "leader__user")


class Gathering(models.Model):
    """One meeting of a circle. Triggers keep its minutes true, and lock it once a participant has confirmed."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # one sending, one gathering
    circle = models.ForeignKey(Circle, models.PROTECT, related_name="gatherings", verbose_name=_("circle"))
    leader = models.ForeignKey(
        Person, models.PROTECT, related_name="led_gatherings", verbose_name=pgettext_lazy("circle", "leader")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=GatheringState.choices, default=GatheringState.PLANNED
    )
    revision = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    form = models.CharField(_("form"), max_length=12, choices=Form.choices)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices, default=Mode.ACCOMPANYING)
    setting = models.CharField(
        _("setting"), max_length=12, choices=settings_of(AT_SESSIONS), default=Setting.ON_SITE
    )
    functions = models.JSONField(_("functions"), default=list, blank=True)
    shares = models.JSONField(_("percent by function"), null=True, blank=True)  # None: in equal parts
    series = models.UUIDField(null=True, blank=True, editable=False)  # those that were planned together
    subject = SealedTextField(_("subject"), blank=True)
    place = SealedTextField(_("place"), blank=True)
    link = SealedTextField(_("link"), blank=True)
    planned_at = models.DateTimeField(_("planned"), default=timezone.now)
    logged_at = models.DateTimeField(_("recorded"), null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)  # for calendars
    counted_at = models.DateTimeField(null=True, blank=True)  # the leader's own minutes count since then

    objects = GatheringQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MAX_MINUTES),
                name="gathering_length_is_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="gathering_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=GatheringState.values)
                & models.Q(form__in=[Form.GROUP, Form.PEER])
                & models.Q(mode__in=Mode.values)
                & models.Q(setting__in=AT_SESSIONS),
                name="gathering_words_are_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=GatheringState.LOGGED)
                | (models.Q(logged_at__isnull=False) & ~models.Q(functions=[])),
                name="gathering_recorded_with_a_function",
            ),
            models.CheckConstraint(
                condition=models.Q(counted_at=None) | models.Q(state=GatheringState.LOGGED),
                name="gathering_counts_when_recorded",
            ),
        ]
        indexes = [
            models.Index(fields=["circle", "state", "starts_at"], name="gathering_by_circle"),
            models.Index(fields=["starts_at", "ends_at"], name="gathering_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.circle} · {self.held_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:gathering-detail", args=[self.pk])

    @property
    def held_on(self) -> datetime.date:
        return timezone.localtime(self.starts_at).date()

    @property
    def facts(self) -> GatheringFacts:
        shares = tuple(self.shares.items()) if self.shares else None
        return GatheringFacts(
            self.starts_at, self.ends_at, self.mode, self.setting, tuple(self.functions), shares
        )

    @property
    def function_labels(self) -> list[str]:
        return [function_label(code) for code in self.functions]

    @property
    def share_labels(self) -> list[tuple[str, int]]:
        """The functions in words, each with its part of a hundred."""
        found = self.shares or equal_shares(tuple(self.functions), WHOLE)
        return [(function_label(code), percent) for code, percent in found.items()]

    @property
    def is_planned(self) -> bool:
        return self.state == GatheringState.PLANNED

    @property
    def is_logged(self) -> bool:
        return self.state == GatheringState.LOGGED

    @property
    def is_over(self) -> bool:
        """Planned, and its time has passed: it waits to be recorded."""
        return self.is_planned and self.ends_at <= timezone.now()


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: Asker) -> ParticipationQuerySet:
        """One's own, those of a gathering that one led, and the desk of the circle or of the participant's employer."""
        if not user.is_authenticated:
            return self.none()
        scope = scope_of(user)
        desk = scope.q("gathering__circle__organisation", *READERS) | scope.q("organisation", *READERS)
        return self.filter(desk | models.Q(person__user=user) | models.Q(gathering__leader__user=user))

    def live(self) -> ParticipationQuerySet:
        return self.filter(state__in=sorted(LIVE))

    def taking_time(self) -> ParticipationQuerySet:
        """Those at whose time the person can have been nowhere else, as nobody disputes it."""
        return self.filter(state__in=sorted(TAKES_TIME))

    def confirmed(self) -> ParticipationQuerySet:
        return self.filter(state=PartState.CONFIRMED)

    def to_confirm(self) -> ParticipationQuerySet:
        return self.filter(state=PartState.WAITING)


class Participation(models.Model):
    """That one person took part in a gathering, and for how many minutes. Whoever did not come has no row."""

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="parts", verbose_name=_("gathering")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="participations", verbose_name=_("participant")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )  # the person's employer on that day, or else the circle's organisation
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    state = models.CharField(_("state"), max_length=9, choices=PartState.choices, default=PartState.WAITING)
    revision = models.PositiveSmallIntegerField(default=1)  # what the participant read is what is confirmed
    asked_at = models.DateTimeField(_("asked to confirm"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ParticipationQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["person__pinyin", "pk"]
        constraints = [
            models.UniqueConstraint("gathering", "person", name="participation_once"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MAX_MINUTES)
                & models.Q(state__in=PartState.values),
                name="participation_length_is_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=PartState.CONFIRMED, confirmed_at__isnull=False, confirmed_by__isnull=False
                )
                | (models.Q(confirmed_at=None, confirmed_by=None) & ~models.Q(state=PartState.CONFIRMED)),
                name="participation_confirmed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="participation_by_person")]

    def __str__(self) -> str:
        return f"{self.gathering} · {self.person}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def tone(self) -> str:
        return TONES[PartState(self.state)]
