"""Trainees who read one another's work. Who reads whose stands here, and nowhere that a trainee can reach."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from lms.assignments.models.submissions import Submission
from lms.assignments.states import ReviewState
from lms.cohorts.models import Cohort
from lms.courses.versions import AssignmentVersion
from lms.enrolments.models import Enrolment


class PeerRound(models.Model):
    """That the work of one assignment was shared out in a cohort. `key` is the assignment's through all versions."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="peer_rounds")
    assignment = models.ForeignKey(AssignmentVersion, models.PROTECT, related_name="+")
    key = models.UUIDField(editable=False)
    seed = models.BigIntegerField(editable=False)  # what the pairs were drawn with: they can be drawn again
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    due_at = models.DateTimeField(_("reviews due"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # None: by itself, after the due day

    class Meta:
        verbose_name = _("round of peer reviews")
        verbose_name_plural = _("rounds of peer reviews")
        constraints = [
            models.UniqueConstraint("cohort", "key", name="peer_round_once"),
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("opened_at")), name="peer_round_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.cohort}"

    @property
    def is_over(self) -> bool:
        return timezone.now() >= self.due_at


class PeerReviewQuerySet(models.QuerySet["PeerReview"]):
    def visible_to(self, user: Asker) -> PeerReviewQuerySet:
        """What one is to write oneself; for the desk those within the user's tree. Never the reviews of one's own work:
        these are shown without their writers (`queries.received_of`)."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("reviewer__cohort__organisation", *COURSE_READERS)
        return self.filter(desk | models.Q(reviewer__person__user=user))


class PeerReview(models.Model):
    """One reading of one work by one other trainee. Nobody reads their own, and what was sent is never changed (triggers
    guard both). `uid` is its address: drawn at random, so that no number leads from one to the next."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(PeerRound, models.PROTECT, related_name="reviews")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="peer_reviews")
    reviewer = models.ForeignKey(Enrolment, models.PROTECT, related_name="peer_reviews")
    place = models.PositiveSmallIntegerField()  # the work is A, B, C to its reviewer
    state = models.CharField(_("state"), max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN)
    # By the key of a criterion: its title, the level with its key, title and points, the most it can give, a comment.
    picks = models.JSONField(default=dict, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    comment = models.TextField(pgettext_lazy("assignment", "comment"), blank=True, max_length=3000)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    done_at = models.DateTimeField(pgettext_lazy("peer review", "sent"), null=True, blank=True)

    objects = PeerReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("peer review")
        verbose_name_plural = _("peer reviews")
        ordering = ["round", "reviewer", "place"]
        constraints = [
            models.UniqueConstraint("submission", "reviewer", name="peer_review_once"),
            models.UniqueConstraint("round", "reviewer", "place", name="peer_review_place_once"),
            models.CheckConstraint(
                condition=models.Q(state=ReviewState.OPEN, done_at=None)
                | models.Q(state=ReviewState.DONE, done_at__isnull=False, score__isnull=False),
                name="peer_review_done_has_score",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} · {self.letter}"

    @property
    def letter(self) -> str:
        """What the work is called before its reviewer."""
        return chr(ord("A") + self.place - 1)

    @property
    def is_done(self) -> bool:
        return self.state == ReviewState.DONE
