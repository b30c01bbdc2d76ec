"""What readers gave, once results stand; and putting points right."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from core.access.desk import desk_head
from lms.assessments.models import Answer, Attempt
from lms.assessments.queries import questions_of
from lms.marking import actions
from lms.marking.forms import CorrectionForm
from lms.marking.queries import neutral_number, read_answers, scheme_of
from lms.marking.queries.regrading import asked_rows
from lms.marking.queries.results import shown
from lms.marking.viewsets.reading import found_paper, said_to

PER_PAGE = 30


@require_safe
def done(request: HttpRequest, paper_id: int, key: str) -> HttpResponse:
    """The answers to one question whose results stand, with what each reader gave and why it came to that."""
    paper = found_paper(request, paper_id)
    rows = read_answers(request.user, paper.pk, key.replace("\0", "")[:40])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    scheme = scheme_of(paper.pk)
    label = pgettext("marking", "Quiz marking")
    context = {
        **desk_head(paper.title_here, "edit", "marking:index", label),
        "paper": paper,
        "prompt": next((row["prompt"] for row in asked_rows(paper) if row["key"] == key), ""),
        "page": page,
        "rows": [(shown(row, scheme), neutral_number(row.pk)) for row in page.object_list],
    }
    return render(request, "lms/marking/admin/done.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Give other points in place of those that stand, with the reason."""
    rows = Answer.objects.select_related(
        "attempt__enrolment__cohort__organisation", "attempt__enrolment__person"
    )
    seen = Attempt.objects.visible_to(request.user).filter(marked_at__isnull=False)
    answer = get_object_or_404(rows.filter(attempt__in=seen, is_read=True), pk=pk)
    if not request.user.has_perm("lms.correct_points", answer.attempt):
        raise Http404
    question = questions_of(answer.attempt, {answer.question})[0]
    scheme, made = scheme_of(answer.attempt.paper_id), list(answer.corrections.all())
    initial = {"points": answer.points, "seen": len(made), "remark": made[-1].remark if made else ""}
    form = CorrectionForm(request.POST or None, initial=initial, most=question.points, scheme=scheme)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_points(answer=answer, actor=request.user, **form.cleaned_data)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            name = answer.attempt.enrolment.person.name
            messages.success(request, _("Done. %(name)s has been told.") % {"name": name})
            return redirect("marking:done", answer.attempt.paper_id, answer.question)
    label = pgettext("marking", "Quiz marking")
    context = {
        **desk_head(_("Correct the points"), "edit", "marking:index", label),
        "answer": answer,
        "question": question,
        "said": said_to(question, answer.chosen),
        "form": form,
    }
    return render(request, "lms/marking/admin/correct.html", context)
