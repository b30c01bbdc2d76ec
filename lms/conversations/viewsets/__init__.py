"""A cohort's conversations in the Wagtail admin, for its teachers."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail.admin.viewsets.base import ViewSet

from lms.conversations.viewsets import announcements, discussion, moderation, questions


class TalkViewSet(ViewSet):
    name = "talk"
    icon = "comment"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:cohort_id>/", announcements.index, name="announcements"),
            path("<int:cohort_id>/announce/", announcements.announce, name="announce"),
            path("announcement/<int:pk>/", announcements.change, name="announcement"),
            path("announcement/<int:pk>/withdraw/", announcements.withdraw, name="withdraw"),
            path("announcement/<int:pk>/file/", announcements.file, name="file"),
            path("<int:cohort_id>/questions/", questions.index, name="questions"),
            path("question/<int:pk>/", questions.question, name="question"),
            path("question/<int:pk>/frequent/", questions.frequent, name="frequent"),
            path("question/<int:pk>/private/", questions.private, name="private"),
            path("<int:cohort_id>/discussion/", discussion.index, name="discussion"),
            path("<int:cohort_id>/discussion/start/", discussion.start, name="start"),
            path("thread/<int:pk>/", discussion.thread, name="thread"),
            path("thread/<int:pk>/close/", discussion.close, name="close"),
            path("post/<int:pk>/hide/", moderation.hide, name="hide"),
            path("post/<int:pk>/keep/", moderation.keep, name="keep"),
            path("mute/<int:enrolment_id>/", moderation.mute, name="mute"),
            path("mute/<int:pk>/lift/", moderation.lift, name="lift"),
            path("words/<int:organisation_id>/", moderation.words, name="words"),
        ]
