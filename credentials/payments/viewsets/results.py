"""What the bank says: its table is read and shown first, and entered as a whole; or one line by hand."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.jobs.models import Job
from core.states import IllegalMove, Refused
from credentials.payments.actions import record_late_payment, record_result
from credentials.payments.actions.late import why_not_late
from credentials.payments.files import Reading, read_results, roster_lines
from credentials.payments.forms import LateForm, ResultForm, ResultsForm
from credentials.payments.jobs import ask_for_results
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.policy import Result
from credentials.payments.states import BatchState, LineState
from credentials.payments.viewsets.batches import STALE, batch_at_desk
from credentials.payments.viewsets.figures import head

SALT = "credentials.payment-results"
HOURS = 2
SHOWN = 100  # of what was returned, or is wrong: the table itself has all of it
BAD: dict[str, Any] = {
    "amount_unreadable": gettext_lazy("The amount cannot be read."),
    "names_no_line": gettext_lazy("Give the number in the list, or name, account and amount."),
    "position_alone": gettext_lazy(
        "Beside the number, give the name or the account: every batch has a line with this number, and many are paid the same."
    ),
    "other_batch": gettext_lazy("What it was paid for names another batch, or no line of this one."),
    "no_such_line": gettext_lazy("No line of this batch is like that."),
    "several_lines": gettext_lazy("Several lines are like that: give the number in the list."),
    "other_name": gettext_lazy("The line with this number has another name."),
    "other_account": gettext_lazy("The line with this number has another account."),
    "other_amount": gettext_lazy("The line with this number has another amount."),
    "result_unreadable": gettext_lazy("The result is neither 成功 nor 失败."),
    "no_reason": gettext_lazy("It says 失败 without a reason."),
    "settled": gettext_lazy("A result was entered for this line before."),
    "mark_cut": gettext_lazy(
        "What it was paid for may be cut off, and is the beginning of several lines: give the number in the list with name or account beside it."
    ),
    "paid_late": gettext_lazy(
        "The line was returned, and now it is said to be paid. Ask the bank; if so, enter it at the line, and leave this row out of the table."
    ),
    "came_back": gettext_lazy(
        "The line was paid, and now it is said to have been returned. Ask the bank; if so, record at the line that the money came back, and leave this row out of the table."
    ),
    "decided": gettext_lazy(
        "You have approved the claim of this line: somebody else, such as whoever has built the batch, enters what the bank says."
    ),
    "twice": gettext_lazy("The table says two things about this line."),
    "own": gettext_lazy("This line is your own: somebody else enters it."),
}
# Where it is entered after all.
ENTERED_AT = {"paid_late": "payments:result", "came_back": "payments:reverse"}


def _at_the_bank(request: HttpRequest, pk: int) -> PaymentBatch:
    row = batch_at_desk(request, pk)
    if not request.user.has_perm("credentials.work_on_paymentbatch", row):
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the bank's table; see what it says and which rows cannot be taken. Nothing is entered yet."""
    row = _at_the_bank(request, pk)
    if row.state != BatchState.RELEASED:
        messages.warning(request, _("This batch is not at the bank."))
        return redirect("payments:batch", row.pk)
    form = ResultsForm(request.POST or None, request.FILES or None)
    reading, lines = None, list[PaymentLine]()
    if request.method == "POST" and form.is_valid():
        lines = roster_lines(row)
        try:
            reading = read_results(form.cleaned_data["file"], lines, request.user.pk or 0)
        except Refused as refusal:
            form.add_error("file", str(refusal))
    context = {
        "row": row,
        "form": form,
        "reading": reading,
        "sealed": _sealed(row, reading, form.cleaned_data["on"]) if reading and not reading.bad else "",
        **(_shown(reading, lines) if reading else {}),
        **head(
            _("What the bank says"),
            (reverse("payments:batches"), _("Payment batches")),
            (reverse("payments:batch", args=[row.pk]), row.serial),
            ("", _("What the bank says")),
        ),
    }
    return render(request, "credentials/payments/admin/results.html", context)


def _shown(reading: Reading, lines: list[PaymentLine]) -> dict[str, Any]:
    by_key = {line.pk: line for line in lines}
    paid = [by_key[one.line] for one in reading.results if one.paid]
    failed = [(by_key[one.line], one.reason) for one in reading.results if not one.paid]
    return {
        "paid": paid,
        "paid_sum": sum(line.amount for line in paid),
        "failed": failed[:SHOWN],
        "failed_count": len(failed),
        "bad": [(bad, BAD[bad.code], ENTERED_AT.get(bad.code, "")) for bad in reading.bad[:SHOWN]],
        "bad_count": len(reading.bad),
        "shown": SHOWN,
    }


def _sealed(row: PaymentBatch, reading: Reading, on: datetime.date) -> str:
    """What was read, signed, so that exactly what was looked at is entered: the file need not be sent again or kept."""
    results = [[one.line, one.paid, one.reason] for one in reading.results]
    return signing.dumps(
        {"batch": row.pk, "on": on.isoformat(), "results": results}, salt=SALT, compress=True
    )


@require_POST
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what was shown, all of it or nothing."""
    row = _at_the_bank(request, pk)
    try:
        said = signing.loads(request.POST.get("sealed", ""), salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        said = {}
    if said.get("batch") != row.pk:
        messages.error(request, _("Send the table again: what was read is too old, or of another batch."))
        return redirect("payments:results", row.pk)
    results = [Result(*one) for one in said["results"]]
    try:
        done = ask_for_results(
            batch=row, results=results, on=datetime.date.fromisoformat(said["on"]), actor=request.user
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("payments:batch", row.pk)
    if isinstance(done, Job):
        return redirect("core:job", done.pk)
    messages.success(
        request, _("Entered. Whoever the bank could not pay has been told to correct the account.")
    )
    return redirect("payments:batch", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def line_result(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Enter by hand what became of one line; of one that the bank had returned, that it was paid after all."""
    row = _at_the_bank(request, pk)
    line = get_object_or_404(row.lines.select_related("claim", "batch__authority"), pk=line_id)
    is_late = line.state == LineState.FAILED
    if not is_late and (line.state != LineState.WAITING or row.state != BatchState.RELEASED):
        messages.warning(request, STALE)
        return redirect("payments:batch", row.pk)
    form = (LateForm if is_late else ResultForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _enter_of(line, form.cleaned_data, request, is_late=is_late)
        except IllegalMove:
            messages.warning(request, STALE)
            return redirect("payments:batch", row.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered."))
            return redirect("payments:batch", row.pk)
    context = {
        "row": row,
        "line": line,
        "form": form,
        "is_late": is_late,
        "why_not": why_not_late(line) if is_late and not form.errors else "",
        **head(
            line.name,
            (reverse("payments:batches"), _("Payment batches")),
            (reverse("payments:batch", args=[row.pk]), row.serial),
            ("", line.name),
        ),
    }
    return render(request, "credentials/payments/admin/result.html", context)


def _enter_of(line: PaymentLine, data: dict[str, Any], request: HttpRequest, *, is_late: bool) -> None:
    if is_late:
        record_late_payment(line=line, on=data["on"], reference=data["reference"], actor=request.user)
        return
    is_paid = data["result"] == "paid"
    record_result(line=line, paid=is_paid, on=data["on"], reason=data["reason"], actor=request.user)
