"""Questions at the desk: what waits longest first, and answering one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.states import Refused
from lms.conversations.actions import questions as actions
from lms.conversations.forms import QuestionFilter, ReplyForm
from lms.conversations.models import Question
from lms.conversations.queries import desk_questions
from lms.conversations.states import QuestionState
from lms.conversations.viewsets.place import PER_PAGE, attempt, desk_cohort, desk_context


@require_safe
def index(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The questions of a cohort: those that wait first, longest waiting on top."""
    cohort = desk_cohort(request, cohort_id)
    form = QuestionFilter(request.GET)
    form.is_valid()
    wanted = {"q": form.cleaned_data.get("q", "").strip(), "state": form.cleaned_data.get("state", "")}
    rows = desk_questions(request.user, cohort, **wanted)
    context = desk_context(request, cohort, "questions") | {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "states": QuestionState.choices,
    }
    return render(request, "lms/conversations/admin/questions.html", context)


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question; posting answers it."""
    shown = _found(request, pk)
    may_answer = request.user.has_perm("lms.answer_question", shown)
    if request.method == "POST" and not may_answer:
        raise Http404
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_reply(question=shown, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("body", str(refused))
        else:
            messages.success(request, _("Answered. %(name)s has been told.") % {"name": shown.author})
            return redirect("talk:questions", shown.cohort_id)
    context = desk_context(request, shown.cohort, "questions", shown.title) | {
        "question": shown,
        "replies": shown.replies.select_related("author__person"),
        "form": form,
        "may_answer": may_answer,
    }
    return render(request, "lms/conversations/admin/question.html", context)


@require_POST
def frequent(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question before all others, or no longer."""
    shown = _found(request, pk, to_teach=True)
    wanted = request.POST.get("frequent") == "1"
    done = _("Shown as frequently asked.") if wanted else _("No longer shown as frequently asked.")
    attempt(
        request,
        lambda: actions.mark_frequent(question=shown, actor=request.user, is_frequent=wanted),
        done,
    )
    return redirect("talk:question", shown.pk)


@require_POST
def private(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a question away from the cohort."""
    shown = _found(request, pk, to_teach=True)
    done = _("Only the asker and the teachers read this question now.")
    attempt(request, lambda: actions.make_private(question=shown, actor=request.user), done)
    return redirect("talk:question", shown.pk)


def _found(request: HttpRequest, pk: int, *, to_teach: bool = False) -> Question:
    rows = Question.objects.visible_to(request.user).select_related("author__person__employer")
    shown = get_object_or_404(rows, pk=pk)
    shown.cohort = desk_cohort(request, shown.cohort_id, to_teach=to_teach)
    return shown
