"""Sitting a quiz on the phone: start, five questions a page, hand in, result. Only one's own attempts are found."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.assessments import actions
from lms.assessments.models import Attempt
from lms.assessments.policy import PAGE_SIZE
from lms.assessments.queries import Sheet, is_due, rows_of, sheet_of, standing_of
from lms.assessments.states import AttemptState
from lms.cohorts.queries import titled
from lms.courses.versions import PaperVersion, paper_at, paper_of, version_of
from lms.enrolments.models import Enrolment


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, enrolment_id: int, key: UUID) -> HttpResponse:
    """What the quiz asks of one; posting begins an attempt or goes on with the open one."""
    own = Enrolment.objects.learning().filter(person__user_id=request.user.pk or 0)
    enrolment = get_object_or_404(own, pk=enrolment_id)
    enrolment.version = version_of(enrolment.version_id)
    try:
        paper = paper_at(enrolment.version_id, key)
    except PaperVersion.DoesNotExist as missing:
        raise Http404 from missing
    if request.method == "POST":
        try:
            attempt = actions.start_attempt(enrolment=enrolment, paper=paper)
            return redirect("lms:attempt-page", attempt.pk, 1)
        except actions.NotPossible as refused:
            messages.error(request, str(refused))
            return redirect("lms:attempt-start", enrolment.pk, key)
    standing = standing_of(enrolment, paper)
    if standing.open_attempt is not None and is_due(standing.open_attempt):
        actions.expire(attempt=standing.open_attempt)
        standing = standing_of(enrolment, paper)
    title = titled(paper.title, paper.title_en)
    context = {"enrolment": enrolment, "paper": paper, "standing": standing, "paper_title": title}
    if standing.first:
        context["first_title"] = titled(standing.first.title, standing.first.title_en)
    return render(request, "lms/assessments/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, attempt_id: int, number: int) -> HttpResponse:
    """Five questions. Posting keeps them and goes where the button says; nothing is lost when that fails."""
    attempt = _open(request, attempt_id)
    if attempt.state != AttemptState.OPEN:
        return redirect("lms:attempt-result", attempt.pk)
    if request.method == "POST":
        try:
            actions.save_answers(attempt=attempt, answers=_chosen(request, attempt, number))
        except actions.TooLate as late:
            messages.warning(request, str(late))
            return redirect("lms:attempt-result", attempt.pk)
        except actions.NotPossible as refused:
            messages.error(request, str(refused))
            return redirect("lms:attempt-page", attempt.pk, number)
        return redirect(_next(request, attempt, number))
    sheet = sheet_of(attempt)
    if not 1 <= number <= sheet.pages:
        return redirect("lms:attempt-page", attempt.pk, 1)
    context = _context(attempt, sheet) | {
        "number": number,
        "questions": sheet.page(number),
        "elsewhere": sheet.answered - sum(question.is_answered for question in sheet.page(number)),
    }
    return render(request, "lms/assessments/page.html", context)


def _next(request: HttpRequest, attempt: Attempt, number: int) -> str:
    """The page that the pressed button names; the review after the last."""
    pages = -(-len(rows_of(attempt)) // PAGE_SIZE)
    wanted = request.POST.get("go", "")
    target = int(wanted) if wanted.isdecimal() and len(wanted) < 4 else pages + 1
    if 1 <= target <= pages:
        return reverse("lms:attempt-page", args=[attempt.pk, target])
    return reverse("lms:attempt-submit", args=[attempt.pk])


@require_POST
def answer(request: HttpRequest, attempt_id: int, question: str) -> HttpResponse:
    """Keep one answer while the page stays open (htmx); answers with how it went, in a line."""
    context: dict[str, object] = {"attempt_id": attempt_id}
    try:
        actions.save_own_answer(asker=request.user, attempt_id=attempt_id, answer=_one(request, question))
    except Attempt.DoesNotExist as missing:
        raise Http404 from missing
    except actions.NotPossible as refused:
        context |= {"refusal": str(refused), "is_over": isinstance(refused, actions.TooLate)}
    return render(request, "lms/assessments/saved.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """What is still unanswered; posting hands in. Handed in twice it is the same result."""
    attempt = _open(request, attempt_id)
    if request.method == "POST" or attempt.state != AttemptState.OPEN:
        if request.method == "POST":
            attempt = actions.submit_attempt(attempt=attempt)
        return redirect("lms:attempt-result", attempt.pk)
    sheet = sheet_of(attempt)
    places = [{"question": question, "page": sheet.page_of(question)} for question in sheet.questions]
    return render(request, "lms/assessments/submit.html", _context(attempt, sheet) | {"places": places})


@require_safe
def result(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """The result, explained as far as the next attempt allows; an attempt that is still open is gone on with."""
    attempt = _open(request, attempt_id)
    if attempt.state == AttemptState.OPEN:
        return redirect("lms:attempt-page", attempt.pk, 1)
    standing = standing_of(attempt.enrolment, attempt.paper)
    sheet = sheet_of(attempt, tells_answers=standing.is_passed or standing.left == 0)
    context = _context(attempt, sheet) | {"standing": standing}
    return render(request, "lms/assessments/result.html", context)


def _open(request: HttpRequest, attempt_id: int) -> Attempt:
    """One's own attempt; one whose time has run out is closed first."""
    rows = Attempt.objects.mine(request.user).select_related("enrolment")
    attempt = get_object_or_404(rows, pk=attempt_id)
    if is_due(attempt):
        actions.expire(attempt=attempt)
        attempt = get_object_or_404(rows, pk=attempt_id)
    attempt.paper = paper_of(attempt.paper_id)
    attempt.enrolment.version = version_of(attempt.enrolment.version_id)
    return attempt


def _context(attempt: Attempt, sheet: Sheet) -> dict[str, object]:
    paper = attempt.paper
    return {
        "attempt": attempt,
        "sheet": sheet,
        "paper": paper,
        "paper_title": titled(paper.title, paper.title_en),
        "enrolment": attempt.enrolment,
    }


def _chosen(request: HttpRequest, attempt: Attempt, number: int) -> Sequence[actions.Chosen]:
    """The answers of one page, in the form's names. An unknown page has no questions."""
    keys = [row["key"] for row in rows_of(attempt)]
    page_keys = keys[(number - 1) * PAGE_SIZE : number * PAGE_SIZE] if number > 0 else []
    return [_one(request, key) for key in page_keys]


def _one(request: HttpRequest, key: str) -> actions.Chosen:
    chosen = tuple(request.POST.getlist(f"q-{key}"))
    return actions.Chosen(question=key, said=chosen, is_flagged=request.POST.get(f"flag-{key}") == "1")
