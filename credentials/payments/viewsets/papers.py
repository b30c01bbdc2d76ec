"""The papers of a batch. They show ID numbers and accounts: whoever takes one out is written down first."""

from __future__ import annotations

from collections.abc import Callable

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.sheets.writing import sheet_response
from credentials.payments.actions import take_out_batch
from credentials.payments.files import TITLE, bank_csv, bank_table, open_roster, roster_table
from credentials.payments.models import PaymentBatch
from credentials.payments.queries.apart import shows_total
from credentials.payments.states import STANDING, BatchState
from credentials.payments.viewsets.batches import batch_at_desk


@never_cache
@require_safe
def paper(request: HttpRequest, pk: int, paper: str) -> HttpResponse | FileResponse:
    """The list as PDF or table; the file for the bank, once the batch is released."""
    row = batch_at_desk(request, pk)
    make = PAPERS.get(paper)
    if make is None or not request.user.has_perm("credentials.take_out_paymentbatch", row):
        raise Http404
    if row.state == BatchState.CANCELLED or (paper.startswith("bank") and row.state not in STANDING):
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    take_out_batch(batch=row, paper=paper, actor=request.user)
    try:
        answer = make(row, shows_total(row, request.user))
    except FileNotFoundError:
        raise Http404
    answer["Cache-Control"] = "private, no-store"
    return answer


def _roster(row: PaymentBatch, with_total: bool) -> FileResponse:
    return FileResponse(
        open_roster(row, with_total=with_total),
        as_attachment=True,
        filename=f"{TITLE} {row.serial}.pdf",
        content_type="application/pdf",
    )


def _csv(row: PaymentBatch, _with_total: bool) -> HttpResponse:
    answer = HttpResponse(bank_csv(row), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{row.serial}.csv") or "attachment"
    return answer


PAPERS: dict[str, Callable[[PaymentBatch, bool], HttpResponse | FileResponse]] = {
    "roster": _roster,
    "roster-sheet": lambda row, with_total: sheet_response(
        f"{TITLE} {row.serial}.xlsx", roster_table(row, with_total=with_total)
    ),
    "bank": _csv,
    "bank-sheet": lambda row, _with_total: sheet_response(f"{row.serial} 银行代发.xlsx", bank_table(row)),
}
