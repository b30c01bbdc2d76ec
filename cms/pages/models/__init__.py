"""The pages of the site, as editors write them."""

from cms.pages.models.articles import (
    CaseIndexPage,
    CasePage,
    HonourRollPage,
    NewsIndexPage,
    NewsPage,
    NoticeAttachment,
    NoticeIndexPage,
    NoticePage,
    PublicNoticeIndexPage,
    StaticPage,
    StoryIndexPage,
    StoryPage,
)
from cms.pages.models.home import HomePage
from cms.pages.models.programmes import ProgrammeCourse, ProgrammeIndexPage, ProgrammePage
from cms.pages.models.review import ReviewTask
from cms.pages.models.site import SitePage

__all__ = [
    "CaseIndexPage",
    "CasePage",
    "HomePage",
    "HonourRollPage",
    "NewsIndexPage",
    "NewsPage",
    "NoticeAttachment",
    "NoticeIndexPage",
    "NoticePage",
    "ProgrammeCourse",
    "ProgrammeIndexPage",
    "ProgrammePage",
    "PublicNoticeIndexPage",
    "ReviewTask",
    "SitePage",
    "StaticPage",
    "StoryIndexPage",
    "StoryPage",
]
