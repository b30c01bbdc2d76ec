"""The models of cms."""

from cms.pages.models import (
    CaseIndexPage,
    CasePage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    NoticeAttachment,
    NoticeIndexPage,
    NoticePage,
    ProgrammeCourse,
    ProgrammeIndexPage,
    ProgrammePage,
    ReviewTask,
    SitePage,
    StaticPage,
    StoryIndexPage,
    StoryPage,
)

__all__ = [
    "CaseIndexPage",
    "CasePage",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "NoticeAttachment",
    "NoticeIndexPage",
    "NoticePage",
    "ProgrammeCourse",
    "ProgrammeIndexPage",
    "ProgrammePage",
    "ReviewTask",
    "SitePage",
    "StaticPage",
    "StoryIndexPage",
    "StoryPage",
]
