"""The hours ledger for the person it belongs to."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from credentials.hours.models import HoursEntry
from credentials.hours.queries import totals_of

PER_PAGE = 20


@require_GET
def hours_list(request: HttpRequest) -> HttpResponse:
    """My hours: totals by kind, and every entry with the way to its evidence."""
    person = request.user.person
    rows = HoursEntry.objects.filter(person=person).select_related("rule", "organisation")
    context = {"totals": totals_of(person), "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "credentials/hours/list.html", context)


@require_GET
def hours_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: who, when, by which rule, resting on what."""
    rows = HoursEntry.objects.visible_to(request.user).select_related("rule", "organisation", "person", "corrects")
    return render(request, "credentials/hours/evidence.html", {"entry": get_object_or_404(rows, pk=pk)})
