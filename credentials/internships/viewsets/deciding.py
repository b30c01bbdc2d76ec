"""One internship at the desk with everything that is decided about it, and one proof of employment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.audit.models import AuditEntry
from core.people.queries import is_let_in_by
from core.states import IllegalMove
from credentials.internships import actions
from credentials.internships.forms import ReasonForm
from credentials.internships.models import EmploymentProof, Internship
from credentials.internships.queries import (
    desk_internships,
    desk_proofs,
    has_opened_paper,
    has_opened_proof,
    may_change,
    months_asked,
    progress_in,
)
from credentials.internships.states import MOVES, PROOF_MOVES, InternshipState, ProofState
from credentials.internships.viewsets.listing import crumbs, require_reader

# What an officer does: the state it leads to, and the act.
ACTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "place": (InternshipState.PLACED, actions.place_internship),
    "end": (InternshipState.ENDED, actions.end_internship),
    "cancel": (InternshipState.CANCELLED, actions.cancel_internship),
}
REASONED = {"cancel", "return"}


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One internship: place it, end it, return what was handed in, or cancel it; below it the proofs of employment."""
    require_reader(request)
    row = get_object_or_404(desk_internships(request.user), pk=pk)
    may = request.user.has_perm("credentials.decide_internship", row)
    verb = next((each for each in (*ACTS, "return") if each in request.POST), "")
    form = ReasonForm(request.POST if verb in REASONED else None)
    if request.method == "POST":
        if not may:
            raise Http404
        if verb and (verb not in REASONED or form.is_valid()):
            return _decide(request, row, verb, form)
    moves = MOVES[InternshipState(row.state)] if may else ()
    is_back = InternshipState.PROPOSED in moves or (row.state == InternshipState.SIGNED and may)
    context = {
        "row": row,
        "form": form,
        "may_place": row.state == InternshipState.CONFIRMED and may,
        "may_end": InternshipState.ENDED in moves and row.supervisor_id != request.user.pk,
        "may_return": is_back and row.supervisor_id != request.user.pk,
        "may_cancel": InternshipState.CANCELLED in moves,
        "may_edit": may and may_change(row),
        "may_verify": may,
        "has_opened": row.state != InternshipState.CONFIRMED or has_opened_paper(row, request.user),
        "progress": progress_in(row, months_asked(row.authority))
        if row.state == InternshipState.ENDED
        else None,
        "is_bound": not may and is_let_in_by(request.user, row.person),
        "trail": AuditEntry.objects.trail_of(row),
        "header_title": f"{row.person.name} · {row.station.name}",
        "header_icon": "user",
        "breadcrumbs_items": crumbs(row.person.name),
    }
    return render(request, "credentials/internships/admin/inspect.html", context)


def _decide(request: HttpRequest, row: Internship, verb: str, form: ReasonForm) -> HttpResponse:
    is_signed = row.state == InternshipState.SIGNED
    back = actions.return_signature if is_signed else actions.return_confirmation
    act = back if verb == "return" else ACTS[verb][1]
    said = {"reason": form.cleaned_data["reason"]} if verb in REASONED else {}
    _try(request, lambda: act(internship=row, actor=request.user, **said))
    return redirect("internships:inspect", row.pk)


def _try(request: HttpRequest, act: Callable[[], Any]) -> None:
    """Do it and say what came of it."""
    try:
        act()
    except IllegalMove:
        messages.warning(request, _("This was decided in the meantime. Nothing was changed now."))
    except actions.InternshipRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done, and whom it concerns has been told."))


@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """One proof of employment: verify it (`verify`), or return it with a reason."""
    require_reader(request)
    held: EmploymentProof = get_object_or_404(desk_proofs(request.user), pk=pk)
    if not request.user.has_perm("credentials.read_internship", held.internship):
        raise Http404
    may = request.user.has_perm("credentials.verify_employmentproof", held)
    form = ReasonForm(request.POST if "return" in request.POST else None)
    if request.method == "POST":
        if not may:
            raise Http404
        if "verify" in request.POST:
            _try(request, lambda: actions.verify_employment(proof=held, actor=request.user))
            return redirect("internships:inspect", held.internship_id)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            _try(request, lambda: actions.return_employment(proof=held, reason=reason, actor=request.user))
            return redirect("internships:inspect", held.internship_id)
    moves = PROOF_MOVES[ProofState(held.state)] if may else ()
    context = {
        "held": held,
        "form": form,
        "may_verify": ProofState.VERIFIED in moves,
        "may_return": ProofState.RETURNED in moves,
        "has_opened": has_opened_proof(held, request.user),
        "is_bound": not may and is_let_in_by(request.user, held.person),
        "trail": AuditEntry.objects.trail_of(held),
        "header_title": f"{held.person.name} · {held.employer_name}",
        "header_icon": "user",
        "breadcrumbs_items": crumbs(held.person.name),
    }
    return render(request, "credentials/internships/admin/proof.html", context)
