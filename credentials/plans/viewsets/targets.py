"""One target of a plan: passing it on, and taking it out."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.states import Refused
from credentials.plans import actions
from credentials.plans.forms import DivideForm
from credentials.plans.models import PlanTarget, TalentPlan
from credentials.plans.queries import rows_of
from credentials.plans.viewsets.doors import TITLE, header


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
        **header(
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
