"""Handovers on the site: the supervisor writes one, the mentee reads it and decides, the next supervisor reads it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.states import IllegalMove
from supervision.handovers import actions
from supervision.handovers.forms import HandoverForm, ReleaseForm
from supervision.handovers.models import Handover
from supervision.handovers.queries import goals_with, successors_of
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing, of_pair


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def handover_write(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Write the handover of the own pairing, or write it anew before it is passed on."""
    rows = Pairing.objects.visible_to(request.user).filter(of_pair(request.user))
    pairing = get_object_or_404(rows.with_people(), pk=pairing_id)
    if not request.user.has_perm("supervision.write_handover", pairing):
        raise Http404
    now = Handover.objects.visible_to(request.user).filter(pairing=pairing).first()
    if now is not None and now.is_released:
        messages.info(request, _("It has been passed on and stays as it is."))
        return redirect(now)
    form = HandoverForm(request.POST or None, initial={"text": now.text if now else ""})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.write_handover(pairing=pairing, actor=request.user, **form.cleaned_data)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        except IllegalMove:
            messages.info(request, _("It has been passed on and stays as it is."))
            return redirect(pairing)
        else:
            words = _("Written. %(name)s reads it first and decides whether it is passed on.")
            messages.success(request, words % {"name": pairing.mentee.name})
            return redirect(row)
    return render(request, "supervision/handovers/write.html", {"form": form, "pairing": pairing})


@require_safe
@never_cache
def handover_detail(request: HttpRequest, handover_id: int) -> HttpResponse:
    """One handover; the mentee decides here."""
    return _show(request, _handover(request, handover_id))


@require_POST
def handover_release(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Pass it on to a present supervisor."""
    row = _handover(request, handover_id, "supervision.release_handover")
    form = ReleaseForm(request.POST, successors=successors_of(row.pairing))
    if not form.is_valid():
        return _show(request, row, form)
    try:
        actions.release_handover(handover=row, actor=request.user, **form.cleaned_data)
    except NotPossible as refused:
        form.add_error(None, str(refused))
        return _show(request, row, form)
    except IllegalMove:
        messages.info(request, _("The handover has changed meanwhile. The page shows how it stands now."))
    else:
        messages.success(request, _("Passed on."))
    return redirect(row)


@require_POST
def handover_keep(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Do not pass it on."""
    row = _handover(request, handover_id, "supervision.release_handover")
    try:
        actions.keep_handover(handover=row, actor=request.user)
    except IllegalMove:
        messages.info(request, _("The handover has changed meanwhile. The page shows how it stands now."))
    else:
        messages.success(request, _("It is not passed on. You can still change your mind."))
    return redirect(row)


def _handover(request: HttpRequest, pk: int, perm: str = "") -> Handover:
    rows = Handover.objects.visible_to(request.user).with_people()
    row = get_object_or_404(rows, pk=pk)
    if perm and not request.user.has_perm(perm, row):
        raise Http404
    return row


def _show(request: HttpRequest, row: Handover, form: ReleaseForm | None = None) -> HttpResponse:
    is_mentee = row.pairing.mentee.user_id == request.user.pk
    decides = is_mentee and not row.is_released
    if decides and form is None:
        form = ReleaseForm(successors=successors_of(row.pairing), initial={"seen": row.version})
    context = {
        "handover": row,
        "pairing": row.pairing,
        "is_mentee": is_mentee,
        "is_author": row.pairing.supervisor.person.user_id == request.user.pk,
        "decides": decides,
        "form": form if decides else None,
        "has_successor": decides and successors_of(row.pairing).exists(),
        "goals": goals_with(row),
    }
    return render(request, "supervision/handovers/detail.html", context)
