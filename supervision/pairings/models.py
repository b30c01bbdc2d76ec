"""Pairings: one supervisor and one mentee, for a goal and a time."""

from __future__ import annotations

import datetime
from collections.abc import Collection

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
from supervision.pairings.states import OPEN, PairingState
from supervision.supervisors.models import Supervisor


def of_pair(user: Asker, prefix: str = "") -> models.Q:
    """The condition "this user is the supervisor or the mentee"; `prefix` leads to the pairing, such as `pairing__`."""
    return pair_among([user.pk or 0], prefix)


def pair_among(accounts: Collection[int], prefix: str = "") -> models.Q:
    """The condition "one of these accounts is the supervisor's or the mentee's"."""
    supervisor = models.Q(**{f"{prefix}supervisor__person__user__in": accounts})
    return supervisor | models.Q(**{f"{prefix}mentee__user__in": accounts})


def read_from_desk(user: Asker, prefix: str = "") -> models.Q:
    """The condition "this user reads here as administrator or auditor": of the mentee's side or the supervisor's."""
    scope = scope_of(user)
    mentees = scope.q(f"{prefix}organisation", *READERS)
    return mentees | scope.q(f"{prefix}supervisor__organisation", *READERS)


class PairingQuerySet(models.QuerySet["Pairing"]):
    def visible_to(self, user: Asker) -> PairingQuerySet:
        """The pair itself, and administrators and auditors of either side."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(read_from_desk(user) | of_pair(user))

    def open(self) -> PairingQuerySet:
        return self.filter(state__in=OPEN)

    def with_people(self) -> PairingQuerySet:
        return self.select_related("supervisor__person", "mentee", "organisation")


class Pairing(models.Model):
    """A supervisor and a mentee. `organisation` runs it: it is the mentee's, wherever the supervisor comes from."""

    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="pairings", verbose_name=_("supervisor")
    )
    mentee = models.ForeignKey(Person, models.PROTECT, related_name="pairings", verbose_name=_("mentee"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    state = models.CharField(
        _("state"), max_length=8, choices=PairingState.choices, default=PairingState.ACTIVE
    )
    goal = models.TextField(_("goal"), blank=True, max_length=1000)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, max_length=1000)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("paired"), auto_now_add=True)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supervisor", "mentee"],
                condition=models.Q(state__in=sorted(OPEN)),
                name="pairing_once_while_open",
            ),
            models.CheckConstraint(
                condition=~models.Q(supervisor=models.F("mentee")), name="pairing_never_with_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="pairing_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(OPEN), ended_at=None)
                | (models.Q(state=PairingState.ENDED, ended_at__isnull=False) & ~models.Q(reason="")),
                name="pairing_ends_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["mentee", "state"], name="pairing_by_mentee")]

    def __str__(self) -> str:
        return f"{self.supervisor.person} · {self.mentee}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:pairing-detail", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.state == PairingState.ACTIVE

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class PauseQuerySet(models.QuerySet["Pause"]):
    def visible_to(self, user: Asker) -> PauseQuerySet:
        """The pair itself, and administrators and auditors of either side."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(read_from_desk(user, "pairing__") | of_pair(user, "pairing__"))

    def running(self) -> PauseQuerySet:
        return self.filter(ended_at=None)


class Pause(models.Model):
    """A time in which a pairing rests, for a reason that both read. `until` is its last day; without one it is resumed."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="pauses", verbose_name=_("pairing"))
    reason = models.TextField(_("reason"), max_length=1000)
    starts_on = models.DateField(_("first day"))
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)  # what was over by then came before it
    until = models.DateField(pgettext_lazy("pause", "up to"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = PauseQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = pgettext_lazy("supervision", "pause")
        verbose_name_plural = pgettext_lazy("supervision", "pauses")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing"], condition=models.Q(ended_at=None), name="pause_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("starts_on")),
                name="pause_ends_after_start",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="pause_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.pairing_id} {self.starts_on}"

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def last_day(self) -> datetime.date | None:
        """The last day of it so far; None while it runs without one."""
        ended_on = timezone.localtime(self.ended_at).date() if self.ended_at else None
        return min((day for day in (self.until, ended_on) if day is not None), default=None)

    def covers(self, starts_at: datetime.datetime, ends_at: datetime.datetime) -> bool:
        """Whether some of this time lies in it. What was over when it was begun does not; on the day on which it was
        resumed, only what began before that does; a pause that was resumed on its first day was none."""
        last = self.last_day
        if self.ended_at is not None and timezone.localtime(self.ended_at).date() <= self.starts_on:
            return False
        if ends_at <= self.begun_at:
            return False
        if last is None:
            return True
        zone = timezone.get_current_timezone()
        over = datetime.datetime.combine(last + datetime.timedelta(days=1), datetime.time(), zone)
        return starts_at < min(over, self.ended_at or over)
