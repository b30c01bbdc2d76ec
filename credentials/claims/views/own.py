"""What I can claim, and my claims."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.people.models import Person
from credentials.claims.models import Claim
from credentials.claims.queries.offers import offers_of


@never_cache
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """What I can claim now, how much, until when and why; what will come; and my claims."""
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    offers = offers_of(person, timezone.localdate())
    claims = Claim.objects.filter(person=person).select_related("version__subsidy")
    return render(
        request, "credentials/claims/list.html", {"offers": offers, "claims": claims, "person": person}
    )


@never_cache
@require_safe
def claim_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One of my claims."""
    rows = Claim.objects.visible_to(request.user).filter(holder_id=request.user.pk)
    claim = get_object_or_404(rows.select_related("version__subsidy", "authority"), pk=pk)
    return render(request, "credentials/claims/detail.html", {"claim": claim})
