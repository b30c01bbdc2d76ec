"""One plan: its targets with progress and shares, and its states."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.audit.models import AuditEntry
from core.states import IllegalMove, Refused
from credentials.plans import actions
from credentials.plans.forms import TargetForm
from credentials.plans.models import TalentPlan
from credentials.plans.queries import TargetRow, rows_of
from credentials.plans.states import PlanState
from credentials.plans.viewsets.doors import TITLE, header, plan_of


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: its targets with progress and shares, the organisations below, and its states (`start`, `close`)."""
    plan = plan_of(request, pk)
    may_change = request.user.has_perm("credentials.change_talentplan", plan)
    form = TargetForm(request.POST if "set" in request.POST else None)
    if request.method == "POST":
        if not may_change:
            raise Http404
        if answer := _change(request, plan, form):
            return answer
    rows = rows_of(plan)
    context = {
        "plan": plan,
        "rows": rows,
        "charts": [(row, _bars(row)) for row in rows if row.given],
        "own_bars": _own_bars(rows),
        "form": form,
        "may_change": may_change and not plan.is_closed,
        "is_draft": plan.state == PlanState.DRAFT,
        "is_in_force": plan.state == PlanState.IN_FORCE,
        "trail": AuditEntry.objects.trail_of(plan)[:50],
        **header(str(plan), (reverse("plans:index"), str(TITLE))),
    }
    return render(request, "credentials/plans/admin/inspect.html", context)


def _own_bars(rows: list[TargetRow]) -> list[dict[str, Any]]:
    return [
        {
            "label": row.target.label,
            "value": row.progress.percent,
            "note": f"{row.progress.done} / {row.progress.number}",
            "strong": not row.progress.reached,
        }
        for row in rows
    ]


def _bars(row: TargetRow) -> list[dict[str, Any]]:
    return [
        {
            "label": share.organisation.name,
            "value": share.progress.percent,
            "note": f"{share.progress.done} / {share.progress.number}",
            "url": reverse("plans:inspect", args=[share.plan.pk]) if share.plan else "",
            "strong": not share.progress.reached,
        }
        for share in row.given
    ]


def _change(request: HttpRequest, plan: TalentPlan, form: TargetForm) -> HttpResponse | None:
    """What the form or a button asked for; None to show the form again with what is wrong."""
    try:
        if "start" in request.POST:
            actions.start_plan(plan=plan, actor=request.user)
            messages.success(request, _("The plan is in force."))
        elif "close" in request.POST:
            actions.close_plan(plan=plan, actor=request.user)
            messages.success(request, _("The plan is closed, and its figures are frozen."))
        elif not form.is_valid():
            return None
        else:
            actions.set_target(plan=plan, actor=request.user, **form.what)
            messages.success(request, _("The target is set."))
    except IllegalMove:
        messages.warning(request, _("Somebody else was first. Nothing was changed now."))
    except Refused as refusal:
        if form.is_bound:  # what was typed stays
            form.add_error("number", str(refusal))
            return None
        messages.error(request, str(refusal))
    return redirect("plans:inspect", plan.pk)
