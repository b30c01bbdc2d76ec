"""Peer reviews at the desk: who reads whose work, what they wrote, and what is not written yet."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.assignments import actions
from lms.assignments.models import PeerRound
from lms.assignments.queries import deadline_of, desk_reviews
from lms.assignments.states import ReviewState
from lms.cohorts.models import Cohort
from lms.cohorts.viewsets import crumbs
from lms.courses.versions import AssignmentVersion, assignment_at

PER_PAGE = 50


def found_assignment(request: HttpRequest, cohort_id: int, key: UUID) -> tuple[Cohort, AssignmentVersion]:
    """A cohort of the user's desk and an assignment of its version, by its key; 404 for anything else."""
    rows = Cohort.objects.visible_to(request.user).select_related("organisation")
    cohort = get_object_or_404(rows, pk=cohort_id)
    try:
        return cohort, assignment_at(cohort.version_id, key)
    except AssignmentVersion.DoesNotExist as missing:
        raise Http404 from missing


@require_safe
def peers(request: HttpRequest, cohort_id: int, key: UUID) -> HttpResponse:
    """All reviews of one assignment, those not written first."""
    cohort, assignment = found_assignment(request, cohort_id, key)
    rows = desk_reviews(request.user, cohort, key)
    done = rows.filter(state=ReviewState.DONE).count()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "assignment": assignment,
        "round": PeerRound.objects.filter(cohort=cohort, key=key).first(),
        "due": deadline_of(cohort, assignment),
        "page": page,
        "done": done,
        "total": page.paginator.count,
        "may_open": assignment.peer_reviews and request.user.has_perm("lms.open_peer_round", cohort),
        "header_title": assignment.title_here,
        "header_icon": "group",
        "breadcrumbs_items": [
            *crumbs(cohort)[:-1],
            {"url": reverse("assignments:cohort", args=[cohort.pk]), "label": cohort.title_here},
            {"url": "", "label": _("Peer reviews")},
        ],
    }
    return render(request, "lms/assignments/admin/peers.html", context)


@require_POST
def open_round(request: HttpRequest, cohort_id: int, key: UUID) -> HttpResponse:
    """Share the work out now."""
    cohort, assignment = found_assignment(request, cohort_id, key)
    if not request.user.has_perm("lms.open_peer_round", cohort):
        raise Http404
    try:
        actions.open_peer_round(cohort=cohort, assignment=assignment, actor=request.user)
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Shared out. Everybody who is to review has been told."))
    return redirect("assignments:peers", cohort.pk, key)
