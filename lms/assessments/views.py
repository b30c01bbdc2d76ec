"""Sitting a quiz on the phone: start, some questions a page, hand in, result. Only one's own attempts are found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.assessments import actions
from lms.assessments.forms import chosen_in
from lms.assessments.models import Attempt
from lms.assessments.policy import Start
from lms.assessments.queries import Sheet, ahead, asked_in, is_due, ranges_of, rows_of, sheet_of, standing_of
from lms.assessments.states import AttemptState
from lms.cohorts.queries import titled
from lms.courses.versions import PaperVersion, paper_at, paper_of, version_of
from lms.enrolments.models import Enrolment
from lms.questions.policy import plain


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
            attempt = actions.start_attempt(enrolment=enrolment, paper=paper, device=device_of(request))
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
    context["most"] = plain(standing.most) if standing.most is not None else ""
    opens = (
        standing.cools_until
        if standing.start == Start.COOLS
        else standing.window and standing.window.opens_at
    )
    context["distance"] = ahead(opens) if opens else ""
    if standing.first:
        context["first_title"] = titled(standing.first.title, standing.first.title_en)
    return render(request, "lms/assessments/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, attempt_id: int, number: int) -> HttpResponse:
    """Some questions. Posting keeps them and goes where the button says; nothing is lost when that fails."""
    attempt = _open(request, attempt_id)
    if elsewhere := _elsewhere(request, attempt):
        return elsewhere
    ranges = ranges_of(attempt)
    if not 1 <= number <= len(ranges):
        return redirect("lms:attempt-page", attempt.pk, 1)
    typed: dict[str, tuple[Any, str]] = {}
    if request.method == "POST":
        sent = _sent(request, attempt, ranges[number - 1])
        try:
            faults = actions.save_answers(attempt=attempt, answers=sent, device=device_of(request))
        except actions.NotPossible as refused:
            return _refused(request, attempt, number, refused)
        if not faults:
            return redirect(_next(request, attempt, ranges))
        typed = {
            each.question: (each.said, faults[each.question]) for each in sent if each.question in faults
        }
    elif attempt.paper.watches:
        actions.note_page(attempt=attempt, page=number)
    sheet = sheet_of(attempt, typed=typed)
    here = sheet.page(number)
    context = _context(attempt, sheet) | {
        "number": number,
        "questions": here,
        "faults": [question for question in here if question.fault],
        "elsewhere": sheet.answered - sum(question.is_answered for question in here),
    }
    return render(request, "lms/assessments/page.html", context, status=422 if typed else 200)


def _refused(
    request: HttpRequest, attempt: Attempt, number: int, refused: actions.NotPossible
) -> HttpResponse:
    """Where somebody goes on whose page was not kept at all."""
    if isinstance(refused, actions.TooLate):
        messages.warning(request, str(refused))
        return redirect("lms:attempt-result", attempt.pk)
    messages.error(request, str(refused))
    if isinstance(refused, actions.Elsewhere):
        return redirect("lms:attempt-elsewhere", attempt.pk)
    return redirect("lms:attempt-page", attempt.pk, number)


def _next(request: HttpRequest, attempt: Attempt, ranges: Sequence[range]) -> str:
    """The page, or the question (q12), that the pressed button names; the review after the last."""
    wanted = request.POST.get("go", "")
    number = int(wanted[1:]) if wanted[:1] == "q" and wanted[1:].isdecimal() and len(wanted) < 5 else 0
    page = next((at for at, places in enumerate(ranges, 1) if number - 1 in places), 0)
    if page:
        return f"{reverse('lms:attempt-page', args=[attempt.pk, page])}#question-{number}"
    target = int(wanted) if wanted.isdecimal() and len(wanted) < 4 else 0
    if 1 <= target <= len(ranges):
        return reverse("lms:attempt-page", args=[attempt.pk, target])
    return reverse("lms:attempt-submit", args=[attempt.pk])


@require_POST
def answer(request: HttpRequest, attempt_id: int, question: str) -> HttpResponse:
    """Keep one answer while the page stays open (htmx); answers with how it went, in a line."""
    context: dict[str, object] = {"attempt_id": attempt_id, "question": question}
    try:
        faults = actions.save_own_answer(
            asker=request.user,
            attempt_id=attempt_id,
            question=question,
            read=partial(chosen_in, request.POST),
            device=device_of(request),
        )
        context["fault"] = faults.get(question, "")
    except Attempt.DoesNotExist as missing:
        raise Http404 from missing
    except actions.NotPossible as refused:
        context |= {
            "refusal": str(refused),
            "is_over": isinstance(refused, actions.TooLate),
            "is_elsewhere": isinstance(refused, actions.Elsewhere),
        }
    return render(request, "lms/assessments/saved.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def elsewhere(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """An attempt that another device has; posting goes on with it here."""
    attempt = _open(request, attempt_id)
    if request.method == "POST":
        try:
            actions.take_over(attempt=attempt, device=device_of(request))
        except actions.TooLate:
            return redirect("lms:attempt-result", attempt.pk)
        return redirect("lms:attempt-page", attempt.pk, 1)
    if attempt.state != AttemptState.OPEN or attempt.holder in ("", device_of(request)):
        return redirect("lms:attempt-page", attempt.pk, 1)
    context = {
        "attempt": attempt,
        "paper_title": titled(attempt.paper.title, attempt.paper.title_en),
        "enrolment": attempt.enrolment,
    }
    return render(request, "lms/assessments/elsewhere.html", context)


@require_POST
def told(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """What the page says of itself: left, come back, without a network. Answers nothing, whatever came of it."""
    try:
        actions.note_told(asker=request.user, attempt_id=attempt_id, kind=request.POST.get("kind", "")[:20])
    except Attempt.DoesNotExist as missing:
        raise Http404 from missing
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """What is still unanswered; posting hands in. Handed in twice it is the same result."""
    attempt = _open(request, attempt_id)
    if elsewhere := _elsewhere(request, attempt):
        return elsewhere
    if request.method == "POST":
        actions.submit_attempt(attempt=attempt)
        return redirect("lms:attempt-result", attempt.pk)
    return render(request, "lms/assessments/submit.html", _context(attempt, sheet_of(attempt)))


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


def _sent(request: HttpRequest, attempt: Attempt, places: range) -> list[actions.Chosen]:
    """The answers of one page, in the form's names."""
    rows = rows_of(attempt)
    return [chosen_in(request.POST, asked_in(rows[place])) for place in places]


def _elsewhere(request: HttpRequest, attempt: Attempt) -> HttpResponse | None:
    """Where to go from an attempt that is over, or that another device has; None: it goes on here."""
    if attempt.state != AttemptState.OPEN:
        return redirect("lms:attempt-result", attempt.pk)
    if attempt.holder not in ("", device_of(request)):
        return redirect("lms:attempt-elsewhere", attempt.pk)
    return None


def device_of(request: HttpRequest) -> str:
    """The device, as a session has it: a digest, so that the rows of attempts open no session."""
    return salted_hmac("lms.assessments.device", request.session.session_key or "").hexdigest()
