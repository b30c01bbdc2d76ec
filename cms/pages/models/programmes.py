"""Programmes: what is offered, for whom, and the courses it is made of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelsearch import index
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable

from cms.pages.models.site import IndexPage, SitePage, words_of


class PartBlock(blocks.StructBlock):
    """One part of the curriculum."""

    title = blocks.CharBlock(label=_("Title"), max_length=60)
    text = blocks.TextBlock(label=_("Text"), max_length=400)

    class Meta:
        icon = "list-ol"
        label = _("Part")


class FaqBlock(blocks.StructBlock):
    """A question that people really ask, and its answer."""

    question = blocks.CharBlock(label=_("Asked question"), max_length=120)
    answer = blocks.TextBlock(label=_("Answer"), max_length=600)

    class Meta:
        icon = "help"
        label = _("Asked question")


class ProgrammeIndexPage(IndexPage):
    template = "cms/pages/programme_index.html"
    subpage_types = ["cms.ProgrammePage"]

    class Meta:
        verbose_name = _("list of programmes")


class ProgrammePage(SitePage):
    """A programme, such as the Spark Plan Training Camp."""

    class Cover(models.TextChoices):
        FLAME = "flame", _("Flame")
        LEAF = "leaf", _("Leaf")
        BRIDGE = "bridge", _("Bridge")
        STAR = "star", _("Star")

    summary = models.TextField(_("summary"), max_length=300, blank=True)
    summary_en = models.TextField(_("English summary"), max_length=500, blank=True)
    cover = models.CharField(_("cover"), max_length=8, choices=Cover.choices, default=Cover.FLAME)
    aims = models.TextField(_("aims"), blank=True, help_text=_("What one can do afterwards. One aim a line."))
    aims_en = models.TextField(_("English aims"), blank=True, help_text=_("One aim a line."))
    for_whom = models.TextField(_("for whom"), blank=True)
    for_whom_en = models.TextField(_("for whom, in English"), blank=True)
    curriculum = StreamField([("part", PartBlock())], verbose_name=_("curriculum"), blank=True)
    how_it_runs = models.TextField(_("how it runs"), blank=True)
    how_it_runs_en = models.TextField(_("how it runs, in English"), blank=True)
    faq = StreamField([("entry", FaqBlock())], verbose_name=_("frequent questions"), blank=True)

    template = "cms/pages/programme.html"
    parent_page_types = ["cms.ProgrammeIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *SitePage.search_fields,
        *(
            index.SearchField(name)
            for name in (
                "summary",
                "summary_en",
                "aims",
                "aims_en",
                "for_whom",
                "curriculum",
                "how_it_runs",
                "faq",
            )
        ),
    ]
    content_panels = [
        *SitePage.titles,
        FieldPanel("summary"),
        FieldPanel("summary_en"),
        FieldPanel("cover"),
        MultiFieldPanel([FieldPanel("aims"), FieldPanel("aims_en")], heading=_("Aims")),
        MultiFieldPanel([FieldPanel("for_whom"), FieldPanel("for_whom_en")], heading=_("For whom")),
        FieldPanel("curriculum"),
        MultiFieldPanel([FieldPanel("how_it_runs"), FieldPanel("how_it_runs_en")], heading=_("How it runs")),
        InlinePanel("courses", label=_("Course"), heading=_("Courses")),
        FieldPanel("faq"),
    ]

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def long_texts(self) -> list[str]:
        return [
            self.aims,
            self.for_whom,
            *words_of(self, "curriculum"),
            self.how_it_runs,
            *words_of(self, "faq"),
        ]

    def course_ids(self) -> list[int]:
        """The courses of this programme, in their order; works in previews of unsaved changes too."""
        return [link.course_id for link in self.courses.all()]


class ProgrammeCourse(Orderable):
    """A course that belongs to a programme."""

    page = ParentalKey(ProgrammePage, on_delete=models.CASCADE, related_name="courses")
    course = models.ForeignKey("lms.CoursePage", models.CASCADE, related_name="+", verbose_name=_("course"))

    panels = [PageChooserPanel("course", "lms.CoursePage")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint("page", "course", name="programme_course_once")]

    def __str__(self) -> str:
        return str(self.course)
