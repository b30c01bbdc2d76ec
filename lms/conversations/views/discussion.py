"""The discussion of a cohort, as its members lead it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.conversations.actions import discussion as actions
from lms.conversations.actions.fitness import NotPossible
from lms.conversations.forms import EditForm, ReasonForm, ReplyForm, ThreadForm
from lms.conversations.models import Post, Thread
from lms.conversations.policy import edit_refusal
from lms.conversations.queries import Spot, mute_of, posts_in, spot_in, threads_for
from lms.conversations.states import PostState
from lms.conversations.views.place import PER_PAGE, own_place, place_context, said
from lms.courses.versions import lesson_at
from lms.enrolments.models import Enrolment
from lms.learning.queries import way_of


@require_safe
@never_cache
def index(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """The threads of the cohort, those last written in first."""
    enrolment = own_place(request, enrolment_id)
    rows = threads_for(request.user, enrolment.cohort)
    context = place_context(enrolment, "discussion") | {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "mute": mute_of(request.user, enrolment.cohort),
    }
    return render(request, "lms/conversations/discussion.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def start(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Open a thread."""
    enrolment = own_place(request, enrolment_id)
    form = ThreadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.open_thread(cohort=enrolment.cohort, actor=request.user, **form.cleaned_data)
        except NotPossible as refused:
            said(form, refused)
        else:
            _say_held(request, post)
            return redirect("lms:talk-thread", enrolment.pk, post.thread_id)
    context = place_context(enrolment, "discussion") | {"form": form}
    return render(request, "lms/conversations/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def at_lesson(request: HttpRequest, enrolment_id: int, key: UUID, place: UUID) -> HttpResponse:
    """The discussion that stands at a place of a lesson; posting opens a thread of it. A lesson that is not open yet says
    itself what comes before it."""
    enrolment = own_place(request, enrolment_id)
    spot = _spot(enrolment, key, place)
    if spot is None:
        return redirect("lms:learning-lesson", enrolment.pk, key)
    form = ThreadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.open_thread(
                cohort=enrolment.cohort, actor=request.user, spot=spot, **form.cleaned_data
            )
        except NotPossible as refused:
            said(form, refused)
        else:
            _say_held(request, post)
            return redirect("lms:talk-thread", enrolment.pk, post.thread_id)
    rows = threads_for(request.user, enrolment.cohort, place)
    context = place_context(enrolment, "discussion") | {
        "lesson": spot.lesson,
        "talk": spot.talk,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "mute": mute_of(request.user, enrolment.cohort),
    }
    return render(request, "lms/conversations/at_lesson.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def thread(request: HttpRequest, enrolment_id: int, pk: int) -> HttpResponse:
    """One thread; posting replies."""
    enrolment = own_place(request, enrolment_id)
    found = threads_for(request.user, enrolment.cohort)
    shown = get_object_or_404(found.select_related("author__person", "cohort__organisation"), pk=pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.write_post(thread=shown, actor=request.user, **form.cleaned_data)
        except NotPossible as refused:
            said(form, refused)
        else:
            _say_held(request, post)
            return redirect("lms:talk-thread", enrolment.pk, shown.pk)
    page = Paginator(posts_in(shown, request.user), PER_PAGE).get_page(request.GET.get("page"))
    for post in page:
        _prepare(post, request, shown)
    context = place_context(enrolment, "discussion") | {
        "thread": shown,
        "page": page,
        "form": form,
        "mute": mute_of(request.user, enrolment.cohort),
    }
    return render(request, "lms/conversations/thread.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, enrolment_id: int, pk: int) -> HttpResponse:
    """Change one's own post while that is allowed."""
    enrolment = own_place(request, enrolment_id)
    post = _post(request, enrolment, pk)
    if post.author_id != request.user.pk:
        raise Http404
    form = EditForm(request.POST or None, initial={"body": post.body})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_post(post=post, actor=request.user, body=form.cleaned_data["body"])
        except NotPossible as refused:
            said(form, refused)
        else:
            messages.success(request, _("Your post is changed."))
            return redirect("lms:talk-thread", enrolment.pk, post.thread_id)
    context: dict[str, Any] = place_context(enrolment, "discussion") | {"form": form, "post": post}
    return render(request, "lms/conversations/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest, enrolment_id: int, pk: int) -> HttpResponse:
    """Ask the moderators to look at a post of somebody else."""
    enrolment = own_place(request, enrolment_id)
    post = _post(request, enrolment, pk)
    if post.author_id == request.user.pk:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_post(post=post, actor=request.user, reason=form.cleaned_data["reason"])
        except NotPossible as refused:
            messages.info(request, str(refused))
        else:
            messages.success(
                request, _("Thank you. A moderator looks at it; the author does not learn who you are.")
            )
        return redirect("lms:talk-thread", enrolment.pk, post.thread_id)
    context: dict[str, Any] = place_context(enrolment, "discussion") | {"form": form, "post": post}
    return render(request, "lms/conversations/report.html", context)


def _spot(enrolment: Enrolment, key: UUID, place: UUID) -> Spot | None:
    """The discussion at this place; None while its lesson is locked. 404 where there is none."""
    step = way_of(enrolment).step(key)
    if step is None or step.item.kind != "lesson":
        raise Http404
    if not step.is_open:
        return None
    spot = spot_in(lesson_at(enrolment.version_id, key), place)
    if spot is None:
        raise Http404
    return spot


def _prepare(post: Any, request: HttpRequest, thread: Thread) -> None:
    """What this member sees of the post, and may do with it. What is hidden is not handed to the page at all."""
    post.thread = thread
    post.is_own = post.author_id == request.user.pk
    if post.state == PostState.HIDDEN:
        post.body = ""
    refusal = edit_refusal(
        written_at=post.written_at,
        now=timezone.now(),
        is_visible=post.state == PostState.VISIBLE,
        is_reported=post.open_reports > 0,
        is_closed=thread.closed_at is not None,
    )
    post.may_edit = post.is_own and refusal is None
    post.may_report = not post.is_own and not post.is_reported and post.state == PostState.VISIBLE


def _post(request: HttpRequest, enrolment: Enrolment, pk: int) -> Post:
    rows = Post.objects.visible_to(request.user).filter(thread__cohort=enrolment.cohort_id)
    rows = rows.exclude(state=PostState.HIDDEN)
    return get_object_or_404(rows.select_related("thread__cohort__organisation", "author__person"), pk=pk)


def _say_held(request: HttpRequest, post: Post) -> None:
    if post.state == PostState.HELD:
        messages.info(request, _("Your post waits for a moderator. Until then only you see it."))
    else:
        messages.success(request, _("Posted."))
