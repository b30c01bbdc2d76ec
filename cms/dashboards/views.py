"""The page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.dashboards.queries import desk_of


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """My desk: what I can do next, for each of my roles."""
    return render(request, "cms/dashboards/desk.html", {"desk": desk_of(request.user)})
