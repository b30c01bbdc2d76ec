"""Courses in the Wagtail admin: what editors are told besides the forms themselves, and the content check."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Page

from core.jobs.queries import sheet_of
from lms.courses.checking import errors_in
from lms.courses.jobs import check_links, latest_check
from lms.courses.models import CoursePage, ForTheEnrolled
from lms.courses.queries import check_of, findings_in, outside_addresses


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


def stop_unusable(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before a course is published or scheduled: what nobody could use is mended first. What was written stays as a draft."""
    if not isinstance(page, CoursePage):
        return None
    number = len(errors_in(findings_in(page)))
    if not number:
        return None
    words = ngettext(
        "The course is saved and not published: %(number)d thing has to be mended first.",
        "The course is saved and not published: %(number)d things have to be mended first.",
        number,
    )
    messages.error(request, words % {"number": number})
    return redirect("courses:check", page.pk)


def tell_version(request: HttpRequest, page: Page) -> None:
    """After a course was published: which version it has now. A schedule releases nothing yet."""
    if not isinstance(page, CoursePage) or (page.go_live_at and page.go_live_at > timezone.now()):
        return
    latest = page.latest_version
    if errors_in(findings_in(page)):
        messages.error(
            request, _("No new version is released: the content check found what has to be mended first.")
        )
    elif latest is None:
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


def _course(request: HttpRequest, pk: int) -> CoursePage:
    """A course that this account may edit; there is none for others."""
    course: CoursePage = get_object_or_404(CoursePage, pk=pk)
    if not course.permissions_for_user(request.user).can_edit():
        raise Http404
    return course


@never_cache
@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be mended before the course is published, each with the way there. No other host is asked."""
    course = _course(request, pk)
    job = latest_check(course)
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("wagtailadmin_pages:edit", args=[course.pk]), "label": course.title},
        {"url": "", "label": _("Content check")},
    ]
    context = {
        "header_title": _("Content check"),
        "header_icon": "circle-check",
        "breadcrumbs_items": crumbs,
        "course": course,
        "check": check_of(course),
        "speed": settings.READING_SPEED,
        "source": settings.READING_SOURCE,
        "links": len(outside_addresses(course)),
        "asked": sheet_of(job) if job else None,
    }
    return render(request, "lms/courses/admin/check.html", context)


@require_POST
def ask_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether the links to other sites can be reached, in a job."""
    course = _course(request, pk)
    job = check_links(course=course, actor=request.user)
    return redirect("core:job", job.pk)


class CourseViewSet(ViewSet):
    name = "courses"
    add_to_admin_menu = False

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:pk>/check/", check, name="check"),
            path("<int:pk>/check/links/", ask_links, name="ask-links"),
        ]
