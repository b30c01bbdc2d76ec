"""The three-level talent plan in the Wagtail admin: all plans of a year, one plan, passing a target on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem
from core.access.scope import holds
from core.access.states import READERS
from core.audit.models import AuditEntry
from core.organisations.models import Tier
from core.states import IllegalMove, Refused
from credentials.plans import actions
from credentials.plans.forms import WITH_PLANS, DivideForm, PlanForm, TargetForm
from credentials.plans.models import PlanTarget, TalentPlan
from credentials.plans.queries import PlanRow, TargetRow, desk_plans, overview, rows_of
from credentials.plans.states import PlanState, TargetKind

TITLE = gettext_lazy("Three-level talent plan")
MOST_PLANS = 400


def _header(title: Any, *crumbs: tuple[str, str]) -> dict[str, Any]:
    items = [(reverse("wagtailadmin_home"), _("Home")), *crumbs, ("", title)]
    return {
        "header_title": title,
        "header_icon": "calendar-check",
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in items],
    }


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
        **_header(TITLE),
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
        request, "credentials/plans/admin/add.html", {"form": form, **_header(_("Make a plan"), crumbs)}
    )


def _plan(request: HttpRequest, pk: int) -> TalentPlan:
    if not holds(request.user, *READERS):
        raise Http404
    return get_object_or_404(desk_plans(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: its targets with progress and shares, the organisations below, and its states (`start`, `close`)."""
    plan = _plan(request, pk)
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
        "own_bars": [
            {
                "label": row.target.label,
                "value": row.progress.percent,
                "note": f"{row.progress.done} / {row.progress.number}",
                "strong": not row.progress.reached,
            }
            for row in rows
        ],
        "form": form,
        "may_change": may_change and not plan.is_closed,
        "is_draft": plan.state == PlanState.DRAFT,
        "is_in_force": plan.state == PlanState.IN_FORCE,
        "trail": AuditEntry.objects.for_instance(plan).select_related("user__person").order_by("-pk")[:50],
        **_header(str(plan), (reverse("plans:index"), str(TITLE))),
    }
    return render(request, "credentials/plans/admin/inspect.html", context)


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
        messages.error(request, str(refusal))
    return redirect("plans:inspect", plan.pk)


def _target(request: HttpRequest, pk: int) -> PlanTarget:
    """A target of a plan that the user may change."""
    rows: QuerySet[PlanTarget] = PlanTarget.objects.filter(
        plan__in=TalentPlan.objects.visible_to(request.user)
    )
    target = get_object_or_404(rows.select_related("plan__organisation", "course", "level", "sector"), pk=pk)
    if not request.user.has_perm("credentials.change_talentplan", target.plan):
        raise Http404
    return target


@require_http_methods(["GET", "HEAD", "POST"])
def divide(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass a target on to the organisations right below."""
    target = _target(request, pk)
    row = next(each for each in rows_of(target.plan) if each.target.pk == target.pk)
    form = DivideForm(request.POST or None, shares=row.shares)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.divide_target(target=target, numbers=form.numbers, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Passed on: %(n)s shares are new or changed.") % {"n": changed})
        return redirect("plans:divide", target.pk)
    fields = [(share, form[f"to_{share.organisation.pk}"]) for share in row.shares]
    context = {
        "row": row,
        "form": form,
        "fields": fields,
        "plan": target.plan,
        **_header(
            _("Pass on: %(target)s") % {"target": target.label},
            (reverse("plans:index"), str(TITLE)),
            (reverse("plans:inspect", args=[target.plan_id]), str(target.plan)),
        ),
    }
    return render(request, "credentials/plans/admin/divide.html", context)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a target out of a draft."""
    target = _target(request, pk)
    try:
        actions.remove_target(target=target, actor=request.user)
        messages.success(request, _("The target is removed."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("plans:inspect", target.plan_id)


class PlanViewSet(ViewSet):
    name = "plans"
    url_prefix = "talent-plans"
    icon = "calendar-check"
    menu_label = TITLE
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("add/", add, name="add"),
            path("<int:pk>/", inspect, name="inspect"),
            path("targets/<int:pk>/divide/", divide, name="divide"),
            path("targets/<int:pk>/remove/", remove, name="remove"),
        ]
