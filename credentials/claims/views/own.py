"""What I can claim, my claims, and the papers of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.attachments.actions import attachment_response
from core.pdf.faces import MissingGlyph
from core.people.models import Person
from credentials.claims.actions import (
    WHY_KEPT,
    ClaimRefused,
    declare_facts,
    is_account_open,
    may_take_back,
    print_claim,
    start_claim,
)
from credentials.claims.document import render as render_form
from credentials.claims.forms import AppealForm, StartForm
from credentials.claims.models import Claim
from credentials.claims.queries.deciding import NEWEST, follow_policy
from credentials.claims.queries.own import kept_as, offer_asked, overview_of
from credentials.claims.queries.page import history_of, page_of, review_rows, steps_of
from credentials.claims.queries.paper import form_facts
from credentials.claims.states import MOVES, ClaimState


def person_of(request: HttpRequest) -> Person:
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    return person


def own_claim(request: HttpRequest, pk: int) -> Claim:
    """A claim of one's own; that of somebody else is not found."""
    rows = Claim.objects.visible_to(request.user).filter(holder_id=request.user.pk).annotate(newest=NEWEST)
    claim: Claim = get_object_or_404(
        rows.select_related("version__subsidy__organisation", "authority", "employer", "person__employer"),
        pk=pk,
    )
    follow_policy(claim)
    return claim


@never_cache
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """What I can claim now, how much, until when and why; what will come; my claims, and what was paid."""
    person = person_of(request)
    today = timezone.localdate()
    cache.delete_many(kept_as(person, today))  # the desk says the same as this page
    context = {"overview": overview_of(person, today), "person": person}
    return render(request, "credentials/claims/list.html", context)


@require_POST
def claim_start(request: HttpRequest) -> HttpResponse:
    """Begin the claim of an offer; pressed again, the draft that there is."""
    person, today, form = person_of(request), timezone.localdate(), StartForm(request.POST)
    offer = offer_asked(person, today, form.cleaned_data) if form.is_valid() else None
    if offer is None:
        messages.warning(request, _("This cannot be claimed any more. Here is what you can claim today."))
        return redirect("credentials:claim-list")
    year = str(form.cleaned_data["year"] or "") if offer.benefit.subject == "year" else ""
    try:
        claim = start_claim(
            person=person,
            version=offer.version,
            benefit=offer.benefit.name,
            key=offer.decision.key or year,
            actor=request.user,
        )
        if year and "year.year" not in claim.declared:
            declare_facts(claim=claim, declared={"year.year": year}, actor=request.user)
    except ClaimRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("credentials:claim-list")
    cache.delete_many(kept_as(person, today))
    return redirect("credentials:claim-edit", claim.pk)


@never_cache
@require_safe
def claim_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One of my claims: for whom it waits, every condition, the papers, and what was decided."""
    return render_detail(request, own_claim(request, pk))


def render_detail(request: HttpRequest, claim: Claim, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    cache.delete_many(kept_as(claim.person, today))  # the desk says the same as this page
    page, history, state = page_of(claim, today), history_of(claim), ClaimState(claim.state)
    context = {
        "page": page,
        "claim": claim,
        "steps": steps_of(claim, page),
        "history": history,
        "rows": review_rows(history),
        "appeal_form": AppealForm(actor=request.user) if history.may_appeal else None,
        "may_withdraw": ClaimState.WITHDRAWN in MOVES[state],
        "may_take_back": may_take_back(claim),
        "why_kept": WHY_KEPT.get(state, "") if claim.account_sealed else "",
        "names_account": state == ClaimState.NOTICE and is_account_open(claim),
        "has_failed": state == ClaimState.APPROVED and bool(claim.reason),
        "entries": claim.entries.order_by("pk"),
    }
    return render(request, "credentials/claims/detail.html", context | more)


@never_cache
@require_safe
def claim_paper(request: HttpRequest, pk: int, paper_id: int) -> HttpResponseBase:
    """A paper that I have handed in."""
    paper = get_object_or_404(own_claim(request, pk).papers.select_related("file"), pk=paper_id)
    return attachment_response(paper.file, download="download" in request.GET)


@never_cache
@require_safe
def claim_form(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The official application form as a PDF, for my signature and the seal of my employer: with whole numbers, so for me
    alone, and each time with a trace."""
    claim = own_claim(request, pk)
    if request.method != "GET":  # who asks for the headers has seen nothing
        return HttpResponse(content_type="application/pdf")
    numbers = print_claim(claim=claim, actor=request.user)
    try:
        content = render_form(form_facts(claim, numbers, timezone.localdate()))
    except MissingGlyph as missing:
        messages.error(request, _("The form cannot be printed: %(why)s") % {"why": missing})
        return redirect(claim)
    answer = HttpResponse(content, content_type="application/pdf")
    kind = "attachment" if "download" in request.GET else "inline"
    answer["Content-Disposition"] = f'{kind}; filename="{claim.serial}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
