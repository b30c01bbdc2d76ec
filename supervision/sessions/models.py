"""Sessions in three stores: what happened (for the desk too), what was said (the pair), working notes (the author)."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.people.models import Person
from core.people.sealed import SealedTextField
from supervision.pairings.models import Pairing, of_pair, read_from_desk
from supervision.sessions.policy import MAX_MINUTES, SessionFacts
from supervision.sessions.states import LIVE, OPEN, Function, Mode, RemarkKind, SessionState, Setting
from supervision.supervisors.states import Form


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
    setting = models.CharField(_("setting"), max_length=12, choices=Setting.choices)
    functions = models.JSONField(_("functions"), default=list)
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
                & models.Q(setting__in=Setting.values),
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
            self.starts_at, self.ends_at, self.form, self.mode, self.setting, tuple(self.functions)
        )

    @property
    def function_labels(self) -> list[str]:
        known = dict(Function.choices)
        return [str(known.get(code, code)) for code in self.functions]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class PairOnlyQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: Asker) -> models.QuerySet[models.Model]:
        """The supervisor and the mentee of the session, and nobody else: no role and no superuser."""
        return self.filter(of_pair(user, "session__pairing__")) if user.is_authenticated else self.none()


class SessionContent(models.Model):
    """What was said, sealed, for the pair. A correction is a new row: both versions stay."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="contents")
    number = models.PositiveSmallIntegerField()  # the revision of the session that it belongs to
    place = SealedTextField(_("place"), blank=True)
    topics = SealedTextField(_("topics"), blank=True)
    advice = SealedTextField(_("advice"), blank=True)
    follow_up = SealedTextField(_("follow-up"), blank=True)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = PairOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("content of a session")
        ordering = ["session", "-number"]
        constraints = [models.UniqueConstraint("session", "number", name="session_content_once")]

    def __str__(self) -> str:
        return f"{self.session_id} #{self.number}"


class SessionRemark(models.Model):
    """A sentence of one to the other about the record: an objection, an answer, a reason. Sealed, for the pair."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="remarks")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=RemarkKind.choices)
    text = SealedTextField()
    written_at = models.DateTimeField(auto_now_add=True)

    objects = PairOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark on a session")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.session_id} {self.kind}"


class WorkingNoteQuerySet(models.QuerySet["WorkingNote"]):
    def visible_to(self, user: Asker) -> WorkingNoteQuerySet:
        """Only one's own."""
        return self.filter(author__user=user) if user.is_authenticated else self.none()


class WorkingNote(models.Model):
    """A private working note on a session, sealed; its author may change or delete it at any time."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="notes")
    author = models.ForeignKey(Person, models.CASCADE, related_name="+")
    text = SealedTextField()
    written_at = models.DateTimeField(auto_now=True)

    objects = WorkingNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("working note")
        constraints = [models.UniqueConstraint("session", "author", name="working_note_once")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.author_id}"


class SessionDraftQuerySet(models.QuerySet["SessionDraft"]):
    def visible_to(self, user: Asker) -> SessionDraftQuerySet:
        """Only the supervisor who types it."""
        return self.filter(pairing__supervisor__person__user=user) if user.is_authenticated else self.none()


class SessionDraft(models.Model):
    """What a supervisor has typed and not yet handed in, as it was typed, sealed. No session yet, so in no list."""

    pairing = models.OneToOneField(Pairing, models.CASCADE, primary_key=True, related_name="draft")
    key = models.UUIDField()
    typed = SealedTextField()
    saved_at = models.DateTimeField(auto_now=True)

    objects = SessionDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a session")

    def __str__(self) -> str:
        return str(self.pairing_id)
