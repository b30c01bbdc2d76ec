"""Immutable course versions: what publishing a course makes, and all that learning ever reads."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Titled:
    """A thing with a title in two languages."""

    title: str
    title_en: str

    @property
    def title_here(self) -> str:
        """The title in the language of the reader; the Chinese one where there is no English."""
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title


class CourseVersion(Titled, models.Model):
    """One published state of a course. Never changed or deleted (a trigger guards it)."""

    course = models.ForeignKey(
        "lms.CoursePage", models.PROTECT, related_name="versions", verbose_name=_("course")
    )
    number = models.PositiveIntegerField(_("version"))
    code = models.SlugField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=255)
    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"))
    in_order = models.BooleanField(default=False)
    certificate_years = models.PositiveSmallIntegerField(null=True)
    rule = models.JSONField(default=dict)  # {"lessons": all are needed?, "quizzes": all must be passed?}
    # [{key, title, title_en, summary, items: [{key, kind: "lesson"|"quiz", title, title_en, minutes, requires: [key]}]}]
    # A quiz that closes the course stands in a last section without a title.
    outline = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("published"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

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


class LessonVersion(Titled, models.Model):
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

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "key", name="lesson_version_key_once"),
            models.UniqueConstraint("version", "position", name="lesson_version_position_once"),
        ]

    def __str__(self) -> str:
        return self.title


class LessonMedia(models.Model):
    """A file or picture that a published lesson shows: nobody may delete it, and only the enrolled may read it."""

    lesson = models.ForeignKey(LessonVersion, models.CASCADE, related_name="media")
    document = models.ForeignKey("wagtaildocs.Document", models.PROTECT, null=True, related_name="+")
    image = models.ForeignKey("wagtailimages.Image", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("file of a published lesson")
        constraints = [
            models.UniqueConstraint("lesson", "document", name="lesson_document_once"),
            models.UniqueConstraint("lesson", "image", name="lesson_image_once"),
        ]

    def __str__(self) -> str:
        return str(self.lesson)


class PaperVersion(Titled, models.Model):
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

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "key", name="paper_version_key_once"),
            models.UniqueConstraint("version", "position", name="paper_version_position_once"),
            models.CheckConstraint(
                condition=models.Q(pass_percent__lte=100), name="paper_pass_percent_possible"
            ),
        ]

    def __str__(self) -> str:
        return self.title
