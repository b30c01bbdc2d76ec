"""What is handed in for assignments: every attempt is kept as it was."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from core.attachments.models import Attachment
from lms.assignments.policy import MOST_FILES
from lms.assignments.states import MARKED, SEEN_BY_TRAINEE, SubmissionState
from lms.courses.versions import AssignmentVersion
from lms.enrolments.models import Enrolment

MAX_TEXT = 20_000


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: Asker) -> SubmissionQuerySet:
        """One's own; for the desk what was handed in within the user's tree. A draft is its author's alone."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("enrolment__cohort__organisation", *COURSE_READERS)
        handed_in = ~models.Q(state=SubmissionState.DRAFT)
        return self.filter((desk & handed_in) | models.Q(enrolment__person__user=user))

    def waiting(self) -> SubmissionQuerySet:
        """What lies with the teachers, in the order in which it came."""
        return self.filter(state=SubmissionState.SUBMITTED).order_by("submitted_at", "pk")


class Submission(models.Model):
    """One attempt at one assignment. `key` is the assignment's through all versions of the course."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="submissions")
    assignment = models.ForeignKey(AssignmentVersion, models.PROTECT, related_name="submissions")
    key = models.UUIDField(editable=False)
    number = models.PositiveSmallIntegerField(_("attempt"))
    state = models.CharField(
        _("state"), max_length=10, choices=SubmissionState.choices, default=SubmissionState.DRAFT
    )
    text = models.TextField(_("text"), blank=True, max_length=MAX_TEXT)
    saved_at = models.DateTimeField(_("saved"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    is_late = models.BooleanField(_("late"), default=False)
    days_late = models.PositiveIntegerField(
        default=0
    )  # for the late rule: of the first attempt, for all of them
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)  # what lateness took is off
    deducted = models.PositiveSmallIntegerField(_("taken for being late"), default=0)
    comment = models.TextField(pgettext_lazy("assignment", "comment"), blank=True, max_length=3000)
    marked_at = models.DateTimeField(_("marked"), null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("marked by"),
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["enrolment", "key", "number"]
        constraints = [
            models.UniqueConstraint("enrolment", "key", "number", name="submission_number_once"),
            models.UniqueConstraint(
                fields=["enrolment", "key"],
                condition=models.Q(state__in=[SubmissionState.DRAFT, SubmissionState.SUBMITTED]),
                name="submission_one_open",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "key"],
                condition=models.Q(state=SubmissionState.PASSED),
                name="submission_passed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=SubmissionState.DRAFT, submitted_at=None, marked_at=None, marked_by=None
                )
                | models.Q(
                    state=SubmissionState.SUBMITTED,
                    submitted_at__isnull=False,
                    marked_at=None,
                    marked_by=None,
                )
                | models.Q(
                    state__in=[SubmissionState.RETURNED, SubmissionState.PASSED, SubmissionState.FAILED],
                    submitted_at__isnull=False,
                    marked_at__isnull=False,
                    marked_by__isnull=False,
                ),
                name="submission_marked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=SubmissionState.PASSED) | models.Q(score__isnull=False),
                name="submission_passed_has_score",
            ),
            models.CheckConstraint(
                condition=models.Q(deducted=0) | models.Q(days_late__gt=0, score__isnull=False),
                name="submission_deducted_when_late",
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at"],
                condition=models.Q(state=SubmissionState.SUBMITTED),
                name="submission_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.number}"

    @property
    def is_marked(self) -> bool:
        return self.state in MARKED

    @property
    def kept_files(self) -> list[SubmissionFile]:
        """Its files in their order. No query where they were prefetched with their attachments."""
        return list(self.files.all())

    @property
    def before_deduction(self) -> int | None:
        """What the teacher gave, before lateness took its part."""
        return None if self.score is None else self.score + self.deducted

    @property
    def why(self) -> list[CriterionMark]:
        """By criterion, the levels of the mark that stands. No query where `marks__criteria` was prefetched."""
        marks = list(self.marks.all())
        return list(marks[-1].criteria.all()) if marks else []

    @property
    def corrections(self) -> list[GivenMark]:
        """The marks that were given in place of an earlier one, each with its reason; the last stands."""
        return [mark for mark in self.marks.all() if mark.reason]

    @property
    def state_for_trainee(self) -> str:
        return str(SEEN_BY_TRAINEE[SubmissionState(self.state)])


class SubmissionFile(models.Model):
    """One file of a submission. Once that is handed in, none is added or changed (a trigger guards it)."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("file of a submission")
        verbose_name_plural = _("files of submissions")
        ordering = ["submission", "position"]
        constraints = [
            models.UniqueConstraint("submission", "position", name="submission_file_place_once"),
            models.UniqueConstraint("attachment", name="submission_file_kept_once"),
            models.CheckConstraint(
                condition=models.Q(position__gte=1, position__lte=MOST_FILES), name="submission_files_at_most"
            ),
        ]

    def __str__(self) -> str:
        return self.attachment.name


class GivenMark(models.Model):
    """One mark as it was given. Never changed or deleted (a trigger guards it).

    A correction is another row, with its reason; the submission shows the last.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="marks")
    state = models.CharField(_("state"), max_length=10, choices=SubmissionState.choices)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    comment = models.TextField(pgettext_lazy("assignment", "comment"), blank=True, max_length=3000)
    deducted = models.PositiveSmallIntegerField(_("taken for being late"), default=0)
    reason = models.CharField(_("reason"), blank=True, max_length=300)  # only of a correction
    marked_at = models.DateTimeField(_("marked"))
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("marked by")
    )

    class Meta:
        verbose_name = pgettext_lazy("assignment", "mark")
        verbose_name_plural = pgettext_lazy("assignment", "marks")
        ordering = ["submission", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[SubmissionState.RETURNED, SubmissionState.PASSED, SubmissionState.FAILED]
                ),
                name="given_mark_state_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.get_state_display()}"


class CriterionMark(models.Model):
    """What one mark gave for one criterion of the rubric, in the words of that day. Never changed or deleted (a trigger
    guards it)."""

    mark = models.ForeignKey(GivenMark, models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=36)
    title = models.CharField(max_length=80)
    level_key = models.CharField(max_length=36)
    level = models.CharField(max_length=30)
    points = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    comment = models.CharField(blank=True, max_length=500)

    class Meta:
        verbose_name = _("mark for a criterion")
        verbose_name_plural = _("marks for criteria")
        ordering = ["mark", "position"]
        constraints = [
            models.UniqueConstraint("mark", "key", name="criterion_marked_once"),
            models.CheckConstraint(
                condition=models.Q(points__lte=models.F("most")), name="criterion_mark_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.points} / {self.most}"


class ExtraAttempt(models.Model):
    """That somebody may hand in once more than the course allows. Never changed or deleted (a trigger guards it)."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="extra_attempts")
    key = models.UUIDField(editable=False)  # the assignment's, through all versions of the course
    number = models.PositiveSmallIntegerField(_("attempt"))
    reason = models.CharField(_("reason"), max_length=300)
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("assignment", "extra attempt")
        verbose_name_plural = pgettext_lazy("assignment", "extra attempts")
        ordering = ["enrolment", "key", "number"]
        constraints = [models.UniqueConstraint("enrolment", "key", "number", name="extra_attempt_once")]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.number}"
