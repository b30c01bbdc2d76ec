"""Agreements on the site: the supervisor drafts and proposes, the mentee accepts or sends back, both take the PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.ui.acting import was_done
from supervision.agreements import actions
from supervision.agreements.forms import AgreementForm, ReturnForm, RevisionForm, first_values
from supervision.agreements.models import Agreement
from supervision.agreements.queries import agreements_of, page_of, template_of
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing, of_pair


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def agreement_draft(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Write the agreement of this pairing, or change the draft of it."""
    rows = Pairing.objects.visible_to(request.user).filter(of_pair(request.user)).with_people()
    pairing = get_object_or_404(rows, pk=pairing_id)
    if not request.user.has_perm("supervision.log_session", pairing):
        raise Http404
    latest = next(iter(agreements_of(pairing, request.user)), None)
    if latest is not None and latest.is_open and not latest.is_editable:
        messages.info(
            request, _("The proposal waits for the mentee. Withdraw it first if you want to change it.")
        )
        return redirect(latest)
    text = latest.texts.filter(number=latest.revision).first() if latest else None
    form = AgreementForm(request.POST or None, initial=first_values(latest, text))
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.draft_agreement(
                pairing=pairing,
                actor=request.user,
                goals=form.cleaned_data["goals"],
                place=form.cleaned_data["place"],
                frame=form.frame,
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. Read it once more, then propose it."))
            return redirect(kept)
    context = {
        "form": form,
        "pairing": pairing,
        "agreement": latest,
        "template": template_of(pairing, latest),
    }
    return render(request, "supervision/agreements/draft.html", context)


@require_safe
@never_cache
def agreement_detail(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """One agreement. The pair reads all of it; the desk reads that there is one, how often, how long, until when."""
    return _show(request, _agreement(request, agreement_id))


@require_POST
def agreement_propose(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The supervisor accepts the own draft and asks the mentee."""
    agreement = _agreement(request, agreement_id, "supervision.propose_agreement")
    return _act(request, agreement, _("Proposed. Your mentee has been told."), actions.propose_agreement)


@require_POST
def agreement_accept(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The mentee accepts."""
    agreement = _agreement(request, agreement_id, "supervision.accept_agreement")
    form = RevisionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else 0
    done = _("Accepted. The agreement is in force.")
    return _act(request, agreement, done, actions.accept_agreement, revision=revision)


@require_POST
def agreement_return(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The mentee sends the proposal back with a remark."""
    agreement = _agreement(request, agreement_id, "supervision.accept_agreement")
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _show(request, agreement, return_form=form)
    done = _("Sent back. Your supervisor has been told.")
    return _act(request, agreement, done, actions.return_agreement, **form.cleaned_data)


@require_POST
def agreement_withdraw(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The supervisor takes a draft or a proposal back."""
    agreement = _agreement(request, agreement_id, "supervision.propose_agreement")
    return _act(
        request, agreement, _("Withdrawn. Nothing is agreed by it."), actions.withdraw_agreement, home=True
    )


@require_safe
@never_cache
def agreement_pdf(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The agreed text as a PDF, for the two who accepted it."""
    agreement = _agreement(request, agreement_id)
    if not page_of(agreement, request.user).of_pair or not agreement.is_agreed:
        raise Http404
    headers = {
        "Content-Disposition": f'attachment; filename="agreement-{agreement.pk}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(actions.document_of(agreement), content_type="application/pdf", headers=headers)


def _agreement(request: HttpRequest, agreement_id: int, perm: str = "") -> Agreement:
    rows = Agreement.objects.visible_to(request.user).with_people().select_related("template")
    agreement = get_object_or_404(rows, pk=agreement_id)
    if perm and not request.user.has_perm(perm, agreement):
        raise Http404
    return agreement


def _show(request: HttpRequest, agreement: Agreement, **forms: Any) -> HttpResponse:
    revision = {"revision": agreement.revision}
    context = {
        "page": page_of(agreement, request.user),
        "agreement": agreement,
        "accept_form": RevisionForm(initial=revision),
        "return_form": ReturnForm(initial=revision),
        **forms,
    }
    return render(request, "supervision/agreements/detail.html", context, status=422 if forms else 200)


def _act(
    request: HttpRequest,
    agreement: Agreement,
    done: str,
    act: Callable[..., Any],
    *,
    home: bool = False,
    **values: Any,
) -> HttpResponse:
    """Do it and go back to the agreement; a second click or an old page is told so, and changes nothing."""
    worked = was_done(
        request,
        lambda: act(agreement=agreement, actor=request.user, **values),
        done,
        late=_("This was already done, or is no longer possible. The page shows how it stands now."),
        stale=_("The agreement has changed since you opened it. Read it again before you answer."),
    )
    return redirect(agreement.pairing if worked and home else agreement)
