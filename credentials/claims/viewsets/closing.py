"""Closing what bars the other account of somebody who cannot sign in any more, at the page of the claim."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.access.predicates import by_rule
from core.attachments.actions import keep_file
from core.states import IllegalMove, Refused
from credentials.claims.actions import can_be_closed, close_lost_account
from credentials.claims.forms import CloseForm
from credentials.claims.models import Claim
from credentials.claims.queries.case import claims_at_desk
from credentials.claims.viewsets.listing import require_officer


def close_form(claim: Claim, user: Any) -> CloseForm | None:
    """The form for whoever may close the claim; None for everybody else, and where there is nothing to close."""
    may = can_be_closed(claim) and by_rule(user, "credentials.close_claim", claim)
    return CloseForm() if may else None


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a claim for its claimant."""
    require_officer(request.user)
    claim: Claim | None = claims_at_desk(request.user).filter(pk=pk).first()
    if claim is None or not by_rule(request.user, "credentials.close_claim", claim):
        raise Http404
    form = CloseForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Say how you know who it is, and add the proof."))
        return redirect("claims:inspect", claim.pk)
    data = form.cleaned_data
    try:
        with transaction.atomic():
            proof = keep_file(upload=data["close_proof"], actor=request.user)
            close_lost_account(claim=claim, reason=data["close_reason"], proof=proof, actor=request.user)
    except IllegalMove:
        messages.warning(request, _("Somebody has moved this claim meanwhile."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Closed. The person can keep their ID number in their other account now, and claim there."),
        )
    return redirect("claims:inspect", claim.pk)
