"""The quizzes of a cohort in the Wagtail admin: when they are sat, who sat them, and how an attempt went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.viewsets.base import ViewSet

from lms.assessments import actions
from lms.assessments.forms import WindowForm
from lms.assessments.models import Attempt
from lms.assessments.queries import (
    attempts_at,
    quizzes_of,
    rows_of,
    timeline_of,
    times_of,
    window_of,
)
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.cohorts.viewsets import crumbs
from lms.courses.versions import paper_of
from lms.questions.policy import is_said

PER_PAGE = 50


def _cohort(request: HttpRequest, cohort_id: int) -> Cohort:
    rows = Cohort.objects.visible_to(request.user).select_related("organisation", "course", "version")
    return get_object_or_404(rows, pk=cohort_id)


def _title(cohort: Cohort, key: UUID) -> str:
    """The name of a quiz of this cohort. Raises Http404 for any other."""
    for section in cohort.version.outline:
        for item in section["items"]:
            if item["kind"] == "quiz" and item["key"] == str(key):
                return titled(item["title"], item["title_en"])
    raise Http404


def _frame(cohort: Cohort, title: str, *labels: str) -> dict[str, Any]:
    return {
        "cohort": cohort,
        "header_title": title,
        "header_icon": "tasks",
        "breadcrumbs_items": crumbs(cohort, *labels, title),
    }


@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The quizzes of a cohort, each with its time and how many sat it."""
    shown = _cohort(request, cohort_id)
    context = _frame(shown, _("Quizzes")) | {
        "quizzes": quizzes_of(shown, request.user),
        "runs_it": request.user.has_perm("lms.change_cohort", shown),
    }
    return render(request, "lms/assessments/admin/cohort.html", context)


@require_http_methods(["GET", "POST"])
def window(request: HttpRequest, cohort_id: int, key: UUID) -> HttpResponse:
    """From when to when the cohort sits a quiz; both empty: at any time."""
    shown = _cohort(request, cohort_id)
    if not request.user.has_perm("lms.change_cohort", shown):
        raise Http404
    title, kept = _title(shown, key), window_of(shown.pk, key)
    initial = {"opens_at": kept.opens_at, "closes_at": kept.closes_at} if kept else None
    form = WindowForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        times = form.cleaned_data
        try:
            if times["opens_at"] is None:
                actions.lift_paper_window(cohort=shown, key=key, actor=request.user)
            else:
                actions.set_paper_window(cohort=shown, key=key, actor=request.user, **times)
        except actions.NotPossible as refused:
            form.add_error("closes_at", str(refused))
        else:
            messages.success(request, _("The time of “%(title)s” is saved.") % {"title": title})
            return redirect(reverse("sittings:cohort", args=[shown.pk]))
    context = _frame(shown, title, _("Quizzes")) | {"form": form}
    return render(request, "lms/assessments/admin/window.html", context)


@require_safe
def quiz(request: HttpRequest, cohort_id: int, key: UUID) -> HttpResponse:
    """The attempts at one quiz, the newest first."""
    shown = _cohort(request, cohort_id)
    title = _title(shown, key)
    page = Paginator(attempts_at(shown, key, request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = _frame(shown, title, _("Quizzes")) | {"page": page, "query": ""}
    return render(request, "lms/assessments/admin/quiz.html", context)


@require_safe
def attempt(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """How one attempt went: what was kept of it, and about how long each question took."""
    rows = Attempt.objects.visible_to(request.user).select_related(
        "enrolment__person", "enrolment__cohort__course"
    )
    shown = get_object_or_404(rows, pk=attempt_id)
    paper, place = paper_of(shown.paper_id), shown.enrolment.cohort
    events = list(shown.events.all())
    saved = [(row.question, row.saved_at) for row in shown.answers.all() if is_said(row.chosen)]
    times = times_of(shown.started_at, saved, events)
    title = titled(paper.title, paper.title_en)
    context = _frame(place, f"{title} · {shown.enrolment.person.name}", _("Quizzes")) | {
        "attempt": shown,
        "paper": paper,
        "timeline": timeline_of(shown, events),
        "questions": [
            {"number": number, "prompt": row["prompt"], "seconds": times.get(row["key"])}
            for number, row in enumerate(rows_of(shown), 1)
        ],
    }
    return render(request, "lms/assessments/admin/attempt.html", context)


class SittingViewSet(ViewSet):
    """The addresses under /admin/sittings/; they are reached from the cohort."""

    name = "sittings"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:cohort_id>/", cohort, name="cohort"),
            path("<int:cohort_id>/<uuid:key>/", quiz, name="quiz"),
            path("<int:cohort_id>/<uuid:key>/window/", window, name="window"),
            path("attempt/<int:attempt_id>/", attempt, name="attempt"),
        ]
