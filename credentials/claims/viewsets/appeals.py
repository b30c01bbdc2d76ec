"""Appeals against refused claims: the list of those that are open, and the answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access.predicates import by_rule
from core.access.scope import holds
from core.access.states import READERS
from core.states import Refused
from credentials.claims.actions import answer_appeal
from credentials.claims.forms import AnswerForm
from credentials.claims.models import ClaimAppeal
from credentials.claims.queries.case import appeals_with_papers
from credentials.claims.queries.desk import rows_of, stage_label, what_of
from credentials.claims.queries.waiting import appeals_for
from credentials.claims.states import AppealState
from credentials.claims.viewsets.listing import crumbs

PER_PAGE = 50
NOT_MINE = gettext_lazy(
    "An appeal is decided by the authority, and by somebody who has had no part in the claim."
)


def _readable(request: HttpRequest) -> QuerySet[ClaimAppeal]:
    rows: QuerySet[ClaimAppeal] = ClaimAppeal.objects.visible_to(request.user)  # type: ignore[assignment]
    return rows


@never_cache
@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """The appeals that this officer may read, the open ones first, then what was decided last; those that wait for them are marked."""
    if not holds(request.user, *READERS):
        raise Http404
    rows = _readable(request).select_related("claim__person", "claim__employer")
    page = Paginator(rows.order_by(F("decided_at").desc(nulls_first=True), "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    listed = list(page.object_list)
    claims = {row.claim.pk: row for row in rows_of([one.claim for one in listed], request.user)}
    mine = set(appeals_for(request.user).values_list("pk", flat=True))
    context = {
        "page": page,
        "rows": [(one, claims[one.claim_id], one.pk in mine) for one in listed],
        "header_title": _("Appeals"),
        "header_icon": "form",
        "breadcrumbs_items": crumbs(("", _("Appeals"))),
    }
    return render(request, "credentials/claims/desk/appeals.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal beside the refusal that it is against; sent back, its answer."""
    if not holds(request.user, *READERS):
        raise Http404
    rows = _readable(request)
    row = get_object_or_404(
        rows.select_related(
            "claim__person",
            "claim__version",
            "claim__employer",
            "claim__authority",
            "against__by__person",
            "decided_by__person",
        ),
        pk=pk,
    )
    answers = by_rule(request.user, "credentials.answer_claimappeal", row)
    may = answers and row.state == AppealState.OPEN
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        if not answers:
            raise Http404
        if form.is_valid() and _answer(request, row, form):
            return redirect("claims:appeal", row.pk)
    context = {
        "row": row,
        "form": form,
        "may": may,
        "why_not": "" if may or row.state != AppealState.OPEN else NOT_MINE,
        "what": what_of(row.claim),
        "stage": stage_label(row.against.stage),
        "papers": next((papers for one, papers in appeals_with_papers(row.claim) if one.pk == row.pk), []),
        "header_title": _("Appeal: %(serial)s") % {"serial": row.claim.serial},
        "header_icon": "form",
        "breadcrumbs_items": crumbs((reverse("claims:appeals"), _("Appeals")), ("", row.claim.serial)),
    }
    return render(request, "credentials/claims/desk/appeal.html", context)


def _answer(request: HttpRequest, row: ClaimAppeal, form: AnswerForm) -> bool:
    data = form.cleaned_data
    try:
        answer_appeal(appeal=row, upheld=data["upheld"] == "yes", answer=data["answer"], actor=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The appeal is decided, and the claimant has been told."))
    return True
