"""Requests on the site: finding a supervisor, asking, and the supervisor's answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.people.models import Person
from core.people.qualifications import qualifications_of
from core.states import Refused
from core.ui.acting import was_done
from supervision.requests import actions
from supervision.requests.forms import AskForm, DeclineForm, FindForm
from supervision.requests.models import PairingRequest
from supervision.requests.queries import choices_of, place_in_line, supervisors_for, with_public_profile
from supervision.supervisors.queries import month_words

PER_PAGE = 20


@require_safe
@never_cache
def supervisor_list(request: HttpRequest) -> HttpResponse:
    """The supervisors who may serve me, with what I may ask of each, or why not."""
    person = _me(request)
    form = FindForm(request.GET, person=person)
    page = Paginator(supervisors_for(person, form.sought), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "choices": choices_of(person, page.object_list),
        "person": person,
        "narrowed": bool(form.said),
    }
    return render(request, "supervision/requests/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def supervisor_ask(request: HttpRequest, supervisor_id: int) -> HttpResponse:
    """One supervisor, and the form with which I ask, or join the waiting list."""
    person = _me(request)
    supervisor = get_object_or_404(with_public_profile(), pk=supervisor_id)
    (choice,) = choices_of(person, [supervisor])
    form = AskForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask_supervisor(
                supervisor=supervisor, mentee=person, actor=request.user, **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            words = (
                _("Asked. %(name)s has been told.") if asked.is_open else _("You are on the waiting list.")
            )
            messages.success(request, words % {"name": supervisor.person.name})
            return redirect(asked)
    verified = qualifications_of([supervisor.pk], only_verified=True)[supervisor.pk]
    mine = PairingRequest.objects.live().filter(mentee=person, supervisor=supervisor)
    context = {
        "choice": choice,
        "form": form,
        "qualifications": verified,
        "month": month_words(supervisor),
        "asked": mine.first() if choice.answer.code == "asked" else None,
    }
    return render(request, "supervision/requests/ask.html", context)


@require_safe
@never_cache
def request_detail(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: the goal, how it stands, and what each of the two can do now."""
    return _show(request, _request(request, request_id), DeclineForm())


@require_POST
def request_accept(request: HttpRequest, request_id: int) -> HttpResponse:
    """The supervisor agrees."""
    row = _request(request, request_id, "supervision.answer_request")
    words = _("You supervise %(name)s from now on.") % {"name": row.mentee.name}
    return _act(request, row, words, lambda: actions.accept_request(request=row, actor=request.user))


@require_POST
def request_decline(request: HttpRequest, request_id: int) -> HttpResponse:
    """The supervisor says no, and why."""
    row = _request(request, request_id, "supervision.answer_request")
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form)
    reason = form.cleaned_data["reason"]
    words = _("Done. %(name)s has been told.") % {"name": row.mentee.name}
    return _act(
        request, row, words, lambda: actions.decline_request(request=row, actor=request.user, reason=reason)
    )


@require_POST
def request_withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    """The trainee takes the request back."""
    row = _request(request, request_id, "supervision.withdraw_request")
    words = _("The request is withdrawn.")
    return _act(request, row, words, lambda: actions.withdraw_request(request=row, actor=request.user))


def _me(request: HttpRequest) -> Person:
    """The person who asks; an account without one (the operator's) has nothing to ask here."""
    return get_object_or_404(Person.objects.select_related("employer", "user"), user=request.user.pk)


def _request(request: HttpRequest, pk: int, perm: str = "") -> PairingRequest:
    rows = PairingRequest.objects.visible_to(request.user).with_people().select_related("pairing")
    row = get_object_or_404(rows, pk=pk)
    if perm and not request.user.has_perm(perm, row):
        raise Http404
    return row


def _show(request: HttpRequest, row: PairingRequest, form: DeclineForm) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "is_mentee": row.mentee.user_id == request.user.pk,
        "place": place_in_line(row),
        "may_answer": row.is_live and request.user.has_perm("supervision.answer_request", row),
        "may_withdraw": row.is_live and request.user.has_perm("supervision.withdraw_request", row),
        "of_pair": request.user.pk in (row.mentee.user_id, row.supervisor.person.user_id),
    }
    return render(request, "supervision/requests/detail.html", context)


def _act(request: HttpRequest, row: PairingRequest, done: str, act: Callable[[], object]) -> HttpResponse:
    was_done(request, act, done, late=_("This request was settled before. Nothing was changed."))
    return redirect(row)
