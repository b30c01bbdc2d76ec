"""Who comes in, and what stands on top of every page of the plans at the desk."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from core.access.desk import desk_crumbs
from core.access.scope import holds
from core.access.states import READERS
from credentials.plans.models import TalentPlan
from credentials.plans.queries import desk_plans

TITLE = gettext_lazy("Three-level talent plan")


def header(title: Any, *crumbs: tuple[str, str]) -> dict[str, Any]:
    return {
        "header_title": title,
        "header_icon": "calendar-check",
        "breadcrumbs_items": desk_crumbs(*crumbs, ("", title)),
    }


def plan_of(request: HttpRequest, pk: int) -> TalentPlan:
    if not holds(request.user, *READERS):
        raise Http404
    return get_object_or_404(desk_plans(request.user), pk=pk)
