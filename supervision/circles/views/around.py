"""Around a gathering: corrections after somebody has confirmed, files, agreed actions, a late record's reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from core.states import IllegalMove
from supervision.circles import actions
from supervision.circles.forms import ProposeForm, RefuseForm, held_values
from supervision.circles.models import GatheringAction, GatheringAmendment, GatheringFile, PartAmendment
from supervision.circles.queries import gathering_page
from supervision.circles.states import PartState
from supervision.circles.views.gatherings import act_on, already, gathering_of, refusable, show
from supervision.pairings.actions import NotPossible
from supervision.sessions.forms import ExplainForm, FileForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_correct(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """The leader proposes to correct a gathering that somebody has confirmed; each whom it concerns is asked."""
    gathering = gathering_of(request, gathering_id, "supervision.log_gathering")
    page = gathering_page(gathering, request.user)
    if not page.is_leader or not gathering.is_logged or not page.is_locked or page.open_amendment:
        messages.info(request, already())
        return redirect(gathering)
    parts = [part for part in page.parts if part.state == PartState.CONFIRMED]
    form = ProposeForm(
        request.POST or None,
        people=[part.person for part in parts],
        circle=gathering.circle,
        initial=held_values(gathering, page.content, parts),
    )
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        made = refusable(
            form,
            lambda: actions.propose_gathering_amendment(
                gathering=gathering,
                actor=request.user,
                facts=form.facts,  # type: ignore[arg-type]
                shared=form.shared,
                minutes=form.came,
                reason=form.cleaned_data["reason"],
                late_reason=form.cleaned_data["late_reason"],
                revision=form.cleaned_data["revision"],
            ),
        )
        if made is not None:
            words = _(
                "Sent. It changes once all whom it concerns have accepted; until then it stays as it is."
            )
            messages.success(request, words)
            return redirect(gathering.get_absolute_url() + "#amendments")
    context = {"form": form, "gathering": gathering, "circle": gathering.circle}
    return render(request, "supervision/circles/correct.html", context)


@require_POST
def correction_accept(request: HttpRequest, answer_id: int) -> HttpResponse:
    """A participant agrees to a correction."""
    answer = _answer(request, answer_id)
    return act_on(
        request,
        answer.amendment.gathering,
        _("Accepted. Once everybody has, the record and the hours follow it."),
        lambda: actions.accept_gathering_amendment(answer=answer, actor=request.user),
    )


@require_POST
def correction_refuse(request: HttpRequest, answer_id: int) -> HttpResponse:
    """A participant says no to a correction."""
    answer = _answer(request, answer_id)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        gathering = gathering_of(request, answer.amendment.gathering_id)
        return show(request, gathering, refuse_form=form)
    reason = form.cleaned_data["reason"]
    return act_on(
        request,
        answer.amendment.gathering,
        _("The record stays as it is, and whoever led the gathering has been told."),
        lambda: actions.refuse_gathering_amendment(answer=answer, actor=request.user, reason=reason),
    )


@require_POST
def correction_withdraw(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """The leader takes a proposed correction back."""
    rows = GatheringAmendment.objects.visible_to(request.user).select_related("gathering__leader")
    amendment = get_object_or_404(rows, pk=amendment_id)
    if amendment.gathering.leader.user_id != request.user.pk:
        raise Http404
    return act_on(
        request,
        amendment.gathering,
        _("The correction is taken back."),
        lambda: actions.withdraw_gathering_amendment(amendment=amendment, actor=request.user),
    )


@require_POST
def gathering_attach(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Who led it or took part puts a file to the gathering."""
    gathering = gathering_of(request, gathering_id)
    if not gathering_page(gathering, request.user).took_part:
        raise Http404
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, gathering, file_form=form)
    upload = form.cleaned_data["upload"]
    return act_on(
        request,
        gathering,
        _("The file is added."),
        lambda: actions.add_gathering_file(gathering=gathering, actor=request.user, upload=upload),
    )


@require_safe
@never_cache
def gathering_file(request: HttpRequest, gathering_id: int, file_id: int) -> HttpResponseBase:
    """A file of a gathering, for those who took part. That it was opened is audited."""
    rows = GatheringFile.objects.visible_to(request.user).filter(gathering_id=gathering_id)
    kept: Any = get_object_or_404(rows.select_related("file", "gathering__circle__organisation"), pk=file_id)
    if request.method == "GET":  # who asks for the headers has seen nothing
        actions.open_gathering_file(kept=kept, actor=request.user)
    return attachment_response(kept.file, download="download" in request.GET)


@require_POST
def gathering_explain(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """The leader gives another reason for a declined late record."""
    gathering = gathering_of(request, gathering_id, "supervision.log_gathering")
    late = gathering_page(gathering, request.user).to_explain
    if late is None or gathering.leader.user_id != request.user.pk:
        raise Http404
    form = ExplainForm(request.POST)
    if not form.is_valid():
        return show(request, gathering, explain_form=form)
    reason = form.cleaned_data["reason"]
    return act_on(
        request,
        gathering,
        _("Sent. An administrator decides again."),
        lambda: actions.explain_late_gathering(late=late, actor=request.user, reason=reason),
    )


@require_POST
def action_tick(request: HttpRequest, action_id: int) -> HttpResponse:
    """Whose action it is, or the leader, ticks it off, or takes the tick back."""
    rows = GatheringAction.objects.visible_to(request.user).select_related("gathering__circle")
    row: Any = get_object_or_404(rows, pk=action_id)
    done = request.POST.get("done") == "1"
    try:
        actions.tick_gathering_action(action=row, actor=request.user, is_done=done)
    except NotPossible as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(request, already())
    else:
        messages.success(request, _("Ticked off.") if done else _("Open again."))
    return redirect(row.gathering.get_absolute_url() + "#agreed")


def _answer(request: HttpRequest, answer_id: int) -> PartAmendment:
    """The reader's own answer to a correction."""
    rows = PartAmendment.objects.visible_to(request.user).select_related(
        "part__person", "amendment__gathering__circle"
    )
    answer = get_object_or_404(rows, pk=answer_id)
    if not request.user.has_perm("supervision.answer_partamendment", answer):
        raise Http404
    return answer
