"""Announcements, questions and discussion of a cohort."""

from lms.conversations.models.announcements import Announcement, AnnouncementRead
from lms.conversations.models.discussion import Mute, Post, Report, ReviewWord, Thread
from lms.conversations.models.questions import Question, Reply

__all__ = [
    "Announcement",
    "AnnouncementRead",
    "Mute",
    "Post",
    "Question",
    "Reply",
    "Report",
    "ReviewWord",
    "Thread",
]
