"""The batches, one of them with its lines, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn

from core.access.desk import ReadersIndex
from core.access.predicates import by_rule
from core.access.scope import holds
from core.audit.models import AuditEntry
from core.states import IllegalMove, Refused
from credentials.claims.models import OFFICERS
from credentials.payments.actions import (
    cancel_batch,
    close_batch,
    drop_line,
    lock_batch,
    miss_control_total,
    release_batch,
    return_batch,
)
from credentials.payments.actions.releasing import WrongTotal
from credentials.payments.forms import ReasonForm, ReleaseForm
from credentials.payments.models import PaymentBatch
from credentials.payments.policy import capitals
from credentials.payments.queries.apart import shows_total
from credentials.payments.queries.desk import desk_batches
from credentials.payments.queries.doubles import shared_accounts
from credentials.payments.states import BatchState, LineState
from credentials.payments.viewsets.figures import head
from credentials.payments.viewsets.steps import steps_of

LINES_SHOWN = 100
PAPER_WORDS: dict[str, Any] = {
    "roster": gettext_lazy("List (PDF)"),
    "roster-sheet": gettext_lazy("List (XLSX)"),
    "bank": gettext_lazy("File for the bank (CSV)"),
    "bank-sheet": gettext_lazy("File for the bank (XLSX)"),
}
STALE = gettext_lazy("This was decided in the meantime. Nothing was changed now.")


class BatchFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=BatchState.choices)
    year = django_filters.NumberFilter(label=gettext_lazy("year"))

    class Meta:
        model = PaymentBatch
        fields = ["state", "year"]


class BatchIndex(ReadersIndex):
    """Every batch in scope, the newest first."""

    model = PaymentBatch
    name = "payments"
    page_title = gettext_lazy("Payment batches")
    header_icon = "tasks"
    filterset_class = BatchFilterSet
    search_fields = ["serial", "policy__name"]

    def user_has_any_permission(self, permissions: Any) -> bool:
        return holds(self.request.user, *OFFICERS)

    def get_base_queryset(self) -> QuerySet[PaymentBatch]:
        return desk_batches(self.request.user)

    def total_of(self, row: PaymentBatch) -> str:
        return f"¥{row.total:,.2f}" if shows_total(row, self.request.user) else "–"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "serial",
                label=gettext_lazy("batch number"),
                get_url=lambda row: reverse("payments:batch", args=[row.pk]),
            ),
            Column("policy", label=gettext_lazy("subsidy policy"), accessor="policy.name"),
            Column("count", label=gettext_lazy("lines")),
            Column("total", label=gettext_lazy("control total"), accessor=self.total_of),
            Column("paid", label=gettext_lazy("paid"), accessor="paid_count"),
            Column(
                "failed", label=pgettext_lazy("payments", "Returned by the bank"), accessor="failed_count"
            ),
            Column("built_by", label=gettext_lazy("built by"), accessor="built_by"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.state in (BatchState.LOCKED, BatchState.RELEASED),
            ),
        ]


BatchIndex.index_url_name, BatchIndex.index_results_url_name = "payments:batches", "payments:batches_results"


def batch_at_desk(request: HttpRequest, pk: int) -> PaymentBatch:
    """A batch that this officer reads, else 404."""
    if not holds(request.user, *OFFICERS):
        raise Http404
    return get_object_or_404(desk_batches(request.user), pk=pk)


@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: its sum, its lines with masked accounts, its papers, and what comes next."""
    row = batch_at_desk(request, pk)
    user = request.user
    lines = row.lines.select_related("claim").prefetch_related("reversals").order_by("position")
    states = dict(LineState.choices)
    wanted = request.GET.get("state", "")
    shown = lines.filter(state=wanted) if wanted in states else lines
    counted = dict(row.lines.order_by().values_list("state").annotate(number=Count("pk")))
    pages = Paginator(shown, LINES_SHOWN)
    pages.count = counted.get(wanted, 0) if wanted in states else sum(counted.values())
    context = {
        "row": row,
        "shows_total": shows_total(row, user),
        "capitals": row.facts.get("capitals") or (capitals(row.total) if row.total else ""),
        "page": pages.get_page(request.GET.get("p")),
        "wanted": wanted,
        "shared": shared_accounts(row),
        "query": f"state={wanted}" if wanted in states else "",
        "counts": [(state, label, counted.get(state, 0)) for state, label in states.items()],
        **steps_of(row, user),
        "reason_form": ReasonForm(),
        "release_form": ReleaseForm(),
        "open_count": counted.get(LineState.WAITING, 0),
        "trail": _trail(row),
        **head(row.serial, (reverse("payments:batches"), _("Payment batches")), ("", row.serial)),
    }
    return render(request, "credentials/payments/admin/batch.html", context)


def _trail(row: PaymentBatch) -> list[AuditEntry]:
    """What was done to the batch; of a paper that was taken out, which."""
    entries = list(AuditEntry.objects.trail_of(row))
    for entry in entries:
        entry.about = PAPER_WORDS.get((entry.data.get("after") or {}).get("paper", ""), "")
    return entries


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Lock, return, cancel, release or close a batch."""
    row = batch_at_desk(request, pk)
    do = VERBS.get(verb)
    needed = verb if verb in ("lock", "release", "return") else "work_on"
    if do is None or not by_rule(request.user, f"credentials.{needed}_paymentbatch", row):
        raise Http404
    try:
        messages.success(request, do(request, row))
    except IllegalMove:
        messages.warning(request, STALE)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("payments:batch", row.pk)


def _lock(request: HttpRequest, row: PaymentBatch) -> str:
    lock_batch(batch=row, actor=request.user)
    return _("Locked. A second person releases it now.")


def _return(request: HttpRequest, row: PaymentBatch) -> str:
    return_batch(batch=row, reason=_reason(request), actor=request.user)
    return _("Returned: lines can be taken out again.")


def _cancel(request: HttpRequest, row: PaymentBatch) -> str:
    cancel_batch(batch=row, reason=_reason(request), actor=request.user)
    return _("Cancelled. Its claims wait for payment again.")


def _release(request: HttpRequest, row: PaymentBatch) -> str:
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Type the control total as an amount."))
    total = form.cleaned_data["total"]
    try:
        release_batch(batch=row, total=total, actor=request.user)
    except WrongTotal:
        miss_control_total(batch=row, total=total, actor=request.user)
        raise
    return _("Released. The file for the bank and the list can be taken out.")


def _close(request: HttpRequest, row: PaymentBatch) -> str:
    close_batch(batch=row, actor=request.user)
    return _("Closed. Nothing of it changes any more.")


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


VERBS: dict[str, Callable[[HttpRequest, PaymentBatch], str]] = {
    "lock": _lock,
    "return": _return,
    "cancel": _cancel,
    "release": _release,
    "close": _close,
}


@require_POST
def drop(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Take a line out of a batch that is being built."""
    row = batch_at_desk(request, pk)
    if not request.user.has_perm("credentials.work_on_paymentbatch", row):
        raise Http404
    line = get_object_or_404(row.lines.select_related("batch__authority", "claim"), pk=line_id)
    try:
        drop_line(line=line, actor=request.user)
        messages.success(request, _("Taken out. The claim waits for payment again."))
    except IllegalMove:
        messages.warning(request, STALE)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("payments:batch", row.pk)
