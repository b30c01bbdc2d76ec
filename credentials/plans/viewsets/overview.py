"""All plans of one year, and a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.scope import holds
from core.access.states import READERS
from core.organisations.models import Tier
from core.states import Refused
from credentials.plans import actions
from credentials.plans.forms import WITH_PLANS, PlanForm
from credentials.plans.queries import PlanRow, desk_plans, overview
from credentials.plans.states import TargetKind
from credentials.plans.viewsets.doors import TITLE, header

MOST_PLANS = 400


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All plans of one year that the reader may see, by tier: what is reached, and where the gaps are."""
    if not holds(request.user, *READERS):
        raise PermissionDenied
    plans = desk_plans(request.user)
    years = list(plans.order_by("-year").values_list("year", flat=True).distinct())
    year = _year(request, years)
    tier = request.GET.get("tier", "")
    tiers = [(value, str(label)) for value, label in Tier.choices if value in WITH_PLANS]
    if tier in dict(tiers):
        plans = plans.filter(organisation__tier=tier)
    rows = overview(list(plans.filter(year=year).order_by("organisation__path")[:MOST_PLANS]))
    context = {
        "rows": rows,
        "kinds": TargetKind.labels,
        "charts": _charts(rows),
        "years": years,
        "year": year,
        "tier": tier,
        "tiers": tiers,
        "may_add": request.user.has_perm("credentials.add_talentplan"),
        **header(TITLE),
    }
    return render(request, "credentials/plans/admin/index.html", context)


def _year(request: HttpRequest, years: list[int]) -> int:
    text = request.GET.get("year", "")
    if text.isascii() and text.isdecimal() and len(text) == 4:
        return int(text)
    this = timezone.localdate().year
    return this if this in years or not years else years[0]


def _charts(rows: list[PlanRow]) -> list[tuple[str, list[dict[str, Any]]]]:
    """For each kind of target: how far every plan has come, in per cent; those with a gap stand out."""
    found = []
    for number, label in enumerate(TargetKind.labels):
        bars = [
            {
                "label": row.plan.organisation.name,
                "value": each.percent,
                "note": f"{each.done} / {each.number}",
                "url": reverse("plans:inspect", args=[row.plan.pk]),
                "strong": not each.reached,
            }
            for row in rows
            if (each := row.kinds[number]) is not None
        ]
        if bars:
            found.append((str(label), bars))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make a plan."""
    if not request.user.has_perm("credentials.add_talentplan"):
        raise PermissionDenied
    form = PlanForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            plan = actions.make_plan(actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("year", str(refusal))
        else:
            messages.success(request, _("The plan is made. Set its targets now."))
            return redirect("plans:inspect", plan.pk)
    crumbs = (reverse("plans:index"), str(TITLE))
    return render(
        request, "credentials/plans/admin/add.html", {"form": form, **header(_("Make a plan"), crumbs)}
    )
