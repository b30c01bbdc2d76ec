"""Courses in the Wagtail admin: what editors are told besides the forms themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page

from lms.courses.models import CoursePage, ForTheEnrolled


def tell_not_released(request: HttpRequest, page: Page) -> None:
    """After a part of a course was published: trainees do not see it before the course itself is published."""
    if not isinstance(page, ForTheEnrolled):
        return
    course = page.is_written_for
    if course is not None:
        words = _(
            "Trainees see this when the course “%(title)s” is published again: that makes a new version."
        )
        messages.info(request, words % {"title": course.title})


def tell_version(request: HttpRequest, page: Page) -> None:
    """After a course was published: which version it has now."""
    if not isinstance(page, CoursePage):
        return
    latest = page.latest_version
    if latest is None:
        messages.warning(
            request, _("There is no published lesson, quiz or assignment yet, so no version was made.")
        )
    else:
        words = _(
            "The course is released as version %(number)d. Cohorts stay with theirs until they are moved."
        )
        messages.success(request, words % {"number": latest.number})
        if page.min_minutes and page.min_minutes > latest.minutes:
            values = {"asked": page.min_minutes, "planned": latest.minutes}
            words = _(
                "The rule asks for %(asked)d minutes, and the lessons plan %(planned)d: trainees can complete only "
                "with the time they spend in classes."
            )
            messages.warning(request, words % values)
