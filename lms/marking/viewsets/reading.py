"""Reading answers: what waits, the next one, and giving points for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access.desk import desk_crumbs, desk_head
from core.access.scope import holds
from core.access.states import COURSE_READERS, Role
from lms.assessments.models import Attempt
from lms.assessments.queries import questions_of
from lms.courses.versions import PaperVersion
from lms.marking import actions
from lms.marking.forms import ReadingForm
from lms.marking.models import Reading
from lms.marking.policy import criteria_of
from lms.marking.queries import answers_to_read, groups_for, neutral_number, outcome_words, scheme_of
from lms.marking.queries.regrading import papers_sat
from lms.questions.policy import Kind, Question

PER_PAGE = 30


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits, paper by paper and question by question."""
    if not holds(request.user, *COURSE_READERS):
        raise Http404
    groups = groups_for(request.user)
    page = Paginator(papers_sat(request.user), PER_PAGE).get_page(request.GET.get("page"))
    sat = {row["paper"]: row["number"] for row in page.object_list}
    papers = PaperVersion.objects.select_related("version").defer("questions", "blueprint").in_bulk(sat)
    context = {
        "groups": groups,
        "page": page,
        "papers": [(papers[pk], number) for pk, number in sat.items()],
        "waits": sum(group.waits for group in groups),
        "header_title": pgettext("marking", "Quiz marking"),
        "header_icon": "edit",
        "breadcrumbs_items": desk_crumbs(("", pgettext("marking", "Quiz marking"))),
    }
    return render(request, "lms/marking/admin/index.html", context)


def found_paper(request: HttpRequest, paper_id: int) -> PaperVersion:
    """A paper that somebody has sat whom the user looks after; 404 for anything else."""
    sat = Attempt.objects.visible_to(request.user).filter(paper=paper_id)
    if not holds(request.user, *COURSE_READERS) or not sat.exists():
        raise Http404
    return get_object_or_404(PaperVersion.objects.select_related("version"), pk=paper_id)


def _on(request: HttpRequest, paper: PaperVersion, key: str) -> HttpResponse:
    """To the next answer to this question, or back to the list where there is none."""
    taken = actions.take_next(paper=paper, question=key, actor=request.user)
    if taken is not None:
        return redirect("marking:read", taken.uid)
    messages.info(request, _("No answer to this question waits for you at the moment."))
    return redirect("marking:index")


@require_POST
def next_answer(request: HttpRequest, paper_id: int, key: str) -> HttpResponse:
    """Take the next answer to this question."""
    if not holds(request.user, Role.ADMINISTRATOR, Role.INSTRUCTOR):
        raise Http404
    if "\0" in key or not answers_to_read(request.user).filter(attempt__paper=paper_id).exists():
        return _nothing(request, paper_id)
    return _on(request, PaperVersion.objects.get(pk=paper_id), key)


def _nothing(request: HttpRequest, paper_id: int) -> HttpResponse:
    found_paper(request, paper_id)
    messages.info(request, _("No answer to this question waits for you at the moment."))
    return redirect("marking:index")


def _mine(request: HttpRequest, uid: UUID) -> Reading | None:
    """What this reader has taken and not given; None where it was given, or another has taken it over."""
    rows = Reading.objects.filter(reader=request.user.pk, given_at=None)
    return rows.select_related("answer__attempt__enrolment__person").filter(uid=uid).first()


def _reader(request: HttpRequest) -> None:
    if not holds(request.user, Role.ADMINISTRATOR, Role.INSTRUCTOR):
        raise Http404


@require_http_methods(["GET", "POST"])
def read(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One answer without a name; posting gives the points and goes on to the next."""
    _reader(request)
    reading = _mine(request, uid)
    if reading is None:
        return _gone(request, uid)
    answer, attempt = reading.answer, reading.answer.attempt
    if not answers_to_read(request.user).filter(pk=answer.pk).exists():
        return _gone(request, uid)
    question, scheme = questions_of(attempt, {answer.question})[0], scheme_of(attempt.paper_id)
    criteria = criteria_of(question, scheme)
    form = ReadingForm(request.POST or None, criteria=criteria, scheme=scheme)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = actions.give_reading(
                reading=reading, points=form.given, remark=form.cleaned_data["remark"], actor=request.user
            )
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved.") + " " + outcome_words(outcome))
            return _on(request, PaperVersion.objects.get(pk=attempt.paper_id), answer.question)
    context = {
        **_page(reading, question),
        "form": form,
        "criteria": criteria,
        "name": "" if scheme.is_anonymous else attempt.enrolment.person.name,
    }
    return render(request, "lms/marking/admin/read.html", context)


def _gone(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What one has read already, and what needs nobody any more; 404 for what is not one's own."""
    if not Reading.objects.filter(uid=uid, reader=request.user.pk).exists():
        raise Http404
    messages.warning(request, _("You have read this answer, or it needs nobody any more."))
    return redirect("marking:index")


def _page(reading: Reading, question: Question) -> dict[str, Any]:
    paper = PaperVersion.objects.get(pk=reading.answer.attempt.paper_id)
    number = neutral_number(reading.answer_id)
    title = _("Answer %(number)s") % {"number": number}
    label = pgettext("marking", "Quiz marking")
    return {
        **desk_head(title, "edit", "marking:index", label),
        "reading": reading,
        "question": question,
        "paper": paper,
        "said": said_to(question, reading.answer.chosen),
        "back_url": reverse("marking:index"),
    }


def said_to(question: Question, chosen: Any) -> list[tuple[str, str]]:
    """What was written, part by part where it is a case: the part's question, and the text."""
    if question.kind == Kind.CASE:
        by_key = chosen if isinstance(chosen, dict) else {}
        return [(part.prompt, str(by_key.get(part.key, ""))) for part in question.parts]
    texts = chosen if isinstance(chosen, list) else [chosen]
    return [("", "\n".join(str(text) for text in texts))]


@require_POST
def back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Leave it to another reader."""
    _reader(request)
    reading = _mine(request, uid)
    if reading is None:
        return _gone(request, uid)
    actions.put_back(reading=reading, actor=request.user)
    messages.success(request, _("Put back: another can read this answer now."))
    return redirect("marking:index")
