"""The list of one's notices."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.notices.actions import mark_read
from core.notices.models import Notice
from core.people.models import User

PER_PAGE = 20


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All notices or the unread ones, newest first."""
    rows = Notice.objects.visible_to(request.user)
    only_unread = request.GET.get("show") == "unread"
    unread = rows.unread().count()
    page = Paginator(rows.unread() if only_unread else rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "only_unread": only_unread, "unread": unread}
    return render(request, "core/notices/list.html", context)


@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where the notice points; having gone there counts as having read it."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    if request.method == "GET":
        mark_read(user=cast(User, request.user), notice_id=notice.pk)
    if notice.url and url_has_allowed_host_and_scheme(notice.url, {request.get_host()}, request.is_secure()):
        return redirect(notice.url)
    return redirect("core:notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read, or the one that is named."""
    one = request.POST.get("notice", "")
    count = mark_read(
        user=cast(User, request.user), notice_id=int(one) if one.isdecimal() and len(one) < 19 else None
    )
    text = ngettext("%(count)s notice marked as read.", "%(count)s notices marked as read.", count)
    messages.success(request, text % {"count": count})
    return redirect("core:notices")
