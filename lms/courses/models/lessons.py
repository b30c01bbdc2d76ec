"""A module and the lessons in it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.blocks import PageChooserBlock
from wagtail.fields import StreamField

from core.blocks.addresses import AddressedPageForm
from core.blocks.bodies import CHECK, FRAME, TALK, VIDEO, LessonBody
from core.blocks.outside import frame_facts
from core.blocks.questions import question_facts
from core.blocks.talks import talk_facts
from core.blocks.videos import video_facts
from lms.courses.models.pages import ForTheEnrolled, media_of, rendered
from lms.courses.models.previews import lesson_parts


class ModulePage(ForTheEnrolled):
    """A module: some lessons and perhaps a quiz."""

    summary = models.TextField(_("summary"), max_length=300, blank=True)

    parent_page_types = ["lms.CoursePage"]
    subpage_types = ["lms.LessonPage", "lms.QuizPage", "lms.AssignmentPage"]
    content_panels = [*ForTheEnrolled.titles, FieldPanel("summary")]
    preview_modes: list[tuple[str, str]] = []

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPageForm(AddressedPageForm):
    """Of the packages only those that the editor may read are offered, and the one that is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        package = self.fields.get("package")
        if package is not None:
            rows: Any = package.queryset  # of lms/packages, which stands above courses
            package.queryset = (
                rows.visible_to(self.for_user) | rows.filter(pk=self.instance.package_id)
            ).distinct()
            package.empty_label = _("None: text and media only")


class LessonPage(ForTheEnrolled):
    """A lesson. Trainees see it as it was when the course was last published."""

    summary = models.TextField(_("summary"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=45, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    min_seconds = models.PositiveIntegerField(
        _("shortest stay in seconds"),
        default=0,
        validators=[MaxValueValidator(36_000)],
        help_text=_("How long after opening it the lesson can be finished. The server's clock decides."),
    )
    body = StreamField(LessonBody(), blank=True, verbose_name=_("text"))
    requires = StreamField(
        [("lesson", PageChooserBlock("lms.LessonPage", label=_("Lesson")))],
        blank=True,
        verbose_name=_("finish these first"),
        help_text=_("Lessons of this course that stand before this one."),
    )

    package = models.ForeignKey(
        "lms.Package",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("package"),
        help_text=_(
            "Shown below the text. The lesson can be finished when the package is completed. Publishing the course pins its newest version."
        ),
    )

    content_panels = [
        *ForTheEnrolled.titles,
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("minutes"), FieldPanel("min_seconds")]),
        FieldPanel("body"),
        FieldPanel("package"),
        FieldPanel("requires"),
    ]
    base_form_class = LessonPageForm

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    @property
    def checks(self) -> list[dict[str, Any]]:
        """The check questions of the lesson, with their right answers."""
        return [question_facts(block.id, block.value) for block in self.body if block.block_type == CHECK]

    @property
    def videos(self) -> list[dict[str, Any]]:
        """What is asked of whoever watches the lesson's videos: those whose length is known."""
        found = [video_facts(block.id, block.value) for block in self.body if block.block_type == VIDEO]
        return [facts for facts in found if facts]

    @property
    def frames(self) -> list[dict[str, Any]]:
        """What the lesson shows of other sites."""
        return [frame_facts(block.id, block.value) for block in self.body if block.block_type == FRAME]

    @property
    def talks(self) -> list[dict[str, Any]]:
        """What the cohort discusses in the lesson."""
        return [talk_facts(block.id, block.value) for block in self.body if block.block_type == TALK]

    def render_body(self) -> str:
        """The lesson in HTML, in the language of the content (see `rendered`)."""
        return rendered(self.body)

    def media_ids(self) -> dict[str, list[int]]:
        """The ids of the documents and pictures that the lesson shows or links to."""
        return media_of(self.body)

    @property
    def required_keys(self) -> list[str]:
        """The keys of the lessons that must be finished before this one."""
        return [str(block.value.translation_key) for block in self.requires if block.value]

    def clean(self) -> None:
        super().clean()
        course = self.is_written_for
        wanted = [block.value for block in self.requires if block.value]
        if course and any(page.pk == self.pk or not page.path.startswith(course.path) for page in wanted):
            raise ValidationError(
                {"requires": _("A prerequisite must be another lesson of the same course.")}
            )

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "lms/learning/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context = super().get_preview_context(request, mode_name)
        return {**context, "lesson": self, "parts": lesson_parts(self), "page": self}
