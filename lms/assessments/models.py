"""Attempts at a quiz, and their answers."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from lms.assessments.states import MOST_EVENTS, AttemptState, EventKind
from lms.cohorts.models import Cohort
from lms.courses.versions import PaperVersion
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, user: Asker) -> AttemptQuerySet:
        """As the enrolment it belongs to."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def mine(self, user: Asker) -> AttemptQuerySet:
        """Only one's own: nobody sits a quiz for somebody else, whatever they may look at."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(enrolment__person__user=user, enrolment__state__in=LEARNING)


class Attempt(models.Model):
    """One sitting of one quiz by one person. The deadline is the server's."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attempts")
    paper = models.ForeignKey(PaperVersion, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    state = models.CharField(
        _("state"), max_length=10, choices=AttemptState.choices, default=AttemptState.OPEN
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    deadline_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    right = models.PositiveSmallIntegerField(null=True, blank=True)
    total = models.PositiveSmallIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2, null=True, blank=True)
    most = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True
    )  # points there were to reach
    # When the result stood first: at the end, or when the last answer was read. None with an end: somebody has to read.
    marked_at = models.DateTimeField(null=True, blank=True)
    # Of a drawn paper: the questions as this attempt asks them (the shape of PaperVersion.questions); None: the paper's.
    questions = models.JSONField(null=True)
    seed = models.CharField(max_length=32, blank=True)  # what they were drawn and shuffled by
    # Of a paper that is sat on one device at a time: which one may answer (a digest of its session).
    holder = models.CharField(max_length=64, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["enrolment", "paper", "number"]
        constraints = [
            models.UniqueConstraint("enrolment", "paper", "number", name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["enrolment", "paper"], condition=models.Q(state="open"), name="attempt_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", percent=None, passed=None, finished_at=None, marked_at=None)
                | models.Q(
                    state__in=["submitted", "expired"],
                    percent=None,
                    passed=None,
                    finished_at__isnull=False,
                    marked_at=None,
                )
                | models.Q(
                    state__in=["submitted", "expired"],
                    percent__isnull=False,
                    percent__lte=100,
                    passed__isnull=False,
                    finished_at__isnull=False,
                    marked_at__isnull=False,
                ),
                name="attempt_scored_at_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} · {self.number}"

    @property
    def waits(self) -> bool:
        """Whether it was handed in and somebody has to read an answer before there is a result."""
        return self.state != AttemptState.OPEN and self.marked_at is None


class Answer(models.Model):
    """What one person said to one question; saved at once, so that a cut network loses at most one. The shape of `chosen` is
    that of lms.questions.policy.said. `points`: what it is worth; None: not marked yet."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40)
    chosen = models.JSONField(default=list)
    correct = models.BooleanField(null=True, blank=True)  # has all its points
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    is_read = models.BooleanField(
        default=False
    )  # somebody who read it gave the points; marking anew leaves them
    is_flagged = models.BooleanField(default=False)  # to come back to
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("attempt", "question", name="answer_once_per_question")]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.question}"


class PaperWindow(models.Model):
    """When the people of one cohort may sit a quiz, whichever version of the course they have. None: at any time."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="paper_windows", verbose_name=_("cohort"))
    key = models.UUIDField()  # of the quiz
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))

    class Meta:
        verbose_name = _("time of a quiz")
        verbose_name_plural = _("times of quizzes")
        ordering = ["cohort", "opens_at"]
        constraints = [
            models.UniqueConstraint("cohort", "key", name="paper_window_once"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="paper_window_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.key}"


class AttemptEvent(models.Model):
    """Something that happened while an attempt ran, by the server's clock; never changed (a trigger guards it)."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="events")
    number = models.PositiveSmallIntegerField()  # so that no two are the same, and there is an end to them
    kind = models.CharField(max_length=10, choices=EventKind.choices)
    page = models.PositiveSmallIntegerField(null=True)  # that was opened
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("event of an attempt")
        verbose_name_plural = _("events of attempts")
        ordering = ["attempt", "number"]
        constraints = [
            models.UniqueConstraint("attempt", "number", name="attempt_event_number_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=MOST_EVENTS), name="attempt_events_end"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=EventKind.values), name="attempt_event_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind}"
