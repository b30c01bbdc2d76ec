"""Supervision on the site: my page, and a pairing."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from supervision.agreements.queries import agreements_of, agreements_waiting_for
from supervision.evaluations.queries import evaluations_of, waiting_for, waits_elsewhere
from supervision.goals.actions import reached
from supervision.goals.models import LearningGoal
from supervision.handovers.queries import handovers_at, handovers_waiting_for
from supervision.pairings.models import Pairing
from supervision.requests.queries import inbox_of
from supervision.sessions.models import SessionReview
from supervision.sessions.queries import home_of, open_follow_ups, state_label, with_sessions
from supervision.sessions.states import TONES, SessionState
from supervision.sessions.views.own import account_mark
from supervision.slots.queries import glance_of, meetings_of
from supervision.supervisors.queries import tiers_of
from supervision.wishes.queries import wishes_at

PER_PAGE = 20


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """My supervision: for a supervisor the mentees, for a mentee the supervisor and what waits for an answer."""
    found = home_of(getattr(request.user, "person", None))
    inbox = inbox_of(getattr(request.user, "person", None))
    glance = glance_of(getattr(request.user, "person", None))
    context = {"home": found, "inbox": inbox, "glance": glance, "account": account_mark(request.user)}
    context["evaluations"] = waiting_for(request.user)
    context["agreements"] = agreements_waiting_for(request.user)
    context["handovers"] = handovers_waiting_for(request.user)
    context["elsewhere"] = waits_elsewhere(request.user) if found.supervisor else []
    return render(request, "supervision/sessions/home.html", context)


@require_safe
@never_cache
def pairing_detail(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """One pairing: who, for what, since when, and its sessions without what was said in them."""
    rows = with_sessions(Pairing.objects.visible_to(request.user))
    pairing = get_object_or_404(rows, pk=pairing_id)
    page = Paginator(pairing.sessions.all(), PER_PAGE).get_page(request.GET.get("page"))
    is_mentee = pairing.mentee.user_id == request.user.pk
    for session in page:
        session.label = state_label(session, for_mentee=is_mentee)  # type: ignore[attr-defined]
        session.tone = TONES[SessionState(session.state)]  # type: ignore[attr-defined]
    goals = list(
        LearningGoal.objects.visible_to(request.user).filter(pairing=pairing).select_related("competency")
    )
    is_supervisor = pairing.supervisor.person.user_id == request.user.pk
    of_pair = is_supervisor or is_mentee
    context = {
        "reviews": list(SessionReview.objects.visible_to(request.user).with_people().filter(pairing=pairing))
        if of_pair
        else [],
        "open_actions": open_follow_ups(pairing, request.user) if of_pair else [],
        "account": account_mark(request.user),
        "pairing": pairing,
        "goals": goals,
        "reached": reached(goals),
        "goal_count": len(goals),
        "of_pair": of_pair,
        "page": page,
        "handovers": (handovers := handovers_at(pairing, request.user)),
        "left": any(row.pairing_id == pairing.pk for row in handovers),
        "evaluations": evaluations_of(pairing, request.user),
        "tiers": tiers_of(pairing.supervisor),
        "pause": None if pairing.is_active else pairing.pauses.running().first(),
        "wishes": wishes_at(pairing, request.user),
        "agreements": agreements_of(pairing, request.user),
        "meetings": meetings_of(pairing) if is_supervisor or is_mentee else None,
        "is_supervisor": is_supervisor,
        "is_mentee": is_mentee,
        "may_log": pairing.is_open and request.user.has_perm("supervision.log_session", pairing),
    }
    return render(request, "supervision/pairings/detail.html", context)
