"""The discussion at the desk: what waits for a moderator on top, the threads below, and one of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.states import Refused
from lms.conversations.actions import discussion as actions
from lms.conversations.actions import moderation
from lms.conversations.forms import ReplyForm, ThreadForm
from lms.conversations.models import Mute, Thread
from lms.conversations.queries import posts_at_desk, posts_to_look_at, threads_for
from lms.conversations.viewsets.place import PER_PAGE, attempt, desk_cohort, desk_context

MOST = 50  # of what waits for a moderator; more appear as these are decided


@require_safe
def index(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """What waits for a moderator, who may not write at present, and the threads."""
    cohort = desk_cohort(request, cohort_id)
    threads = Paginator(threads_for(request.user, cohort), PER_PAGE)
    threads.count = cohort.thread_count  # the desk sees them all, and the cohort has brought their number
    mutes = Mute.objects.filter(cohort=cohort, lifted_at=None, until__gte=timezone.localdate())
    context = desk_context(request, cohort, "discussion") | {
        "page": threads.get_page(request.GET.get("page")),
        "waiting": posts_to_look_at(request.user, cohort)[:MOST],
        "mutes": mutes.select_related("user__person", "muted_by__person")[:MOST],
        "may_keep_words": request.user.has_perm("lms.change_reviewwords", cohort.organisation),
    }
    return render(request, "lms/conversations/admin/discussion.html", context)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Open a thread as a teacher."""
    cohort = desk_cohort(request, cohort_id, to_teach=True)
    form = ThreadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.open_thread(cohort=cohort, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Posted."))
            return redirect("talk:thread", post.thread_id)
    context = desk_context(request, cohort, "discussion", _("Start a thread")) | {"form": form}
    return render(request, "lms/conversations/admin/start.html", context)


@require_http_methods(["GET", "POST"])
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """One thread with all that was said, hidden posts too; posting replies as a teacher."""
    shown = _found(request, pk)
    teaches = request.user.has_perm("lms.teach_cohort", shown.cohort)
    if request.method == "POST" and not teaches:
        raise Http404
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_post(thread=shown, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("body", str(refused))
        else:
            messages.success(request, _("Posted."))
            return redirect("talk:thread", shown.pk)
    page = Paginator(posts_at_desk(shown, request.user), PER_PAGE).get_page(request.GET.get("page"))
    for post in page:
        post.may_decide = teaches and post.author_id != request.user.pk  # type: ignore[attr-defined]
    context = desk_context(request, shown.cohort, "discussion", shown.title) | {
        "thread": shown,
        "page": page,
        "form": form,
    }
    return render(request, "lms/conversations/admin/thread.html", context)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a thread, or open it again."""
    shown = _found(request, pk)
    if not request.user.has_perm("lms.close_thread", shown):
        raise Http404
    if request.POST.get("closed") == "0":
        act, done = moderation.reopen_thread, _("The thread is open again.")
    else:
        act, done = moderation.close_thread, _("The thread is closed. It can still be read.")
    attempt(request, lambda: act(thread=shown, actor=request.user), done)
    return redirect("talk:thread", shown.pk)


def _found(request: HttpRequest, pk: int) -> Thread:
    rows = Thread.objects.visible_to(request.user).select_related("author__person", "closed_by__person")
    shown = get_object_or_404(rows, pk=pk)
    shown.cohort = desk_cohort(request, shown.cohort_id)
    return shown
