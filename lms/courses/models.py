"""Courses as editors write them: pages for the course, its modules, lessons and quizzes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from lms.courses.versions import CourseVersion, LessonVersion, PaperVersion


class CoursePage(Page):
    """A course: what it is for and the modules below it. Publishing it makes a course version."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    summary = models.TextField(_("summary"), max_length=300, blank=True)
    summary_en = models.TextField(_("English summary"), max_length=500, blank=True)
    in_order = models.BooleanField(_("lessons in order"), default=True)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")


class ModulePage(Page):
    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    summary = models.TextField(_("summary"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("module")


class LessonPage(Page):
    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=45)

    class Meta:
        verbose_name = _("lesson")


class QuizPage(Page):
    title_en = models.CharField(_("English title"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("quiz")


__all__ = ["CoursePage", "CourseVersion", "LessonPage", "LessonVersion", "ModulePage", "PaperVersion", "QuizPage"]
