"""Announcements, questions and discussions."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import User

if TYPE_CHECKING:
    from lms.models import Announcement, Cohort, Post, Question, Thread


def make_announcement(cohort: Cohort, author: User, **fields: object) -> Announcement:
    """An announcement that was published just now, and nobody told."""
    from lms.models import Announcement

    defaults = {"title": "周六停课", "body": "教室停电，改为线上。", "key": uuid.uuid4()}
    return Announcement.objects.create(cohort=cohort, author=author, **defaults | fields)


def make_question(cohort: Cohort, author: User, **fields: object) -> Question:
    """A private question that waits for an answer, and nobody told."""
    from lms.models import Question

    defaults = {"title": "接案要不要签协议？", "body": "第一次见面时。", "key": uuid.uuid4()}
    if fields.get("state", "waiting") != "waiting":
        defaults["waiting_since"] = None
    return Question.objects.create(cohort=cohort, author=author, **defaults | fields)


def make_post(cohort: Cohort, author: User, thread: Thread | None = None, **fields: object) -> Post:
    """A post in this thread, or the one that opens a new thread."""
    from lms.models import Post, Thread

    opening = thread is None
    thread = thread or Thread.objects.create(cohort=cohort, author=author, title="家访时对方不开门")
    defaults = {"body": "大家怎么办？", "key": uuid.uuid4(), "is_opening": opening}
    if fields.get("state") == "hidden":
        defaults |= {"decided_at": timezone.now(), "decided_by": author, "reason": "跑题"}
    return Post.objects.create(thread=thread, author=author, **defaults | fields)
