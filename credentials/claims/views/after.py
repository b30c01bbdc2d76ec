"""What the claimant does after handing in: withdraw, appeal, correct the account, take it back."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.sheets.words import list_words
from core.states import IllegalMove
from credentials.claims.actions import (
    ClaimRefused,
    appeal,
    correct_account,
    is_account_open,
    take_back_account,
    withdraw_claim,
)
from credentials.claims.forms import BANK_VERSION, AccountForm, AppealForm
from credentials.claims.models import Claim
from credentials.claims.states import ClaimState
from credentials.claims.views.own import own_claim, render_detail


@require_POST
def claim_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the claim back; a second click changes nothing."""
    claim = own_claim(request, pk)
    try:
        withdraw_claim(claim=claim, actor=request.user)
    except (ClaimRefused, IllegalMove) as refusal:
        said = (
            str(refusal) if isinstance(refusal, ClaimRefused) else _("This claim can no longer be withdrawn.")
        )
        messages.error(request, said)
        return redirect(claim)
    messages.success(
        request, _("Claim %(serial)s is withdrawn; its account is forgotten.") % {"serial": claim.serial}
    )
    return redirect("credentials:claim-list")


@require_POST
def claim_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Appeal against the refusal."""
    claim = own_claim(request, pk)
    form = AppealForm(request.POST, request.FILES, actor=request.user)
    if not form.is_valid():
        form.hold()
        return render_detail(request, claim, appeal_form=form)
    try:
        with transaction.atomic():
            words = form.cleaned_data["words"]
            appeal(claim=claim, words=words, papers=form.kept(), actor=request.user)
    except ClaimRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your appeal is in. Somebody who has had no part in it decides."))
    return redirect(claim)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Name another account after the payment failed, or after one has taken it back while the claim is shown in public."""
    claim = own_claim(request, pk)
    if not is_account_open(claim):
        return redirect(claim)
    form = AccountForm(request.POST if request.method == "POST" else None, initial={"bank": claim.bank})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            correct_account(
                claim=claim,
                bank=data["bank"],
                account=data["account"],
                consent_version=BANK_VERSION,
                actor=request.user,
            )
        except ClaimRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("The account is kept. It is paid with the next batch once nothing else is open.")
                if claim.state == ClaimState.NOTICE
                else _("The account is corrected. It is paid with the next batch."),
            )
        return redirect(claim)
    return render(request, "credentials/claims/account.html", {"claim": claim, "form": form})


def _forgotten(kept: list[Claim]) -> str:
    if not kept:
        return _("The account is forgotten, and the agreement is taken back.")
    return _(
        "The account of this claim is forgotten. The agreement stays for other claims that keep their account: %(claims)s. "
        "Take it back there, too, where you want that."
    ) % {"claims": list_words(one.serial for one in kept)}


@require_POST
def claim_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the consent to keep the account back."""
    claim = own_claim(request, pk)
    try:
        kept = take_back_account(claim=claim, actor=request.user)
    except (ClaimRefused, IllegalMove) as refusal:
        said = (
            str(refusal)
            if isinstance(refusal, ClaimRefused)
            else _("Somebody has moved this claim meanwhile.")
        )
        messages.error(request, said)
    else:
        messages.success(request, _forgotten(kept))
    return redirect(claim)
