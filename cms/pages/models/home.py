"""The home page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField

from cms.pages.models.site import SitePage


class PromiseBlock(blocks.StructBlock):
    """One promise of the platform; together, in their order, they are a trainee's way."""

    title = blocks.CharBlock(label=_("Title"), max_length=20)
    title_en = blocks.CharBlock(label=_("English title"), max_length=60, required=False)
    text = blocks.TextBlock(label=_("Text"), max_length=120)
    text_en = blocks.TextBlock(label=_("English text"), max_length=300, required=False)

    class Meta:
        icon = "tick"
        label = _("Promise")


class HomePage(SitePage):
    """The front door. Programmes, notices and stories appear on it by themselves."""

    hero_title = models.CharField(_("first line"), max_length=40, blank=True)
    hero_title_en = models.CharField(_("first line in English"), max_length=80, blank=True)
    hero_text = models.TextField(_("second line"), max_length=200, blank=True)
    hero_text_en = models.TextField(_("second line in English"), max_length=400, blank=True)
    promises = StreamField([("promise", PromiseBlock())], verbose_name=_("promises"), blank=True, max_num=4)

    template = "cms/pages/home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.ProgrammeIndexPage",
        "cms.NewsIndexPage",
        "cms.NoticeIndexPage",
        "cms.PublicNoticeIndexPage",
        "cms.HonourRollPage",
        "cms.StoryIndexPage",
        "cms.CaseIndexPage",
        "cms.StaticPage",
        "lms.CourseIndexPage",
    ]
    max_count = 1
    search_fields = [
        *SitePage.search_fields,
        *(index.SearchField(name) for name in ("hero_title", "hero_text", "promises")),
    ]
    content_panels = [
        *SitePage.titles,
        MultiFieldPanel(
            [FieldPanel(name) for name in ("hero_title", "hero_title_en", "hero_text", "hero_text_en")],
            heading=_("At the top"),
        ),
        FieldPanel("promises"),
    ]

    class Meta:
        verbose_name = _("home page")
