"""What the pair keeps of a session, sealed: what was said, remarks, reflections, actions, files; and working notes, which
are their author's alone."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker
from core.attachments.models import Attachment
from core.people.models import Person
from core.people.sealed import SealedTextField
from supervision.goals.models import LearningGoal
from supervision.pairings.models import Pairing, of_pair
from supervision.sessions.models.session import Session
from supervision.sessions.policy import TEXTS, Case, Written, agreed_of, cases_of
from supervision.sessions.states import RISK_TONES, RemarkKind, Risk, Who


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
    observations = SealedTextField(_("observations"), blank=True, default="")
    cases = SealedTextField(
        pgettext_lazy("session", "cases"), blank=True, default=""
    )  # [[code, risk], …] as JSON
    decision = SealedTextField(_("decision"), blank=True, default="")
    decided_by = SealedTextField(_("who decided"), blank=True, default="")
    rationale = SealedTextField(_("why it was decided so"), blank=True, default="")
    agreed = SealedTextField(_("agreed actions"), blank=True, default="")  # [[who, what, due], …] as JSON
    goals = models.ManyToManyField(LearningGoal, related_name="contents", blank=True)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = PairOnlyQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("content of a session")
        ordering = ["session", "-number"]
        constraints = [models.UniqueConstraint("session", "number", name="session_content_once")]

    def __str__(self) -> str:
        return f"{self.session_id} #{self.number}"

    @property
    def written(self) -> Written:
        """What it says, as it was handed in."""
        return Written(
            **{name: getattr(self, name) for name in TEXTS},
            cases=cases_of(self.cases),
            agreed=agreed_of(self.agreed),
            goals=tuple(sorted(goal.pk for goal in self.goals.all())),
        )

    @property
    def case_labels(self) -> list[tuple[str, str, str]]:
        """The cases by code, each with its risk in words and the tone of it."""
        return case_labels_of(self.written.cases)

    @property
    def agreed_labels(self) -> list[tuple[str, str, datetime.date | None]]:
        return [
            (str(dict(Who.choices).get(row.who, row.who)), row.what, row.due) for row in self.written.agreed
        ]


def case_labels_of(cases: Iterable[Case]) -> list[tuple[str, str, str]]:
    """Cases by code, each with its risk in words and the tone of it."""
    return [
        (case.code, str(Risk(case.risk).label), RISK_TONES[Risk(case.risk)])
        for case in cases
        if case.risk in Risk.values
    ]


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


class Draft(models.Model):
    """What somebody has typed and not yet handed in, as it was typed, sealed. No record yet, so in no list."""

    key = models.UUIDField()
    typed = SealedTextField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by field."""
        found: dict[str, Any] = json.loads(self.typed)
        return found


class SessionDraft(Draft):
    """What a supervisor has typed of a session."""

    pairing = models.OneToOneField(Pairing, models.CASCADE, primary_key=True, related_name="draft")

    objects = SessionDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a session")

    def __str__(self) -> str:
        return str(self.pairing_id)


class SessionReflectionQuerySet(models.QuerySet["SessionReflection"]):
    def visible_to(self, user: Asker) -> SessionReflectionQuerySet:
        """The pair, and nobody else."""
        return self.filter(of_pair(user, "session__pairing__")) if user.is_authenticated else self.none()


class SessionReflection(models.Model):
    """What the mentee makes of a session: sealed, for the pair; thinking goes on, so it can be written anew."""

    session = models.OneToOneField(Session, models.PROTECT, primary_key=True, related_name="reflection")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = SealedTextField()
    written_at = models.DateTimeField(auto_now=True)

    objects = SessionReflectionQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("reflection on a session")

    def __str__(self) -> str:
        return str(self.session_id)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: Asker) -> FollowUpQuerySet:
        """The pair, and nobody else."""
        return self.filter(of_pair(user, "session__pairing__")) if user.is_authenticated else self.none()

    def open(self) -> FollowUpQuerySet:
        return self.filter(closed_at=None)


class AgreedAction(models.Model):
    """One action that was agreed on, until it is done or the record says no more of it. Sealed but for its day."""

    what = SealedTextField()
    due_on = models.DateField(null=True, blank=True)
    is_done = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    @property
    def is_overdue(self) -> bool:
        return bool(self.closed_at is None and self.due_on and self.due_on < timezone.localdate())


class FollowUp(AgreedAction):
    """One action that the pair agreed on."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="follow_ups")
    who = models.CharField(max_length=10, choices=Who.choices)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreed action")
        verbose_name_plural = _("agreed actions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_done=False) | models.Q(closed_at__isnull=False),
                name="follow_up_done_is_closed",
            ),
            models.CheckConstraint(condition=models.Q(who__in=Who.values), name="follow_up_is_somebodys"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.who}"


class SessionFileQuerySet(models.QuerySet["SessionFile"]):
    def visible_to(self, user: Asker) -> SessionFileQuerySet:
        """The pair, and nobody else."""
        return self.filter(of_pair(user, "session__pairing__")) if user.is_authenticated else self.none()


class SessionFile(models.Model):
    """A file that one of the two has put to a session. Only the pair opens it, and that it was opened is audited."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="files")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = SessionFileQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("file of a session")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("session", "file", name="session_file_once")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.pk}"
