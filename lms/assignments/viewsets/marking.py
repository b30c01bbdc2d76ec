"""What was handed in in one cohort, in the Wagtail admin: the list, marking one, and what comes after a mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.attachments.actions import attachment_response
from core.states import IllegalMove
from lms.assignments import actions
from lms.assignments.forms import CorrectionForm, DeskFilter, MarkForm, ReasonForm, initial_of
from lms.assignments.models import Submission, SubmissionFile
from lms.assignments.policy import Pick, Turn, deduct, rubric_of
from lms.assignments.queries import (
    DESK_ORDER,
    desk_submissions,
    received_of,
    rule_of,
    standing_of,
    waiting_items,
)
from lms.assignments.states import SubmissionState
from lms.cohorts.models import Cohort
from lms.cohorts.viewsets import crumbs
from lms.courses.versions import version_of

PER_PAGE = 50


def _found(request: HttpRequest, rows: QuerySet[Submission]) -> tuple[QuerySet[Submission], dict[str, str]]:
    """The rows that the search and the state chips ask for. Nonsense asks for nothing."""
    form = DeskFilter(request.GET)
    form.is_valid()
    wanted = {"q": form.cleaned_data.get("q", "").strip(), "state": form.cleaned_data.get("state", "")}
    if wanted["q"]:
        plain = wanted["q"].lower()
        person = Q(enrolment__person__name__icontains=plain)
        person |= Q(enrolment__person__name_search__contains=plain)
        rows = rows.filter(person | Q(assignment__title__icontains=plain))
    if wanted["state"]:
        rows = rows.filter(state=wanted["state"])
    return rows, wanted


@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Everything that was handed in: what waits to be marked first, chips by state, search by name or title."""
    rows = Cohort.objects.visible_to(request.user).select_related("organisation", "version")
    shown = get_object_or_404(rows, pk=cohort_id)
    everything = desk_submissions(request.user, shown)
    counts = dict(everything.order_by().values_list("state").annotate(number=Count("pk")))
    found, wanted = _found(request, everything)
    context = {
        "cohort": shown,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "chips": [(state.value, state.label, counts.get(state.value, 0)) for state in DESK_ORDER],
        "total": sum(counts.values()),
        "assignments": list(shown.version.assignments.defer("html", "rubric")),
        "may_compare": request.user.has_perm("lms.compare_submissions", shown),
        "header_title": shown.title_here,
        "header_icon": "doc-full",
        "breadcrumbs_items": crumbs(shown, _("Assignments")),
    }
    return render(request, "lms/assignments/admin/cohort.html", context)


def _submission(request: HttpRequest, pk: int) -> Submission:
    """A submission that the desk may see: handed in, whoever wrote it."""
    rows = Submission.objects.visible_to(request.user).exclude(state=SubmissionState.DRAFT)
    submission = get_object_or_404(
        rows.select_related(
            "assignment",
            "marked_by__person",
            "enrolment__cohort__organisation",
            "enrolment__person",
        ),
        pk=pk,
    )
    if not Cohort.objects.visible_to(request.user).filter(pk=submission.enrolment.cohort_id).exists():
        raise Http404  # one's own, without a desk that reaches it
    submission.enrolment.version = version_of(submission.enrolment.version_id)
    return submission


@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """One submission with the attempts before it; posting passes or returns it."""
    submission = _submission(request, pk)
    may_mark = request.user.has_perm("lms.mark_submission", submission)
    if request.method == "POST" and not may_mark:
        raise Http404
    form = MarkForm(request.POST or None, rubric=rubric_of(submission.assignment.rubric))
    if _give_mark(request, submission, form, actions.mark_submission):
        return redirect(_after(request, submission))
    earlier = Submission.objects.filter(
        enrolment=submission.enrolment_id, key=submission.key, number__lt=submission.number
    )
    standing = standing_of(submission.enrolment, submission.assignment)
    is_newest = standing.latest is not None and standing.latest.pk == submission.pk
    context = _frame(submission, _("Assignments")) | {
        "earlier": earlier.select_related("marked_by__person")
        .prefetch_related("files__attachment")
        .order_by("-number"),
        "files": submission.files.select_related("attachment"),
        "form": form,
        "may_mark": may_mark and submission.state == SubmissionState.SUBMITTED,
        "may_correct": may_mark and submission.is_marked and is_newest,
        "may_grant": may_mark and standing.turn == Turn.OVER and is_newest,
        "marks": submission.marks.select_related("marked_by__person").prefetch_related("criteria"),
        "late": standing.late_words if submission.is_late else [],
        "would_lose": _loss(submission),
        "received": received_of(submission) if submission.assignment.peer_reviews else None,
        "is_last": standing.left <= 0,
    }
    return render(request, "lms/assignments/admin/mark.html", context)


def _loss(submission: Submission) -> int:
    """The points that full marks lose for being late."""
    assignment = submission.assignment
    top = assignment.max_score
    return deduct(top, top=top, late=submission.days_late, rule=rule_of(assignment)).taken


def _after(request: HttpRequest, submission: Submission) -> str:
    """Where a mark leads: from the queue to what has waited longest, of the cohort it was narrowed to, of those that the
    user teaches (`mine`) or of all; else to the list of the cohort."""
    queue = request.GET.get("queue", "")
    if not queue:
        return reverse("assignments:cohort", args=[submission.enrolment.cohort_id])
    cohorts = Cohort.objects.visible_to(request.user).order_by()
    if queue == "mine":
        cohorts = cohorts.instructed_by(request.user)
    elif queue != "all":
        cohorts = cohorts.filter(pk=submission.enrolment.cohort_id)
    left = waiting_items(list(cohorts.values_list("pk", flat=True)))
    oldest = min(left, key=lambda item: item.since, default=None)
    if oldest:
        return f"{oldest.url}?queue={quote(queue)}"
    return reverse("teaching:marking", query={"mine": 1} if queue == "mine" else None)


def _frame(submission: Submission, label: str) -> dict[str, Any]:
    cohort = submission.enrolment.cohort
    return {
        "submission": submission,
        "assignment": submission.assignment,
        "cohort": cohort,
        "header_title": _("%(a)s: %(b)s")
        % {"a": submission.assignment.title_here, "b": submission.enrolment.person.name},
        "header_icon": "doc-full",
        "breadcrumbs_items": [
            *crumbs(cohort)[:-1],
            {"url": reverse("assignments:cohort", args=[cohort.pk]), "label": cohort.title_here},
            {"url": "", "label": label},
        ],
    }


def _to_mark(request: HttpRequest, pk: int) -> Submission:
    submission = _submission(request, pk)
    if not request.user.has_perm("lms.mark_submission", submission):
        raise Http404
    return submission


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Give another mark in place of the one that stands; the former one stays on record."""
    submission = _to_mark(request, pk)
    if submission.marked_at is None:
        return redirect("assignments:mark", submission.pk)
    now = {
        "score": submission.before_deduction,
        "comment": submission.comment,
        "seen": submission.marked_at.isoformat(),
    }
    rubric = rubric_of(submission.assignment.rubric)
    picks = {row.key: Pick(row.level_key, row.comment) for row in submission.why}
    form = CorrectionForm(request.POST or None, initial=now | initial_of(rubric, picks), rubric=rubric)
    if _give_mark(request, submission, form, actions.correct_mark):
        return redirect("assignments:mark", submission.pk)
    context = _frame(submission, _("Correct the mark")) | {"form": form, "corrects": True}
    return render(request, "lms/assignments/admin/act.html", context)


@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the trainee hand in once more than the course allows."""
    submission = _to_mark(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _attempt(
            request,
            submission,
            form,
            lambda: actions.grant_attempt(submission=submission, actor=request.user, reason=reason),
        ):
            return redirect("assignments:mark", submission.pk)
    context = _frame(submission, _("Grant another attempt")) | {"form": form}
    return render(request, "lms/assignments/admin/act.html", context)


def _give_mark(
    request: HttpRequest, submission: Submission, form: MarkForm, verb: Callable[..., object]
) -> bool:
    """Give the mark that was posted, by this verb; False when none was posted, or it is at fault or refused."""
    if request.method != "POST" or not form.is_valid():
        return False
    passes = request.POST.get("verdict") == "pass"
    return _attempt(
        request,
        submission,
        form,
        lambda: verb(submission=submission, actor=request.user, passes=passes, **form.facts()),
    )


def _attempt(request: HttpRequest, submission: Submission, form: Form, act: Callable[[], object]) -> bool:
    """Do it and say so, or that somebody else was first; False when it is refused, with the reason in the form."""
    name = submission.enrolment.person.name
    try:
        act()
    except actions.NotPossible as refused:
        form.add_error(None, str(refused))
        return False
    except IllegalMove:
        submission.refresh_from_db(fields=["state"])
        values = {"name": name, "state": submission.get_state_display()}
        messages.warning(request, _("%(name)s: already “%(state)s”. Nothing was changed.") % values)
    else:
        messages.success(request, _("Done. %(name)s has been told.") % {"name": name})
    return True


@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """One file of what was handed in."""
    kept = get_object_or_404(SubmissionFile.objects.select_related("attachment"), pk=pk)
    _submission(request, kept.submission_id)
    return attachment_response(kept.attachment)
