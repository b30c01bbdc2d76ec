"""Manual entries for the person they are about."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from core.people.models import Person
from core.states import IllegalMove
from credentials.manual_entries.actions import (
    ManualRefused,
    open_proof,
    request_manual,
    withdraw_manual,
)
from credentials.manual_entries.forms import ManualForm
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.queries import desk_manual, own_manual

PER_PAGE = 20


def _me(request: HttpRequest) -> Person:
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    return person


@require_safe
def manual_list(request: HttpRequest) -> HttpResponse:
    """What I have asked for, and what it waits for."""
    page = Paginator(own_manual(_me(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "credentials/manual_entries/list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def manual_request(request: HttpRequest) -> HttpResponse:
    """Ask for hours of a training elsewhere."""
    person = _me(request)
    form = ManualForm(request.POST or None, request.FILES or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            entry = request_manual(
                person=person, facts=form.facts, upload=form.given("proof"), actor=request.user
            )
        except ManualRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Handed in. Two officers compare it with the proof, then it counts."))
            return redirect(entry)
    form.hold()
    context = {"form": form, "employer": person.employer}
    return render(request, "credentials/manual_entries/request.html", context)


def _entry(request: HttpRequest, pk: int) -> ManualEntry:
    return get_object_or_404(desk_manual(request.user), pk=pk)


@require_safe
def manual_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: where it stands, what it says, and its proof."""
    entry = _entry(request, pk)
    context = {
        "entry": entry,
        "is_mine": entry.holder_id == request.user.pk,
        "may_withdraw": entry.is_open and request.user.pk == entry.handed_in_by_id,
    }
    return render(request, "credentials/manual_entries/detail.html", context)


@require_safe
def manual_proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The proof. Opened by anybody but the person themself, that is audited."""
    entry = _entry(request, pk)
    if request.method == "GET":  # who asks for the headers has seen nothing
        open_proof(entry=entry, actor=request.user)
    return attachment_response(entry.proof, download="download" in request.GET)


@require_POST
def manual_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an open entry back; a second click changes nothing."""
    entry = _entry(request, pk)
    if request.user.pk != entry.handed_in_by_id:
        raise Http404
    try:
        withdraw_manual(entry=entry, actor=request.user)
    except IllegalMove:
        messages.warning(request, _("This entry was decided in the meantime. Nothing was changed now."))
    else:
        messages.success(request, _("The entry is withdrawn."))
    return redirect(entry)
