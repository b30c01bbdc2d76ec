"""One claim at the desk: read it, open its papers, decide about it, or say that one is too close to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.access.scope import Asker, holds
from core.access.states import Role
from core.attachments.actions import attachment_response
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.sheets.words import list_words
from core.states import IllegalMove, Refused
from credentials.claims.actions import (
    WHY_NOT,
    can_stamp,
    declare_claim_conflict,
    open_claim_paper,
    review_claim,
    stamped,
)
from credentials.claims.forms import ConflictForm, ReviewForm
from credentials.claims.models import Claim
from credentials.claims.policy import CLOSING
from credentials.claims.queries.case import Case, appeals_with_papers, case_of, claims_at_desk
from credentials.claims.queries.desk import neighbours, next_for, stage_label, what_of
from credentials.claims.queries.stages import who_decides, why_not
from credentials.claims.states import ClaimState, Verdict
from credentials.claims.viewsets.closing import close_form
from credentials.claims.viewsets.giving import give_form
from credentials.claims.viewsets.listing import crumbs, require_officer
from credentials.claims.watermark import CannotStamp
from credentials.policies.queries.words import said

PROOF = "proof"
DONE: dict[Verdict, Any] = {
    Verdict.PASS: gettext_lazy("Claim %(serial)s is passed."),
    Verdict.RETURN: gettext_lazy(
        "Claim %(serial)s is returned for correction; the claimant has been told why."
    ),
    Verdict.REFUSE: gettext_lazy("Claim %(serial)s is refused; the claimant has been told why."),
}
STALE = gettext_lazy("Somebody else has decided this stage already.")


def claim_at_desk(request: HttpRequest, pk: int) -> Claim:
    require_officer(request.user)
    claim: Claim = get_object_or_404(claims_at_desk(request.user), pk=pk)
    return claim


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim with all that its decision rests on; sent back with a verdict, decide about it."""
    claim = claim_at_desk(request, pk)
    if claim.claimed_on is None:
        return redirect("claims:fill", claim.pk)
    barred = why_not(claim, request.user) if claim.state == ClaimState.REVIEW else "place"
    case = case_of(claim)
    form = ReviewForm(request.POST or None, points=case.open_points, found=case.found)
    if request.method == "POST":
        if barred and not request.user.has_perm("credentials.review_claim"):
            raise Http404
        if form.is_valid() and (answer := _decide(request, claim, form)):
            return answer
    context = {
        "claim": claim,
        "case": case,
        "readable": _readable_policies(case, request.user),
        "form": form,
        "points": [
            (form[f"judge-{one.name}"], form[f"words-{one.name}"]) for one, _title in case.open_points
        ],
        "may_review": claim.state == ClaimState.REVIEW and not barred,
        "why_not": _why_not(claim, barred, request.user),
        "may_declare": barred == "" and claim.state == ClaimState.REVIEW,
        "conflict": ConflictForm(),
        "give_form": give_form(claim, request.user),
        "close_form": close_form(claim, request.user),
        **_around(request, claim),
    }
    return render(request, "credentials/claims/desk/inspect.html", context)


def _readable_policies(case: Case, user: Asker) -> set[int]:
    """The policies of earlier payments whose text this reader may open: their names lead there."""
    paid = (one for row in case.facts for said in (row.frozen, row.now) for one in said.payments)
    rows = {one.version.subsidy for one in paid if one.version}
    return {row.pk for row in rows if user.has_perm("credentials.view_subsidypolicy", row)}


def _why_not(claim: Claim, barred: str, user: Asker) -> str:
    """Why this reader does not decide; who only reads, as an auditor, is told that."""
    if claim.state != ClaimState.REVIEW or not barred:
        return ""
    if not holds(user, Role.ADMINISTRATOR):
        return _("You read this claim; administrators of the unit at which it is decide.")
    if barred not in ("tied", "giver", "passed"):
        return str(WHY_NOT[barred])
    names = list_words(f"{one.get_full_name()}" for one in who_decides(claim)[:5])
    can = (
        _("Can decide: %(names)s.") % {"names": names}
        if names
        else _("Nobody here or above can decide: ask the operator to appoint somebody.")
    )
    return f"{WHY_NOT[barred]} {can}"


def _around(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    """What stands around the decision: earlier ones, appeals, the notices, the way on, and the head of the page."""
    manages = holds(request.user, Role.ADMINISTRATOR)
    before, after = neighbours(request.user, claim) if manages else (None, None)
    reviews = [(one, stage_label(one.stage)) for one in claim.reviews.select_related("by__person")]
    return {
        "policy": said(claim.version.policy().name),
        "what": what_of(claim),
        "stage": stage_label(claim.stage),
        "reviews": reviews,
        "appeals": appeals_with_papers(claim),
        "closings": claim.papers.filter(slot__startswith=CLOSING).select_related("file"),
        "conflicts": claim.conflicts.select_related("officer__person"),
        "manages": manages,
        "before": before,
        "after": after,
        "may_read_person": request.user.has_perm("core.view_person", claim.person),
        "may_read_policy": request.user.has_perm("credentials.view_subsidypolicy", claim.version.subsidy),
        "may_reveal": claim.person.id_hash and request.user.has_perm("core.reveal_id", claim.person),
        "is_overdue": bool(
            claim.state == ClaimState.REVIEW
            and claim.stage_due_on
            and claim.stage_due_on < timezone.localdate()
        ),
        "trail": AuditEntry.objects.trail_of(claim),
        "header_title": f"{claim.serial} · {claim.person.name}",
        "header_icon": "form",
        "breadcrumbs_items": crumbs(("", claim.serial)),
    }


def _decide(request: HttpRequest, claim: Claim, form: ReviewForm) -> HttpResponse | None:
    """None where it is refused: the page is shown again with what was typed."""
    if form.verdict is None:
        form.add_error(None, _("Choose to pass, to return or to refuse."))
        return None
    try:
        review_claim(
            claim=claim,
            stage=request.POST.get("stage", ""),
            verdict=form.verdict,
            reason=form.cleaned_data["reason"],
            judged=form.judged,
            actor=request.user,
        )
    except IllegalMove:
        form.add_error(None, STALE)
        return None
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, DONE[form.verdict] % {"serial": claim.serial})
    following = next_for(request.user)
    if following is None:
        return redirect("claims:inspect", claim.pk)
    messages.info(request, _("This is the next claim that waits for you."))
    return redirect("claims:inspect", following.pk)


@require_POST
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare a conflict of interest. It stays."""
    claim = claim_at_desk(request, pk)
    if not request.user.has_perm("credentials.review_claim", claim):
        raise Http404
    form = ConflictForm(request.POST)
    if form.is_valid():
        declare_claim_conflict(claim=claim, words=form.cleaned_data["words"], actor=request.user)
        messages.success(request, _("Noted. Somebody else decides about this claim."))
    else:
        messages.error(request, _("Say how you are connected."))
    return redirect("claims:inspect", claim.pk)


def _paper(claim: Claim, paper: int) -> tuple[Attachment, str]:
    """A paper of the claim, or with 0 the proof of an entry on behalf."""
    if paper == 0:
        if claim.proof is None:
            raise Http404
        return claim.proof, PROOF
    found = get_object_or_404(claim.papers.select_related("file"), pk=paper)
    return found.file, found.slot


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, pk: int, paper_id: int) -> HttpResponseBase:
    """One paper with its watermark. One that cannot be stamped says so; sent back, the file itself is handed out."""
    claim = claim_at_desk(request, pk)
    file, slot = _paper(claim, paper_id)
    may_take = request.user.has_perm("credentials.take_claimpaper", claim)
    if request.method == "POST":
        if not may_take:
            raise Http404
        return _handed_out(request, claim, file, slot, paper_id)
    try:
        content = stamped(claim=claim, file=file, slot=slot, actor=request.user)
    except FileNotFoundError:
        raise Http404
    except CannotStamp:
        return _cannot(request, claim, file, may_take)
    answer = HttpResponse(content, content_type=file.content_type)
    answer["Content-Disposition"] = content_disposition_header(False, file.name) or "inline"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _handed_out(
    request: HttpRequest, claim: Claim, file: Attachment, slot: str, paper_id: int
) -> HttpResponseBase:
    try:
        stampable = can_stamp(claim=claim, file=file, actor=request.user)
    except FileNotFoundError:
        raise Http404
    if stampable:
        return redirect("claims:paper", claim.pk, paper_id)
    open_claim_paper(claim=claim, slot=slot, actor=request.user, way="file")
    return attachment_response(file, download=True)


def _cannot(request: HttpRequest, claim: Claim, file: Attachment, may_take: bool) -> HttpResponse:
    title = _("This paper cannot be shown with a watermark")
    context = {
        "claim": claim,
        "file": file,
        "may_take": may_take,
        "header_title": title,
        "header_icon": "warning",
        "breadcrumbs_items": crumbs((reverse("claims:inspect", args=[claim.pk]), claim.serial), ("", title)),
    }
    return render(request, "credentials/claims/desk/unstampable.html", context)
