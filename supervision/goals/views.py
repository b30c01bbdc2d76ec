"""Learning goals on the site: the pair sets one, and says how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.states import IllegalMove
from supervision.goals import actions
from supervision.goals.forms import GoalForm, ProgressForm
from supervision.goals.models import GoalNote, LearningGoal
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing, of_pair


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def goal_set(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Add a learning goal to the own pairing."""
    rows = Pairing.objects.visible_to(request.user).filter(of_pair(request.user)).with_people()
    pairing = get_object_or_404(rows, pk=pairing_id)
    form = GoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_goal(pairing=pairing, actor=request.user, **form.cleaned_data)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The learning goal is set."))
            return redirect(pairing.get_absolute_url() + "#goals")
    return render(request, "supervision/goals/set.html", {"form": form, "pairing": pairing})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def goal_detail(request: HttpRequest, goal_id: int) -> HttpResponse:
    """One learning goal with what the two have said about it; say how far it is."""
    goal = get_object_or_404(LearningGoal.objects.visible_to(request.user).with_people(), pk=goal_id)
    form = ProgressForm(request.POST or None, goal=goal)
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_progress(goal=goal, actor=request.user, **form.cleaned_data)
        except IllegalMove:
            messages.info(request, _("The goal has changed meanwhile. The page shows how it stands now."))
            return redirect("supervision:goal-detail", goal.pk)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Noted."))
            return redirect("supervision:goal-detail", goal.pk)
    notes = GoalNote.objects.visible_to(request.user).filter(goal=goal).select_related("author")[:50]
    rows = goal.contents.select_related("session").order_by("session__starts_at")
    sessions = list({row.session_id: row.session for row in rows}.values())
    context = {"goal": goal, "pairing": goal.pairing, "form": form, "notes": notes, "sessions": sessions}
    return render(request, "supervision/goals/detail.html", context)
