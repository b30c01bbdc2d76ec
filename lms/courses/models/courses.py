"""The list of all courses, and a course: what it is about, whom it is for, and what completes it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.models import Page

from core.blocks.addresses import AddressedPageForm
from core.people.models import ServiceField
from lms.courses.models.assignments import AssignmentPage
from lms.courses.models.pages import WrittenPage
from lms.courses.models.quizzes import QuizPage
from lms.courses.versions import (
    CourseVersion,
)


class CourseIndexPage(WrittenPage):
    """The list of all courses; the one place where courses are written."""

    open_to_writers = True
    template = "lms/courses/course_index.html"
    subpage_types = ["lms.CoursePage"]
    show_in_menus_default = True  # what can be learned here is found from every page
    max_count = 1
    content_panels = WrittenPage.titles

    class Meta:
        verbose_name = _("list of courses")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["courses"] = CoursePage.objects.child_of(self).live().public()
        return context


class CoursePageForm(AddressedPageForm):
    """Of the application plans only those that the editor may read are offered, and the one that is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.fields.get("plan")
        if plan is not None:
            plans: Any = plan.queryset  # of lms/admissions, which stands above courses
            plan.queryset = plans.visible_to(self.for_user).filter(is_active=True) | plans.filter(
                pk=self.instance.plan_id
            )
            plan.empty_label = _("None: plain applications, decided by the organiser")


class CoursePage(WrittenPage):
    """A course: what it is for and the modules below it. Publishing it makes a course version."""

    code = models.SlugField(
        _("code"),
        max_length=60,
        unique=True,
        help_text=_("On certificates and in lists; do not change it later."),
    )
    summary = models.TextField(_("summary"), max_length=300, blank=True)
    summary_en = models.TextField(_("English summary"), max_length=500, blank=True)
    aims = models.TextField(_("aims"), blank=True, help_text=_("What one can do afterwards. One aim a line."))
    audience = models.TextField(_("for whom"), blank=True)
    pass_note = models.TextField(_("how to pass"), blank=True)
    field = models.ForeignKey(
        ServiceField, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service field")
    )
    in_order = models.BooleanField(
        _("lessons in order"),
        default=True,
        help_text=_("The next lesson opens when the one before is finished."),
    )
    require_lessons = models.BooleanField(_("all lessons must be finished"), default=True)
    require_quizzes = models.BooleanField(_("all quizzes must be passed"), default=True)
    min_minutes = models.PositiveIntegerField(
        _("minutes learned at least"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60_000)],
        help_text=_("The planned minutes of the lessons finished, and the time spent in classes."),
    )
    min_attended_minutes = models.PositiveIntegerField(
        _("of these in classes at least"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60_000)],
        help_text=_("Minutes in classes, as the attendance says."),
    )
    attendance_percent = models.PositiveSmallIntegerField(
        _("classes attended at least (per cent)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of all classes of the cohort that count towards attendance, also those still to come."),
    )
    quiz_average = models.PositiveSmallIntegerField(
        _("average of the quizzes at least (per cent)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("The mean of the best scores; a quiz that was not sat counts as 0."),
    )
    require_assignments = models.BooleanField(
        _("all assignments must be passed"),
        default=False,
        help_text=_("Those of the course; a teacher marks each. They are optional otherwise."),
    )
    require_surveys = models.BooleanField(
        _("the survey must be answered"),
        default=False,
        help_text=_("The survey that the cohort is asked. What was answered does not matter."),
    )
    certificate_years = models.PositiveSmallIntegerField(
        _("the certificate is valid for (years)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Calendar years from the day of issue. Leave it empty for a certificate without an end."),
    )

    daily_minutes = models.PositiveSmallIntegerField(
        _("minutes of videos that count on one day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text=_("By the server’s clock, until midnight. Leave it empty for no limit."),
    )

    plan = models.ForeignKey(
        "lms.AdmissionPlan",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("application plan"),
        help_text=_(
            "What new cohorts of this course ask of applicants, and who decides, unless another plan is chosen for them."
        ),
    )

    template = "lms/courses/course.html"
    parent_page_types = ["lms.CourseIndexPage"]
    subpage_types = ["lms.ModulePage", "lms.QuizPage", "lms.AssignmentPage"]
    search_fields = [
        *WrittenPage.search_fields,
        *(index.SearchField(name) for name in ("summary", "summary_en", "aims", "audience", "code")),
        index.FilterField("code"),
    ]
    content_panels = [
        HelpPanel(template="lms/courses/admin/versions_panel.html", heading=_("Versions")),
        *WrittenPage.titles,
        FieldRowPanel([FieldPanel("code"), FieldPanel("field")]),
        FieldPanel("summary"),
        FieldPanel("summary_en"),
        FieldPanel("aims"),
        FieldPanel("audience"),
        MultiFieldPanel(
            [
                FieldPanel("in_order"),
                FieldPanel("require_lessons"),
                FieldPanel("require_quizzes"),
                FieldRowPanel([FieldPanel("quiz_average"), FieldPanel("attendance_percent")]),
                FieldRowPanel([FieldPanel("min_minutes"), FieldPanel("min_attended_minutes")]),
                FieldPanel("require_assignments"),
                FieldPanel("require_surveys"),
                FieldPanel("pass_note"),
                FieldRowPanel([FieldPanel("certificate_years"), FieldPanel("daily_minutes")]),
            ],
            heading=_("Order and completion"),
        ),
        FieldPanel("plan"),
    ]
    base_form_class = CoursePageForm

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    @property
    def summary_here(self) -> str:
        return self.summary_en if self.summary_en and self.title_here == self.title_en else self.summary

    @property
    def aim_list(self) -> list[str]:
        return [line.strip() for line in self.aims.splitlines() if line.strip()]

    @property
    def rule(self) -> dict[str, Any]:
        """The completion rule as versions keep it: what is not asked for is not named."""
        more = {
            "minutes": self.min_minutes,
            "attended_minutes": self.min_attended_minutes,
            "attendance_percent": self.attendance_percent,
            "quiz_average": self.quiz_average,
            "assignments": self.require_assignments,
            "surveys": self.require_surveys,
        }
        asked = {name: value for name, value in more.items() if value}
        return {"lessons": self.require_lessons, "quizzes": self.require_quizzes, **asked}

    @property
    def latest_version(self) -> CourseVersion | None:
        return self.versions.order_by("-number").first()

    def clean(self) -> None:
        super().clean()
        faults: dict[str, Any] = {}
        if not any(self.rule.values()):
            faults["require_lessons"] = _("Please choose at least one condition of completion.")
        if self.min_minutes and (self.min_attended_minutes or 0) > self.min_minutes:
            faults["min_attended_minutes"] = _(
                "Time in classes is part of the minutes learned, so this cannot be more than those."
            )
        if self.require_assignments and self._has_no(AssignmentPage):
            faults["require_assignments"] = _(
                "This course has no assignment. Write one first, or do not ask for it."
            )
        if self.quiz_average and self._has_no(QuizPage):
            faults["quiz_average"] = _("This course has no quiz. Write one first, or leave this empty.")
        if faults:
            raise ValidationError(faults)

    def _has_no(self, kind: type[Page]) -> bool:
        """Whether there are lessons already and none of this kind; of a course just begun nothing is known yet."""
        if not self.path or not self.numchild:
            return False
        return not kind.objects.descendant_of(self).exists()

    def copy(self, *args: Any, update_attrs: dict[str, Any] | None = None, **kwargs: Any) -> Page:
        """Wagtail's copy, under a code of its own."""
        stem, number = self.code[:50], 2
        while CoursePage.objects.filter(code=f"{stem}-{number}").exists():
            number += 1
        return super().copy(
            *args, update_attrs={"code": f"{stem}-{number}", **(update_attrs or {})}, **kwargs
        )
