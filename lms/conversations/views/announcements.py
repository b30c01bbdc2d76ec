"""Announcements as the cohort reads them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.attachments.actions import attachment_response
from lms.conversations.actions.announcements import note_read
from lms.conversations.models import Announcement
from lms.conversations.queries import announcements_for
from lms.conversations.views.place import PER_PAGE, own_place, place_context
from lms.enrolments.models import Enrolment


@require_safe
@never_cache
def index(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """All announcements: pinned ones first, then the newest."""
    enrolment = own_place(request, enrolment_id)
    page = Paginator(announcements_for(enrolment), PER_PAGE).get_page(request.GET.get("page"))
    context = place_context(enrolment, "announcements") | {"page": page}
    return render(request, "lms/conversations/announcements.html", context)


@require_safe
@never_cache
def detail(request: HttpRequest, enrolment_id: int, pk: int) -> HttpResponse:
    """One announcement; having opened it counts as having read it."""
    enrolment = own_place(request, enrolment_id)
    announcement = _found(request, enrolment, pk)
    if request.method == "GET" and announcement.withdrawn_at is None:
        note_read(announcement=announcement, enrolment=enrolment)
    context = place_context(enrolment, "announcements") | {"announcement": announcement}
    return render(request, "lms/conversations/announcement.html", context)


@require_safe
def file(request: HttpRequest, enrolment_id: int, pk: int) -> FileResponse:
    """The file of an announcement that stands."""
    announcement = _found(request, own_place(request, enrolment_id), pk)
    if announcement.attachment is None or announcement.withdrawn_at is not None:
        raise Http404
    return attachment_response(announcement.attachment)


def _found(request: HttpRequest, enrolment: Enrolment, pk: int) -> Announcement:
    """An announcement to this cohort that members may know of, also for a teacher who learns in it."""
    rows = Announcement.objects.visible_to(request.user).filter(cohort=enrolment.cohort_id)
    announcement = get_object_or_404(rows.select_related("author__person", "attachment"), pk=pk)
    if not announcement.is_published:
        raise Http404
    return announcement
