"""Announcements at the desk: how many have read them, and writing, changing and withdrawing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from core.states import Refused
from lms.conversations.actions import announcements as actions
from lms.conversations.forms import AnnouncementForm, ChangeAnnouncementForm
from lms.conversations.models import Announcement
from lms.conversations.viewsets.place import PER_PAGE, desk_cohort, desk_context


@require_safe
def index(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """All announcements of a cohort, withdrawn ones too, with how many of those who learn now have read each."""
    cohort = desk_cohort(request, cohort_id)
    rows = Announcement.objects.visible_to(request.user).filter(cohort=cohort)
    page = Paginator(rows.select_related("author__person"), PER_PAGE).get_page(request.GET.get("page"))
    reads = Announcement.objects.filter(pk__in=[row.pk for row in page]).order_by().with_reads()
    counted = {row.pk: row.reads_now for row in reads}
    for row in page:
        row.reads_now = counted[row.pk]
    context = desk_context(request, cohort, "announcements") | {
        "page": page,
        "people": cohort.enrolments.learning().count(),
    }
    return render(request, "lms/conversations/admin/announcements.html", context)


@require_http_methods(["GET", "POST"])
def announce(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Write an announcement."""
    cohort = desk_cohort(request, cohort_id, to_teach=True)
    form = AnnouncementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.publish_announcement(
                cohort=cohort,
                actor=request.user,
                key=data["key"],
                title=data["title"],
                body=data["body"],
                upload=data["file"],
                is_urgent=data["is_urgent"],
                is_pinned=data["is_pinned"],
                publish_at=data["publish_at"],
            )
        except Refused as refused:
            form.add_error("body", str(refused))
        else:
            words = _("Everybody in the cohort is told.") if made.told_at else _("Kept until its time comes.")
            messages.success(request, words)
            return redirect("talk:announcements", cohort.pk)
    context = desk_context(request, cohort, "announcements", _("New announcement")) | {
        "form": form,
        "people": cohort.enrolments.learning().count(),
    }
    return render(request, "lms/conversations/admin/announce.html", context)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an announcement; members read that it was changed."""
    announcement = _found(request, pk, to_change=True)
    stamp = announcement.edited_at.isoformat() if announcement.edited_at else ""
    fields = ("title", "body", "is_urgent", "is_pinned", "publish_at")
    form = ChangeAnnouncementForm(
        request.POST or None,
        request.FILES or None,
        is_published=announcement.told_at is not None,
        has_file=announcement.attachment_id is not None,
        initial={name: getattr(announcement, name) for name in fields} | {"seen": stamp},
    )
    if request.method == "POST" and form.is_valid() and _change(announcement, form, request, stamp):
        messages.success(request, _("The announcement is changed."))
        return redirect("talk:announcements", announcement.cohort_id)
    context = desk_context(request, announcement.cohort, "announcements", _("Change the announcement"))
    context |= {"form": form, "announcement": announcement}
    return render(request, "lms/conversations/admin/announce.html", context)


def _change(announcement: Announcement, form: Any, request: HttpRequest, stamp: str) -> bool:
    data = form.cleaned_data
    if data["seen"] != stamp:
        form.add_error(None, _("Somebody else has changed this announcement meanwhile. Read it again first."))
        return False
    try:
        actions.change_announcement(
            announcement=announcement,
            actor=request.user,
            title=data["title"],
            body=data["body"],
            is_pinned=data["is_pinned"],
            is_urgent=data["is_urgent"],
            publish_at=(data["publish_at"] or timezone.now()) if "publish_at" in data else None,
            upload=data["file"],
            drops_file=bool(data.get("drops_file")),
        )
    except Refused as refused:
        form.add_error("body", str(refused))
        return False
    return True


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an announcement back."""
    announcement = _found(request, pk, to_change=True)
    if actions.withdraw_announcement(announcement=announcement, actor=request.user):
        messages.success(request, _("The announcement is withdrawn. Members no longer read it."))
    else:
        messages.info(request, _("This announcement was withdrawn before."))
    return redirect("talk:announcements", announcement.cohort_id)


@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of an announcement."""
    announcement = _found(request, pk)
    if announcement.attachment is None:
        raise Http404
    return attachment_response(announcement.attachment)


def _found(request: HttpRequest, pk: int, *, to_change: bool = False) -> Announcement:
    rows = Announcement.objects.visible_to(request.user).select_related("attachment", "author__person")
    announcement = get_object_or_404(rows, pk=pk)
    announcement.cohort = desk_cohort(request, announcement.cohort_id)
    if to_change and not request.user.has_perm("lms.change_announcement", announcement):
        raise Http404
    return announcement
