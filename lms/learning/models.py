"""How far a person is in each lesson. The server's clock decides."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.access.scope import Asker
from lms.courses.versions import LessonVersion
from lms.enrolments.models import Enrolment


class LessonProgressQuerySet(models.QuerySet["LessonProgress"]):
    def visible_to(self, user: Asker) -> LessonProgressQuerySet:
        """As the enrolment it belongs to."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class LessonProgress(models.Model):
    """One person in one lesson: opened, check questions answered, completed."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(LessonVersion, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(default=dict, blank=True)  # check key → {chosen: [key], correct: bool}

    objects = LessonProgressQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("enrolment", "lesson", name="lesson_progress_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.lesson_id}"
