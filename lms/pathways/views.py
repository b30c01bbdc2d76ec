"""Pathways for everybody, and one's own checklist."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.people.models import Person
from core.states import IllegalMove, Refused
from lms.pathways import actions
from lms.pathways.models import Pathway, PathwayEnrolment
from lms.pathways.policy import Validity, validity
from lms.pathways.queries import (
    TONES,
    checklist,
    group_words,
    joining,
    pathways_of,
    plan_of,
    progress_in,
)
from lms.pathways.states import PathwayState

PER_PAGE = 20


def _person(request: HttpRequest) -> Person | None:
    return getattr(request.user, "person", None) if request.user.is_authenticated else None


@login_not_required
@require_safe
def pathway_list(request: HttpRequest) -> HttpResponse:
    """One's own pathways, and the others that everybody may join."""
    person = _person(request)
    rows = Pathway.objects.public().select_related("organisation")
    if person is not None:
        rows = rows.exclude(enrolments__person=person)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "own": pathways_of(person)}
    return render(request, "lms/pathways/list.html", context)


@login_not_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What one pathway asks for, and the way onto it."""
    pathway = get_object_or_404(Pathway.objects.public().select_related("organisation"), pk=pk)
    plan = plan_of(pathway)
    context = {
        "pathway": pathway,
        "plan": plan,
        "groups": [(group_words(plan, group), plan.of_group(group)) for group in plan.groups],
        "joining": joining(pathway, _person(request)),
    }
    return render(request, "lms/pathways/detail.html", context)


@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a pathway, or its next round. Who is known to it may renew it even when it is no longer public."""
    person = _person(request)
    if person is None:
        raise Http404
    known = PathwayEnrolment.objects.filter(person=person).values("pathway")
    rows = (Pathway.objects.public() | Pathway.objects.filter(pk__in=known)).distinct()
    pathway = get_object_or_404(rows, pk=pk)
    try:
        enrolment = actions.join_pathway(pathway=pathway, person=person, actor=request.user)
    except Refused as refusal:
        messages.info(request, str(refusal))
        own = PathwayEnrolment.objects.filter(pathway=pathway, person=person).order_by("-round").first()
        return redirect("lms:pathway-mine", own.pk) if own else redirect("lms:pathway-list")
    messages.success(request, _("You are on the way. Here is what it asks for."))
    return redirect("lms:pathway-mine", enrolment.pk)


@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: what is done, what is missing until when, and which cohorts lead there. The desk may look too."""
    rows = PathwayEnrolment.objects.visible_to(request.user).select_related("pathway__organisation", "person")
    enrolment = get_object_or_404(rows, pk=pk)
    progress = progress_in(enrolment)
    is_own = enrolment.person.user_id == request.user.pk
    can = joining(enrolment.pathway, enrolment.person) if is_own else None
    others = PathwayEnrolment.objects.filter(pathway=enrolment.pathway, person=enrolment.person)
    worth = validity(enrolment.expires_on, today=timezone.localdate())
    context = {
        "enrolment": enrolment,
        "pathway": enrolment.pathway,
        "progress": progress,
        "groups": checklist(enrolment, progress, request.user),
        "tone": TONES[PathwayState(enrolment.state)],
        "is_own": is_own,
        "may_join": can is not None and can.may and enrolment.pathway.closed_at is None,
        "next_round": can.round if can else None,
        "renew_hint": can.sentence if can and enrolment.state == PathwayState.COMPLETED else "",
        "ends_soon": worth == Validity.RENEWABLE and enrolment.state == PathwayState.COMPLETED,
        "rounds": others.exclude(pk=enrolment.pk).order_by("-round")[:20],
    }
    return render(request, "lms/pathways/mine.html", context)


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the pathway; what was learned stays."""
    enrolment = get_object_or_404(
        PathwayEnrolment.objects.select_related("pathway__organisation"),
        pk=pk,
        person__user_id=request.user.pk,
    )
    try:
        actions.leave_pathway(enrolment=enrolment, actor=request.user)
    except IllegalMove:
        messages.info(request, _("This pathway is no longer under way. The page shows how it stands now."))
    else:
        messages.success(request, _("You have left the pathway. What you have learned stays."))
    return redirect("lms:pathway-mine", enrolment.pk)
