"""The claimant's page after the bank has returned a payment."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.states import Refused
from credentials.claims.models import Claim
from credentials.payments.actions import correct_account
from credentials.payments.forms import AccountForm
from credentials.payments.models import PaymentLine


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """What was paid for a claim of one's own or came back, and putting the account right."""
    rows = Claim.objects.visible_to(request.user).filter(holder_id=request.user.pk)
    claim = get_object_or_404(rows, pk=pk)
    tried = list(PaymentLine.objects.filter(claim=claim).exclude(state="withdrawn").order_by("-attempt"))
    if not tried:
        raise Http404
    may = tried[0].state == "failed" and claim.state == "approved"
    form = AccountForm(request.POST or None, initial={"bank": claim.bank}) if may else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                correct_account(claim=claim, actor=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Kept. The finance office pays it with its next batch."))
                return redirect("credentials:payment-account", claim.pk)
    context = {"claim": claim, "tried": tried, "form": form}
    return render(request, "credentials/payments/account.html", context)
