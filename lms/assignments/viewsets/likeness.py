"""How alike the works of an assignment are, for those who mark it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.assignments import actions
from lms.assignments.jobs import THRESHOLD, compare_submissions
from lms.assignments.models import SimilarityReport, Submission
from lms.assignments.viewsets.peers import found_assignment
from lms.cohorts.models import Cohort
from lms.cohorts.viewsets import crumbs
from lms.courses.versions import AssignmentVersion


class ThresholdForm(forms.Form):
    threshold = forms.IntegerField(min_value=1, max_value=100)


def _marked(request: HttpRequest, cohort_id: int, key: UUID) -> tuple[Cohort, AssignmentVersion]:
    cohort, assignment = found_assignment(request, cohort_id, key)
    if not request.user.has_perm("lms.compare_submissions", cohort):
        raise Http404
    return cohort, assignment


@require_safe
def likeness(request: HttpRequest, cohort_id: int, key: UUID) -> HttpResponse:
    """The last report: pairs, the most alike first, with the passages that both have."""
    cohort, assignment = _marked(request, cohort_id, key)
    report = SimilarityReport.objects.visible_to(request.user).filter(cohort=cohort, key=key).first()
    context = {
        "cohort": cohort,
        "assignment": assignment,
        "report": report,
        "pairs": _pairs(report) if report else [],
        "threshold": report.threshold if report else THRESHOLD,
        "header_title": assignment.title_here,
        "header_icon": "copy",
        "breadcrumbs_items": [
            *crumbs(cohort)[:-1],
            {"url": reverse("assignments:cohort", args=[cohort.pk]), "label": cohort.title_here},
            {"url": "", "label": _("Similarity report")},
        ],
    }
    return render(request, "lms/assignments/admin/likeness.html", context)


def _pairs(report: SimilarityReport) -> list[dict[str, Any]]:
    """The pairs whose works are still there, with both. One query."""
    ids = {pair[side] for pair in report.pairs for side in ("first", "second")}
    works = Submission.objects.select_related("enrolment__person").in_bulk(ids)
    return [
        pair | {"first": works[pair["first"]], "second": works[pair["second"]]}
        for pair in report.pairs
        if pair["first"] in works and pair["second"] in works
    ]


@require_POST
def compare(request: HttpRequest, cohort_id: int, key: UUID) -> HttpResponse:
    """Compare the works anew, in a job."""
    cohort, assignment = _marked(request, cohort_id, key)
    form = ThresholdForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a share between 1 and 100 per cent."))
        return redirect("assignments:likeness", cohort.pk, key)
    try:
        job = compare_submissions(
            cohort=cohort, assignment=assignment, threshold=form.cleaned_data["threshold"], actor=request.user
        )
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
        return redirect("assignments:likeness", cohort.pk, key)
    return redirect("core:job", job.pk)
