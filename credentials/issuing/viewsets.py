"""Issuing for a whole cohort, in the Wagtail admin: look first, then do."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import desk_crumbs
from core.access.scope import holds
from core.access.states import Role
from credentials.designs.queries import choice_of
from credentials.issuing.actions import start_issue
from credentials.issuing.queries import Outlook, cohorts_to_issue, dry_run
from lms.public import cohorts_visible_to

PER_PAGE = 30


def crumbs(*last: tuple[str, str]) -> list[dict[str, Any]]:
    return desk_crumbs((reverse("issuing:index"), _("Issue for a cohort")), *last)


@require_safe
def choose_cohort(request: HttpRequest) -> HttpResponse:
    """Which cohort?"""
    if not request.user.has_perm("credentials.add_certificate"):
        raise Http404
    context = {
        "page": Paginator(cohorts_to_issue(request.user), PER_PAGE).get_page(request.GET.get("page")),
        "header_title": _("Issue for a cohort"),
        "header_icon": "doc-full",
        "breadcrumbs_items": crumbs(),
    }
    return render(request, "credentials/issuing/choose.html", context)


@require_http_methods(["GET", "POST"])
def issue_cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run; posted, the job."""
    cohort = get_object_or_404(cohorts_visible_to(request.user), pk=pk)
    # What rules.py asks about: an organisation, and nobody in particular.
    asked: Any = SimpleNamespace(organisation=cohort.organisation, person=None)
    if not request.user.has_perm("credentials.issue_certificate", asked):
        raise Http404
    if request.method == "POST":
        job = start_issue(cohort=cohort, actor=request.user)
        messages.success(request, _("The certificates are being issued. This page follows the work."))
        return redirect("core:job", job.pk)
    rows = dry_run(cohort, request.user)
    counts = Counter(row.outlook for row in rows)
    chosen = choice_of(cohort.pk)
    context = {
        "cohort": cohort,
        "design": chosen.design if chosen else None,
        "rows": sorted(rows, key=lambda row: list(Outlook).index(row.outlook)),
        "counts": [(outlook, counts[outlook]) for outlook in Outlook],
        "to_issue": counts[Outlook.ISSUE],
        "completed": len(rows) - counts[Outlook.NOT_YET],
        "header_title": cohort.title_here,
        "header_icon": "doc-full",
        "breadcrumbs_items": crumbs(("", cohort.title_here)),
    }
    return render(request, "credentials/issuing/dry_run.html", context)


class IssuerMenuItem(MenuItem):
    """For whoever issues."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, Role.ADMINISTRATOR)


class IssuingViewSet(ViewSet):
    """The menu item and its addresses under /admin/issuing/."""

    name = "issuing"
    menu_label = gettext_lazy("Issue for a cohort")
    icon = "doc-full"
    menu_item_class = IssuerMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", choose_cohort, name="index"), path("<int:pk>/", issue_cohort, name="cohort")]
