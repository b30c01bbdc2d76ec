"""Questions to the teachers, as the cohort asks and reads them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.states import IllegalMove
from lms.conversations.actions import questions as actions
from lms.conversations.actions.fitness import NotPossible
from lms.conversations.forms import AskForm, QuestionFilter, ReplyForm
from lms.conversations.models import Question
from lms.conversations.queries import lessons_of, questions_for
from lms.conversations.views.place import PER_PAGE, own_place, place_context, said
from lms.enrolments.models import Enrolment


@require_safe
@never_cache
def index(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """One's own questions and those asked before everybody; frequent ones first, and to be searched."""
    enrolment = own_place(request, enrolment_id)
    form = QuestionFilter(request.GET)
    form.is_valid()
    wanted = {"q": form.cleaned_data.get("q", "").strip(), "show": form.cleaned_data.get("show", "")}
    rows = questions_for(request.user, enrolment.cohort, **wanted)
    context = place_context(enrolment, "questions") | {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "shows": form.fields["show"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "lms/conversations/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Ask something; a lesson may come with the address (?lesson=…)."""
    enrolment = own_place(request, enrolment_id)
    lessons = lessons_of(enrolment)
    about = request.GET.get("lesson", "")
    initial = {"lesson": about} if about in dict(lessons) else {}
    form = AskForm(request.POST or None, lessons=lessons, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            question = _ask(request, enrolment, form, dict(lessons))
        except NotPossible as refused:
            said(form, refused)
        else:
            if form.cleaned_data["audience"] == "cohort" and not question.is_public:
                messages.info(request, _("Your question goes to the teachers only."))
            messages.success(request, _("Asked. We tell you as soon as a teacher has answered."))
            return redirect("lms:talk-question", enrolment.pk, question.pk)
    context = place_context(enrolment, "questions") | {"form": form}
    return render(request, "lms/conversations/ask.html", context)


def _ask(request: HttpRequest, enrolment: Enrolment, form: AskForm, lessons: dict[str, str]) -> Question:
    data = form.cleaned_data
    return actions.ask_question(
        enrolment=enrolment,
        actor=request.user,
        key=data["key"],
        title=data["title"],
        body=data["body"],
        is_public=data["audience"] == "cohort",
        lesson=(data["lesson"], lessons[data["lesson"]]) if data["lesson"] else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def detail(request: HttpRequest, enrolment_id: int, pk: int) -> HttpResponse:
    """One question with its answers; the asker asks on by posting."""
    enrolment = own_place(request, enrolment_id)
    question = _found(request, enrolment, pk)
    is_own = question.author_id == request.user.pk
    if request.method == "POST" and not is_own:
        raise Http404
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_reply(question=question, actor=request.user, **form.cleaned_data)
        except NotPossible as refused:
            said(form, refused)
        else:
            messages.success(request, _("Sent to the teachers."))
            return redirect("lms:talk-question", enrolment.pk, question.pk)
    context: dict[str, Any] = place_context(enrolment, "questions") | {
        "question": question,
        "replies": question.replies.select_related("author__person"),
        "is_own": is_own,
        "form": form,
    }
    return render(request, "lms/conversations/question.html", context)


@require_POST
def solve(request: HttpRequest, enrolment_id: int, pk: int) -> HttpResponse:
    """The asker has what was needed."""
    enrolment = own_place(request, enrolment_id)
    question = _found(request, enrolment, pk)
    if question.author_id != request.user.pk:
        raise Http404
    try:
        actions.solve_question(question=question, actor=request.user)
    except IllegalMove:
        messages.info(
            request, _("This was already done, or is no longer possible. The page shows how it stands now.")
        )
    else:
        messages.success(request, _("Good. The question is marked as solved."))
    return redirect("lms:talk-question", enrolment.pk, question.pk)


def _found(request: HttpRequest, enrolment: Enrolment, pk: int) -> Question:
    rows = Question.objects.visible_to(request.user).filter(cohort=enrolment.cohort_id)
    return get_object_or_404(rows.select_related("author__person", "cohort__organisation"), pk=pk)
