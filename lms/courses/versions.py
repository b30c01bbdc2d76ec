"""Immutable course versions: what publishing a course makes, and all that learning ever reads."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CourseVersion(models.Model):
    """One published state of a course. Never changed or deleted (a trigger guards it)."""

    course = models.ForeignKey("lms.CoursePage", models.PROTECT, related_name="versions", verbose_name=_("course"))
    number = models.PositiveIntegerField(_("version"))
    code = models.SlugField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=255)
    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"))
    in_order = models.BooleanField(default=False)
    rule = models.JSONField(default=dict)
    # [{key, title, title_en, summary, items: [{key, kind: "lesson"|"quiz", title, title_en, minutes, requires: [key]}]}]
    outline = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("published"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("course version")
        verbose_name_plural = _("course versions")
        ordering = ["course", "-number"]
        constraints = [
            models.UniqueConstraint("course", "number", name="course_version_number_once"),
            models.UniqueConstraint("course", "fingerprint", name="course_version_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class LessonVersion(models.Model):
    """One lesson as it was at publication, rendered."""

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="lessons")
    key = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=255)
    title_en = models.CharField(max_length=255, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    min_seconds = models.PositiveIntegerField(default=0)
    html = models.TextField(blank=True)
    # [{key, kind, prompt, choices: [{key, text}], correct: [key], explanation}]
    checks = models.JSONField(default=list)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "key", name="lesson_version_key_once"),
            models.UniqueConstraint("version", "position", name="lesson_version_position_once"),
        ]

    def __str__(self) -> str:
        return self.title


class PaperVersion(models.Model):
    """One quiz as it was at publication, with its key."""

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="papers")
    key = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=255)
    title_en = models.CharField(max_length=255, blank=True)
    questions = models.JSONField(default=list)  # the shape of LessonVersion.checks
    pass_percent = models.PositiveSmallIntegerField(default=60)
    max_attempts = models.PositiveSmallIntegerField(default=3)  # 0: as often as one likes
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # None: no clock

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "key", name="paper_version_key_once"),
            models.UniqueConstraint("version", "position", name="paper_version_position_once"),
            models.CheckConstraint(condition=models.Q(pass_percent__lte=100), name="paper_pass_percent_possible"),
        ]

    def __str__(self) -> str:
        return self.title
