"""One question at the desk: written, looked at, corrected, put in use or retired."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.states import IllegalMove, Refused
from lms.questions import actions
from lms.questions.forms import SHAPES, QuestionForm
from lms.questions.policy import Kind
from lms.questions.queries import (
    picture_addresses,
    points_of,
    question_of_row,
    shown_pictures,
)
from lms.questions.viewsets.frame import bank_of, head_of, row_of, way_to

REVISIONS_SHOWN = 50


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the kind of a question, then write it."""
    bank = bank_of(request, pk, "lms.write_questions")
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in SHAPES:
        context = {"shapes": SHAPES.items(), "bank": bank, **head_of(_("New question"), way_to(bank))}
        return render(request, "lms/questions/admin/kinds.html", context)
    paths = [point.path for point in points_of(bank)]
    form = QuestionForm(request.POST or None, request.FILES or None, kind=kind, paths=paths)
    if request.method == "POST" and form.is_valid() and form.question is not None:
        try:
            row = actions.add_question(bank=bank, question=form.question, actor=request.user)
            messages.success(request, _("The question is kept as a draft. Put it in use when it is ready."))
            return redirect("questions:question", row.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "back": way_to(bank)[0], **head_of(str(SHAPES[kind].name), way_to(bank))}
    return render(request, "lms/questions/admin/write.html", context)


@require_safe
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """A question as trainees see it, its answer, and what it said before."""
    row = row_of(request, pk)
    said = question_of_row(row)
    context = {
        "row": row,
        "question": said,
        "is_several": said.kind == Kind.MULTIPLE,
        "pictures": shown_pictures(row, said),
        "revisions": row.revisions.select_related("created_by__person")[:REVISIONS_SHOWN],
        "may_change": request.user.has_perm("lms.change_bankquestion", row),
        **head_of(row.key, way_to(row.bank)),
    }
    return render(request, "lms/questions/admin/question.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a question: papers that have it keep what it said."""
    row = row_of(request, pk, "lms.change_bankquestion")
    paths = [point.path for point in points_of(row.bank)]
    was = question_of_row(row)
    form = QuestionForm(
        request.POST or None,
        request.FILES or None,
        was=was,
        paths=paths,
        addresses=picture_addresses(row, was),
    )
    if request.method == "POST" and form.is_valid() and form.question is not None:
        reason = form.cleaned_data["reason"]
        try:
            actions.correct_question(row=row, question=form.question, actor=request.user, reason=reason)
            messages.success(
                request, _("The question has a new revision. Papers that have it keep the old one.")
            )
            return redirect("questions:question", row.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    way = (reverse("questions:question", args=[row.pk]), row.key)
    context = {"form": form, "back": way[0], **head_of(_("Correct the question"), way_to(row.bank), way)}
    return render(request, "lms/questions/admin/write.html", context)


@require_safe
def picture(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """A picture of a question as it is now, by its place among them. It is shown, and nothing in it is ever run."""
    pictures = question_of_row(row_of(request, pk)).pictures
    if place >= len(pictures):
        raise Http404
    answer = HttpResponse(pictures[place].data, content_type=pictures[place].type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _moved(request: HttpRequest, pk: int, verb: Any, words: str) -> HttpResponse:
    row = row_of(request, pk, "lms.change_bankquestion")
    try:
        verb(row=row, actor=request.user)
        messages.success(request, words)
    except IllegalMove:
        messages.info(request, _("This was done already. The page shows how it stands now."))
    if request.POST.get("back") == "alike":  # from a pair of questions that are alike
        return redirect("questions:alike", row.bank_id)
    return redirect("questions:question", row.pk)


@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Let papers draw it."""
    return _moved(request, pk, actions.use_question, _("The question is in use: papers can draw it."))


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Let no paper draw it any more."""
    return _moved(
        request, pk, actions.retire_question, _("The question is retired: no paper draws it any more.")
    )
