"""Handing over what a claim grants in kind, at its page of the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.states import IllegalMove, Refused
from credentials.claims.actions import give_in_kind
from credentials.claims.forms import GiveForm
from credentials.claims.models import Claim
from credentials.claims.queries.case import claims_at_desk
from credentials.claims.queries.stages import why_not_give
from credentials.claims.viewsets.listing import require_officer


def give_form(claim: Claim, user: Any) -> GiveForm | None:
    """The form for whoever may hand the claim over; None for everybody else."""
    return None if why_not_give(claim, user) else GiveForm()


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that it was handed over: that settles the claim."""
    require_officer(request.user)
    claim: Claim | None = claims_at_desk(request.user).filter(pk=pk).first()
    if claim is None or not request.user.has_perm("credentials.give_claim"):
        raise Http404
    form = GiveForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, _("Say what was handed over, and on which day since the claim was handed in.")
        )
        return redirect("claims:inspect", claim.pk)
    data = form.cleaned_data
    try:
        given = give_in_kind(claim=claim, on=data["on"], words=data["words"], actor=request.user)
    except IllegalMove:
        messages.warning(request, _("Somebody has moved this claim meanwhile."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if given:
            messages.success(request, _("Written down. The claim is settled."))
        else:
            messages.warning(
                request, _("The policy no longer grants it, or another amount: it has gone back to review.")
            )
    return redirect("claims:inspect", claim.pk)
