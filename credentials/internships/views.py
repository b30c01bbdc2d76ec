"""Internships on the site: one's own, and those that one supervises."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from core.people.models import Person
from core.states import IllegalMove
from credentials.internships.actions import (
    InternshipRefused,
    confirm_internship,
    declare_employment,
    open_employment_paper,
    open_internship_paper,
    sign_internship,
    withdraw_employment,
)
from credentials.internships.forms import EmploymentForm, SchoolForm, SignForm
from credentials.internships.models import Internship
from credentials.internships.queries import (
    desk_proofs,
    internships_of,
    months_asked,
    progress_in,
    readable_internships,
    supervised_by,
)
from credentials.internships.states import InternshipState, ProofState


def _me(request: HttpRequest) -> Person:
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    return person


def _stale(request: HttpRequest) -> None:
    messages.warning(request, _("This was decided in the meantime. Nothing was changed now."))


def _refuse(form: Any, refusal: InternshipRefused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@never_cache
@require_safe
def internship_list(request: HttpRequest) -> HttpResponse:
    """My internship: where it stands, what I am to hand in, and how much of a year of employment is proved."""
    found = list(internships_of(_me(request)))
    ended = {row.authority for row in found if row.state == InternshipState.ENDED}
    asked = {authority.pk: months_asked(authority) for authority in ended}
    rows = [
        {
            "row": row,
            "progress": progress_in(row, asked[row.authority_id])
            if row.state == InternshipState.ENDED
            else None,
            "waits": any(each.state == ProofState.DECLARED for each in row.proofs.all()),
        }
        for row in found
    ]
    context = {"rows": rows, "supervises": supervised_by(request.user).exists()}
    return render(request, "credentials/internships/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def internship_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in what the school says of one's internship."""
    row = get_object_or_404(internships_of(_me(request)), pk=pk)
    if row.state != InternshipState.PROPOSED:
        raise Http404
    form = SchoolForm(request.POST or None, request.FILES or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_internship(internship=row, upload=form.given("paper"), actor=request.user)
        except IllegalMove:
            _stale(request)
        else:
            messages.success(request, _("Handed in. The competent department compares it and places you."))
        return redirect("credentials:internship-list")
    form.hold()
    return render(request, "credentials/internships/confirm.html", {"row": row, "form": form})


@require_safe
def internship_paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The school's paper, for the student and the officers. Opened by anybody but the student, that is audited."""
    row = get_object_or_404(readable_internships(request.user), pk=pk)
    if row.paper is None or not request.user.has_perm("credentials.open_internshippaper", row):
        raise Http404
    if request.method == "GET":  # who asks for the headers has seen nothing
        open_internship_paper(internship=row, actor=request.user)
    return attachment_response(row.paper, download="download" in request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
def internship_employment(request: HttpRequest, pk: int) -> HttpResponse:
    """Prove where one is employed after an internship, or that one still is."""
    row = get_object_or_404(internships_of(_me(request)), pk=pk)
    if row.state != InternshipState.ENDED:
        raise Http404
    form = EmploymentForm(request.POST or None, request.FILES or None, actor=request.user, internship=row)
    if request.method == "POST" and form.is_valid():
        try:
            declare_employment(
                internship=row,
                said=form.said,
                contract=form.given("contract"),
                insurance=form.given("insurance"),
                actor=request.user,
            )
        except InternshipRefused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("Handed in. The competent department compares it with the papers."))
            return redirect("credentials:internship-list")
    form.hold()
    return render(request, "credentials/internships/employment.html", {"row": row, "form": form})


@require_safe
def employment_paper(request: HttpRequest, pk: int, which: str) -> HttpResponseBase:
    """A paper of a proof of employment. Opened by anybody but the person themself, that is audited."""
    proof = get_object_or_404(desk_proofs(request.user), pk=pk)
    paper = {"contract": proof.contract, "insurance": proof.insurance}.get(which)
    if paper is None:
        raise Http404
    if request.method == "GET":
        open_employment_paper(proof=proof, paper=paper, actor=request.user)
    return attachment_response(paper, download="download" in request.GET)


@require_POST
def employment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a proof of one's own that waits; a second click changes nothing."""
    proof = get_object_or_404(desk_proofs(request.user).filter(holder=request.user.pk), pk=pk)
    try:
        withdraw_employment(proof=proof, actor=request.user)
    except IllegalMove:
        _stale(request)
    else:
        messages.success(request, _("The proof is withdrawn."))
    return redirect("credentials:internship-list")


@never_cache
@require_safe
def internship_supervised(request: HttpRequest) -> HttpResponse:
    """The interns that one supervises: whose internship is to be signed, and the others."""
    rows: list[Internship] = list(supervised_by(request.user))
    today = timezone.localdate()
    due = [row for row in rows if row.state == InternshipState.PLACED and row.ends_on <= today]
    context = {"due": due, "others": [row for row in rows if row not in due]}
    return render(request, "credentials/internships/supervised.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def internship_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The supervisor signs an internship at its end."""
    row = get_object_or_404(supervised_by(request.user), pk=pk)
    if row.state != InternshipState.PLACED:
        raise Http404
    form = SignForm(request.POST or None, internship=row)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            sign_internship(
                internship=row,
                words=said["words"],
                minutes=said["hours"] * 60,
                ends_on=said["ends_on"],
                actor=request.user,
            )
        except IllegalMove:
            _stale(request)
            return redirect("credentials:internship-supervised")
        except InternshipRefused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("Signed. The competent department ends the internship."))
            return redirect("credentials:internship-supervised")
    return render(request, "credentials/internships/sign.html", {"row": row, "form": form})
