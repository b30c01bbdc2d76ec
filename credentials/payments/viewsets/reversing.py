"""Reversals at the finance desk: their list, recording one for a paid line, and the second person's decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse as url_of
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access.predicates import by_rule
from core.attachments.actions import attachment_response, keep_file
from core.states import Refused
from credentials.payments.actions import (
    WHY_NOT_CONFIRM,
    Back,
    confirm_reversal,
    record_reversal,
    refuse_reversal,
    why_not_answer,
)
from credentials.payments.forms import ReasonForm, ReversalForm
from credentials.payments.models import PaymentLine, PaymentReversal
from credentials.payments.queries.apart import could_confirm, who_confirms, why_not_confirm
from credentials.payments.states import LineState, ReversalCause, ReversalEnd, ReversalState
from credentials.payments.viewsets.batches import STALE, batch_at_desk
from credentials.payments.viewsets.figures import PAGE, head, require_reader, who_can

SHOWN_WITH = (
    "line__batch__policy",
    "claim",
    "authority",
    "recorded_by__person",
    "decided_by__person",
    "proof",
)


@require_safe
def reversals(request: HttpRequest) -> HttpResponse:
    """Every reversal in scope: those that wait for a second person first."""
    require_reader(request)
    rows = PaymentReversal.objects.visible_to(request.user).select_related(*SHOWN_WITH)
    waiting = request.GET.get("state") == ReversalState.RECORDED
    rows = rows.filter(state=ReversalState.RECORDED) if waiting else rows
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("p")),
        "waiting": waiting,
        **head(_("Reversals"), ("", _("Reversals"))),
    }
    return render(request, "credentials/payments/admin/reversals.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reverse(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Record that what a line has paid came back. A second person confirms it."""
    row = batch_at_desk(request, pk)
    lines = row.lines.select_related("claim", "batch__authority")
    line = get_object_or_404(lines, pk=line_id)
    if not request.user.has_perm("credentials.work_on_paymentbatch", row):
        raise Http404
    if not request.user.has_perm("credentials.record_reversal", line):
        messages.warning(request, why_not_answer(line, request.user))
        return redirect("payments:batch", row.pk)
    if line.state != LineState.PAID:
        messages.warning(request, STALE)
        return redirect("payments:batch", row.pk)
    form = ReversalForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (kept := _record(request, line, form)):
        messages.success(request, _("Recorded. Nothing moves until a second person confirms it."))
        return redirect("payments:reversal", kept.pk)
    context = {
        "row": row,
        "line": line,
        "form": form,
        "is_alone": not could_confirm(line, request.user),
        **head(
            _("Take the payment back"),
            (url_of("payments:batches"), _("Payment batches")),
            (url_of("payments:batch", args=[row.pk]), row.serial),
            ("", _("Take the payment back")),
        ),
    }
    return render(request, "credentials/payments/admin/reverse.html", context)


def _record(request: HttpRequest, line: PaymentLine, form: ReversalForm) -> PaymentReversal | None:
    data: dict[str, Any] = form.cleaned_data
    try:
        with transaction.atomic():
            proof = keep_file(upload=data["proof"], actor=request.user) if data["proof"] else None
            back = Back(
                cause=ReversalCause(data["cause"]),
                end=ReversalEnd(data["end"]),
                on=data["on"],
                reason=data["reason"],
                reference=data["reference"],
                proof=proof,
            )
            return record_reversal(line=line, back=back, actor=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _at_desk(request: HttpRequest, pk: int) -> PaymentReversal:
    require_reader(request)
    rows = PaymentReversal.objects.visible_to(request.user).select_related(*SHOWN_WITH)
    found: PaymentReversal = get_object_or_404(rows, pk=pk)
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reversal(request: HttpRequest, pk: int) -> HttpResponse:
    """One reversal; sent back, the second person confirms or refuses it."""
    row = _at_desk(request, pk)
    why = why_not_confirm(row, request.user) if row.state == ReversalState.RECORDED else ""
    if request.method == "POST":
        if not by_rule(request.user, "credentials.confirm_paymentreversal", row):
            raise Http404
        return _decide(request, row)
    context = {
        "row": row,
        "reason_form": ReasonForm(),
        "may_decide": row.state == ReversalState.RECORDED and not why,
        "why_not": WHY_NOT_CONFIRM.get(why, ""),
        "who_can": who_can(who_confirms(row)) if why not in ("", "place") else "",
        **head(
            f"{row.line.batch.serial} · {row.line.position}",
            (url_of("payments:reversals"), _("Reversals")),
            ("", row.line.name),
        ),
    }
    return render(request, "credentials/payments/admin/reversal.html", context)


def _decide(request: HttpRequest, row: PaymentReversal) -> HttpResponse:
    try:
        if "refuse" in request.POST:
            form = ReasonForm(request.POST)
            answer = form.cleaned_data["reason"] if form.is_valid() else ""
            refuse_reversal(reversal=row, answer=answer, actor=request.user)
            messages.success(request, _("Refused. Nothing has moved."))
        else:
            confirm_reversal(reversal=row, actor=request.user)
            messages.success(request, _("Confirmed. The ledger has a line with the opposite sign."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("payments:reversal", row.pk)


@never_cache
@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The proof of a reversal."""
    row = _at_desk(request, pk)
    if row.proof is None:
        raise Http404
    return attachment_response(row.proof, download="download" in request.GET)
