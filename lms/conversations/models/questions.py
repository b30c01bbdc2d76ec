"""Questions to the teachers, and what was said about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from lms.cohorts.models import Cohort
from lms.conversations.models.members import as_member, at_desk
from lms.conversations.states import QuestionState


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: Asker) -> QuestionQuerySet:
        """For the desk all; for the members of the cohort their own, and those that are asked before everybody."""
        if not user.is_authenticated:
            return self.none()
        shown = models.Q(is_public=True) | models.Q(author=user)
        return self.filter(at_desk(user) | (as_member(user) & shown))

    def waiting(self) -> QuestionQuerySet:
        """Those that wait for a teacher, longest first."""
        return self.filter(state=QuestionState.WAITING).order_by("waiting_since", "pk")


class Question(models.Model):
    """One question with its replies. It waits for the teachers, then for the asker, until the asker has what is needed."""

    key = models.UUIDField(unique=True, editable=False)  # one sending, one question
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="questions", verbose_name=_("cohort"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lesson_key = models.UUIDField(null=True, blank=True, editable=False)  # through all versions of the course
    lesson_title = models.CharField(_("about the lesson"), max_length=255, blank=True)
    title = models.CharField(_("question"), max_length=120)
    body = models.TextField(_("text"), max_length=3000)
    is_public = models.BooleanField(_("the whole cohort may read it"), default=False)
    is_frequent = models.BooleanField(_("frequently asked"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=QuestionState.choices, default=QuestionState.WAITING
    )
    waiting_since = models.DateTimeField(_("waits since"), null=True, default=timezone.now)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=QuestionState.WAITING, waiting_since__isnull=False)
                | models.Q(state__in=[QuestionState.ANSWERED, QuestionState.SOLVED], waiting_since=None),
                name="question_waits_since",
            ),
            models.CheckConstraint(
                condition=models.Q(is_frequent=False) | models.Q(is_public=True),
                name="question_frequent_is_public",
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "asked_at"], name="question_by_cohort"),
            models.Index(
                fields=["cohort", "waiting_since"],
                condition=models.Q(state=QuestionState.WAITING),
                name="question_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Reply(models.Model):
    """What a teacher answered, or the asker added."""

    key = models.UUIDField(unique=True, editable=False)  # one sending, one reply
    question = models.ForeignKey(Question, models.PROTECT, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_answer = models.BooleanField(default=False)  # by a teacher
    body = models.TextField(_("text"), max_length=3000)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.question} · {self.pk}"
