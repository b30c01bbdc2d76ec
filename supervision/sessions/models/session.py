"""That a session took place, how long, and of which kind: for the desk too, and nothing of what was said."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from supervision.functions.states import function_label
from supervision.pairings.models import Pairing, of_pair, read_from_desk
from supervision.sessions.policy import MAX_MINUTES, SessionFacts, equal_shares
from supervision.sessions.states import LIVE, OPEN, Mode, SessionState
from supervision.supervisors.states import AT_SESSIONS, Form, settings_of


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Asker) -> SessionQuerySet:
        """The pair, and administrators and auditors of either side. The rows say nothing of what was said."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(read_from_desk(user, "pairing__") | of_pair(user, "pairing__"))

    def live(self) -> SessionQuerySet:
        return self.filter(state__in=LIVE)

    def confirmed(self) -> SessionQuerySet:
        return self.filter(state=SessionState.CONFIRMED)

    def to_confirm(self) -> SessionQuerySet:
        return self.filter(state=SessionState.LOGGED)

    def with_people(self) -> SessionQuerySet:
        return self.select_related("pairing__supervisor__person", "pairing__mentee", "pairing__organisation")


class Session(models.Model):
    """One session: that it took place, how long, and of which kind. Triggers keep its minutes true, and lock it
    for good once it is confirmed."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # one sending, one session
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="sessions", verbose_name=_("pairing"))
    state = models.CharField(
        _("state"), max_length=10, choices=SessionState.choices, default=SessionState.LOGGED
    )
    revision = models.PositiveSmallIntegerField(default=1)  # what the mentee read is what the mentee confirms
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    form = models.CharField(_("form"), max_length=12, choices=Form.choices)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices)
    setting = models.CharField(_("setting"), max_length=12, choices=settings_of(AT_SESSIONS))
    functions = models.JSONField(_("functions"), default=list)
    shares = models.JSONField(_("minutes by function"), null=True, blank=True)  # None: in equal parts
    logged_at = models.DateTimeField(_("recorded"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MAX_MINUTES),
                name="session_length_is_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_start"
            ),
            models.CheckConstraint(condition=~models.Q(functions=[]), name="session_has_a_function"),
            models.CheckConstraint(
                condition=models.Q(state__in=SessionState.values)
                & models.Q(form__in=Form.values)
                & models.Q(mode__in=Mode.values)
                & models.Q(setting__in=AT_SESSIONS),
                name="session_words_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=SessionState.CONFIRMED, confirmed_at__isnull=False, confirmed_by__isnull=False
                )
                | (models.Q(confirmed_at=None, confirmed_by=None) & ~models.Q(state=SessionState.CONFIRMED)),
                name="session_confirmed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "state", "starts_at"], name="session_by_pairing"),
            models.Index(fields=["starts_at", "ends_at"], name="session_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.pairing} · {self.held_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:session-detail", args=[self.pk])

    @property
    def held_on(self) -> datetime.date:
        return timezone.localtime(self.starts_at).date()

    @property
    def facts(self) -> SessionFacts:
        return SessionFacts(
            self.starts_at,
            self.ends_at,
            self.form,
            self.mode,
            self.setting,
            tuple(self.functions),
            tuple(self.shares.items()) if self.shares else None,
        )

    @property
    def function_labels(self) -> list[str]:
        return [function_label(code) for code in self.functions]

    @property
    def share_labels(self) -> list[tuple[str, int]]:
        """The functions in words, each with its minutes; together they are those of the session."""
        found = self.shares or equal_shares(tuple(self.functions), self.minutes)
        return [(function_label(code), found[code]) for code in self.functions if code in found]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
