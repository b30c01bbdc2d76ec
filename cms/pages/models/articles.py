"""Pages to read: news, notices, stories, cases, and pages that stand alone."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelsearch import index
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from cms.pages.models.site import ArticlePage, IndexPage


class NewsIndexPage(IndexPage):
    template = "cms/pages/news_index.html"
    subpage_types = ["cms.NewsPage"]

    class Meta:
        verbose_name = _("list of news")


class NewsPage(ArticlePage):
    date = models.DateField(_("date"), default=timezone.localdate)

    template = "cms/pages/article.html"
    parent_page_types = ["cms.NewsIndexPage"]
    content_panels = [*ArticlePage.content_panels[:-1], FieldPanel("date"), FieldPanel("body")]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")


class NoticeIndexPage(IndexPage):
    template = "cms/pages/notice_index.html"
    subpage_types = ["cms.NoticePage"]

    class Meta:
        verbose_name = _("list of notices")


class NoticePage(ArticlePage):
    """A notice of an office for everyone, with its papers. What is shown for objections 公示 is a credentials.PublicNotice."""

    date = models.DateField(_("date"), default=timezone.localdate)
    issuer = models.CharField(_("issuing office"), max_length=80, blank=True)

    template = "cms/pages/notice.html"
    parent_page_types = ["cms.NoticeIndexPage"]
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("issuer"),
        index.RelatedFields("attachments", [index.SearchField("title")]),
    ]
    content_panels = [
        *ArticlePage.content_panels[:-1],
        FieldPanel("date"),
        FieldPanel("issuer"),
        FieldPanel("body"),
        InlinePanel("attachments", label=_("Attachment"), heading=_("Attachments")),
    ]

    class Meta:
        verbose_name = pgettext_lazy("page", "notice")
        verbose_name_plural = pgettext_lazy("page", "notices")


class NoticeAttachment(Orderable):
    """A file that belongs to a notice."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey(
        "wagtaildocs.Document", models.PROTECT, related_name="+", verbose_name=_("file")
    )
    title = models.CharField(_("title"), max_length=120, blank=True)

    panels = [FieldPanel("document"), FieldPanel("title")]

    def __str__(self) -> str:
        return self.title or str(self.document)


class PublicNoticeIndexPage(IndexPage):
    """Where everybody finds what is shown for objections 公示: the list makes itself (credentials.public), nobody writes it."""

    open_to_writers = False
    template = "cms/pages/public_notice_index.html"
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("list of public notices")


class HonourRollPage(IndexPage):
    """The honour roll 荣誉榜: who has won an award round, by year. It makes itself (credentials.public)."""

    open_to_writers = False
    template = "cms/pages/honour_roll.html"
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("honour roll")


class StoryIndexPage(IndexPage):
    template = "cms/pages/story_index.html"
    subpage_types = ["cms.StoryPage"]

    class Meta:
        verbose_name = _("list of stories")


class StoryPage(ArticlePage):
    person_label = models.CharField(
        _("who it is about"),
        max_length=80,
        blank=True,
        help_text=_("Role and a made-up name, unless the person agreed."),
    )

    template = "cms/pages/story.html"
    parent_page_types = ["cms.StoryIndexPage"]
    search_fields = [*ArticlePage.search_fields, index.SearchField("person_label")]
    content_panels = [*ArticlePage.content_panels[:-1], FieldPanel("person_label"), FieldPanel("body")]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")


class CaseIndexPage(IndexPage):
    template = "cms/pages/case_index.html"
    subpage_types = ["cms.CasePage"]

    class Meta:
        verbose_name = _("list of cases")


class CasePage(ArticlePage):
    """A demonstration case: problem, assessment, intervention, outcome, reflection."""

    field = models.CharField(_("field of service"), max_length=40, blank=True)

    template = "cms/pages/case.html"
    parent_page_types = ["cms.CaseIndexPage"]
    search_fields = [*ArticlePage.search_fields, index.SearchField("field")]
    content_panels = [*ArticlePage.content_panels[:-1], FieldPanel("field"), FieldPanel("body")]

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")


class StaticPage(ArticlePage):
    """A page that stands alone: about us, help, privacy."""

    template = "cms/pages/static.html"
    parent_page_types = ["cms.HomePage"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
