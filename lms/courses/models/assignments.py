"""Work that is handed in: what to do, by when, and how it is marked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField

from core.blocks.bodies import PageBody
from core.blocks.rubrics import RubricBody, rubric_facts
from lms.courses.models.pages import ForTheEnrolled, media_of, rendered
from lms.courses.policy import parts_of
from lms.courses.versions import (
    HandIn,
)


class AssignmentPage(ForTheEnrolled):
    """Work that is handed in and marked by a teacher. Trainees see it as it was when the course was last published."""

    body = StreamField(PageBody(), blank=True, verbose_name=_("what to do"))
    hand_in = models.CharField(
        _("what is handed in"), max_length=4, choices=HandIn.choices, default=HandIn.TEXT
    )
    max_score = models.PositiveSmallIntegerField(
        _("highest score"), default=100, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    pass_score = models.PositiveSmallIntegerField(
        _("passed with"), default=60, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    due_days = models.PositiveSmallIntegerField(
        _("due so many days after the cohort begins"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("Leave it empty for no deadline. What comes later is taken, and marked as late."),
    )
    resubmissions = models.PositiveSmallIntegerField(
        _("may be handed in again"),
        default=1,
        validators=[MaxValueValidator(20)],
        help_text=_("How many times, after the teacher has returned it."),
    )
    rubric = StreamField(
        RubricBody(),
        blank=True,
        verbose_name=_("rubric"),
        help_text=_(
            "With a rubric the score is the sum of the levels; the best levels make the highest score."
        ),
    )
    late_days = models.PositiveSmallIntegerField(
        _("late work is accepted for so many days"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(1000)],
        help_text=_("Leave it empty for no end; 0 accepts nothing late."),
    )
    late_percent = models.PositiveSmallIntegerField(
        _("each day late takes (per cent of the highest score)"),
        default=0,
        validators=[MaxValueValidator(100)],
    )
    late_floor = models.PositiveSmallIntegerField(
        _("being late brings no work below (per cent of the highest score)"),
        default=0,
        validators=[MaxValueValidator(100)],
    )

    peer_reviews = models.PositiveSmallIntegerField(
        _("each trainee reviews so many others"),
        default=0,
        validators=[MaxValueValidator(5)],
        help_text=_("After the due day, without names on either side. 0: nobody does."),
    )
    peer_days = models.PositiveSmallIntegerField(
        _("days for reviewing"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )

    parent_page_types = ["lms.ModulePage", "lms.CoursePage"]
    content_panels = [
        *ForTheEnrolled.titles,
        FieldPanel("body"),
        FieldRowPanel([FieldPanel("hand_in"), FieldPanel("due_days"), FieldPanel("resubmissions")]),
        FieldRowPanel([FieldPanel("max_score"), FieldPanel("pass_score")]),
        FieldPanel("rubric"),
        MultiFieldPanel(
            [
                HelpPanel(content=_("Without anything here, late work is accepted and marked as late.")),
                FieldPanel("late_days"),
                FieldRowPanel([FieldPanel("late_percent"), FieldPanel("late_floor")]),
            ],
            heading=_("When it comes late"),
        ),
        FieldRowPanel(
            [FieldPanel("peer_reviews"), FieldPanel("peer_days")], heading=_("Reviews by other trainees")
        ),
    ]

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pass_score__lte=models.F("max_score")),
                name="assignment_page_can_be_passed",
                violation_error_message=_("The score to pass with must not be above the highest score."),
            ),
            models.CheckConstraint(
                condition=models.Q(late_percent__lte=100, late_floor__lte=100),
                name="assignment_page_late_rule_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(peer_reviews__lte=5, peer_days__gte=1),
                name="assignment_page_peers_possible",
            ),
        ]

    @property
    def criteria(self) -> list[dict[str, Any]]:
        """The rubric as a version freezes it."""
        return rubric_facts(self.rubric)

    def clean(self) -> None:
        super().clean()
        faults: dict[str, Any] = {}
        most = sum(max(level["points"] for level in row["levels"]) for row in self.criteria if row["levels"])
        if self.rubric and most != self.max_score:
            words = _(
                "The best levels add up to %(most)s points, the highest score is %(top)s. Make them equal."
            )
            faults["rubric"] = words % {"most": most, "top": self.max_score}
        if not self.due_days and (self.late_days is not None or self.late_percent):
            faults["due_days"] = _("Rules for late work need a day on which it is due.")
        if not self.due_days and self.peer_reviews:
            faults["due_days"] = _("Reviews by other trainees begin after the due day. Fill it in first.")
        if faults:
            raise ValidationError(faults)

    def render_body(self) -> str:
        """What is to be done, in HTML, in the language of the content."""
        return rendered(self.body)

    def media_ids(self) -> dict[str, list[int]]:
        """The ids of the documents and pictures that the assignment shows or links to."""
        return media_of(self.body)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "lms/learning/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context = super().get_preview_context(request, mode_name)
        return {**context, "lesson": self, "parts": parts_of(self.render_body(), []), "page": self}
