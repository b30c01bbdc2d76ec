"""Issuing for a whole cohort, in the Wagtail admin: look first, then do."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin.viewsets.base import ViewSet

from credentials.issuing.actions import start_issue
from credentials.issuing.queries import Outlook, dry_run
from lms.public import cohorts_visible_to


@require_GET
def choose_cohort(request: HttpRequest) -> HttpResponse:
    """Which cohort?"""
    if not request.user.has_perm("credentials.add_certificate"):
        raise PermissionDenied
    cohorts = cohorts_visible_to(request.user).filter(enrolments__state="completed").distinct()
    return render(request, "credentials/issuing/choose.html", {"cohorts": cohorts})


@require_http_methods(["GET", "POST"])
def issue_cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run; posted, the job."""
    cohort = get_object_or_404(cohorts_visible_to(request.user), pk=pk)
    at_cohort: Any = _AtCohort(cohort)
    if not request.user.has_perm("credentials.issue_certificate", at_cohort):
        raise PermissionDenied
    if request.method == "POST":
        job = start_issue(cohort=cohort, actor=request.user)
        messages.success(request, _("The certificates are being issued. This page follows the work."))
        return redirect("core:job", job.pk)
    rows = dry_run(cohort)
    counts = Counter(row.outlook for row in rows)
    context = {
        "cohort": cohort,
        "rows": rows,
        "to_issue": counts[Outlook.ISSUE],
        "has": counts[Outlook.HAS],
        "cannot": counts[Outlook.CANNOT],
    }
    return render(request, "credentials/issuing/dry_run.html", context)


class _AtCohort:
    """The shape rules.py asks about: an organisation, and nobody in particular."""

    person = None

    def __init__(self, cohort: object) -> None:
        self.organisation = cohort.organisation  # type: ignore[attr-defined]


class IssuingViewSet(ViewSet):
    """The menu item and its addresses under /admin/issuing/."""

    name = url_prefix = "issuing"
    menu_label = gettext_lazy("Issue certificates")
    icon = "doc-full"
    menu_order = 321
    add_to_admin_menu = True

    def get_menu_item(self, order: int | None = None) -> Any:
        item = super().get_menu_item(order)
        item.is_shown = lambda request: request.user.has_perm("credentials.add_certificate")
        return item

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", choose_cohort, name="index"), path("<int:pk>/", issue_cohort, name="cohort")]
