"""A supervisor's own portfolio on the site."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from supervision.reports.actions import ReportRefused, printed
from supervision.reports.forms import PortfolioForm
from supervision.reports.models import AllowanceLine
from supervision.reports.queries import portfolio_of, portfolio_paper
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import Form

YEARS = 3  # a usual appointment


def _asked(request: HttpRequest) -> tuple[PortfolioForm, datetime.date, datetime.date]:
    """The form, and the period that it names, or else the last three years."""
    today = timezone.localdate()
    first = datetime.date(today.year - YEARS, today.month, 1)
    asked = {name: request.GET[name] for name in ("first_on", "last_on") if name in request.GET}
    initial: dict[str, Any] = {"first_on": first, "last_on": today}
    form = PortfolioForm(asked or None, initial=initial)
    if asked and form.is_valid():
        return form, form.cleaned_data["first_on"], form.cleaned_data["last_on"]
    return form, first, today


def _own(request: HttpRequest) -> Supervisor:
    rows = Supervisor.objects.select_related("person", "organisation")
    return get_object_or_404(rows, person__user=request.user)


@require_safe
@never_cache
def portfolio(request: HttpRequest) -> HttpResponse:
    """What I have done as a supervisor in a period, for a renewal."""
    supervisor = _own(request)
    form, first, last = _asked(request)
    found = portfolio_of(supervisor, first, last)
    allowances = AllowanceLine.objects.visible_to(request.user).filter(
        supervisor=supervisor, month__gte=first.replace(day=1), month__lte=last, statement__corrected_by=None
    )
    context = {
        "supervisor": supervisor,
        "form": form,
        "portfolio": found,
        "forms": [form.label for form in Form],
        "years": [
            (year, list(zip((form.label for form in Form), cells, strict=True)), total)
            for year, cells, total in found.by_year
        ],
        "bars": [(str(year), total) for year, _cells, total in found.by_year],
        "allowances": allowances.order_by("-month")[:60],
    }
    return render(request, "supervision/reports/portfolio.html", context)


@require_safe
@never_cache
def portfolio_pdf(request: HttpRequest) -> HttpResponse:
    """The same as a PDF."""
    supervisor = _own(request)
    form, first, last = _asked(request)
    if form.is_bound and form.errors:
        return redirect("supervision:portfolio")
    try:
        document = printed(portfolio_paper(portfolio_of(supervisor, first, last)))
    except ReportRefused as refused:
        messages.error(request, str(refused))
        return redirect("supervision:portfolio")
    headers = {
        "Content-Disposition": f'attachment; filename="portfolio-{supervisor.code}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(document, content_type="application/pdf", headers=headers)
