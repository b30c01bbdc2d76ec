"""Around a session: corrections after it is confirmed, the reflection, files, agreed actions, a late record's reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from core.states import IllegalMove
from supervision.pairings.actions import NotPossible
from supervision.sessions import actions
from supervision.sessions.forms import AnswerForm, CorrectForm, ExplainForm, FileForm, ReflectionForm
from supervision.sessions.models import FollowUp, SessionAmendment, SessionFile
from supervision.sessions.queries import days_to_record, held_values, page_of, record_of
from supervision.sessions.states import SessionState
from supervision.sessions.views.answering import act_on, show
from supervision.sessions.views.own import refusable, session_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_correct(request: HttpRequest, session_id: int) -> HttpResponse:
    """The supervisor proposes to correct a confirmed session; the mentee is asked."""
    session = session_of(request, session_id, "supervision.propose_amendment")
    page = page_of(session, request.user)
    if session.state != SessionState.CONFIRMED or page.open_amendment:
        messages.info(request, _("This record can no longer be changed. The page shows how it stands now."))
        return redirect(session)
    initial = held_values(page) | {"revision": session.revision}
    form = CorrectForm(request.POST or None, pairing=session.pairing, initial=initial)
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        try:
            done = refusable(
                form,
                lambda: actions.propose_amendment(
                    session=session,
                    actor=request.user,
                    facts=form.facts,  # type: ignore[arg-type]
                    written=form.written,
                    reason=form.cleaned_data["reason"],
                    late_reason=form.cleaned_data["late_reason"],
                    revision=form.cleaned_data["revision"],
                ),
            )
        except IllegalMove:
            words = _("The record changed while you wrote. The page shows how it stands now.")
            messages.warning(request, words)
            return redirect(session)
        if done is not None:
            words = _("Sent. It changes once %(name)s accepts it; until then the record stays as it is.")
            messages.success(request, words % {"name": session.pairing.mentee.name})
            return redirect(session.get_absolute_url() + "#amendments")
    days, source = days_to_record(session.pairing, timezone.localdate())
    context = {"form": form, "session": session, "days": days, "source": source}
    return render(request, "supervision/sessions/correct.html", context)


@require_POST
def amendment_accept(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """The mentee agrees to a correction."""
    amendment = _amendment(request, amendment_id, "supervision.answer_amendment")
    return _answer(request, amendment, "accept")


@require_POST
def amendment_refuse(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """The mentee says no to a correction."""
    amendment = _amendment(request, amendment_id, "supervision.answer_amendment")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        session = session_of(request, amendment.session_id)
        return show(request, session, refuse_form=form)
    return _answer(request, amendment, "refuse", answer=form.cleaned_data["answer"])


@require_POST
def amendment_withdraw(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """The supervisor takes a proposed correction back."""
    amendment = _amendment(request, amendment_id, "supervision.withdraw_amendment")
    return _answer(request, amendment, "withdraw")


@require_POST
def session_reflect(request: HttpRequest, session_id: int) -> HttpResponse:
    """The mentee writes a reflection, or writes it anew."""
    session = session_of(request, session_id, "supervision.reflect")
    form = ReflectionForm(request.POST)
    if not form.is_valid():
        return show(request, session, reflection_form=form)
    return act_on(
        request, session, _("Your reflection is saved."), actions.reflect, text=form.cleaned_data["text"]
    )


@require_POST
def session_attach(request: HttpRequest, session_id: int) -> HttpResponse:
    """Either of the two puts a file to the session."""
    session = session_of(request, session_id, "supervision.add_file")
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, session, file_form=form)
    upload = form.cleaned_data["upload"]
    return act_on(request, session, _("The file is added."), actions.add_file, upload=upload)


@require_safe
@never_cache
def session_file(request: HttpRequest, session_id: int, file_id: int) -> HttpResponseBase:
    """A file of a session, for the pair. That it was opened is audited."""
    rows = SessionFile.objects.visible_to(request.user).filter(session_id=session_id)
    kept = get_object_or_404(rows.select_related("file", "session__pairing__organisation"), pk=file_id)
    if request.method == "GET":  # who asks for the headers has seen nothing
        actions.open_file(kept=kept, actor=request.user)
    return attachment_response(kept.file, download="download" in request.GET)


@require_safe
@never_cache
def session_pdf(request: HttpRequest, session_id: int) -> HttpResponse:
    """The record as a PDF, for the two of it."""
    session = session_of(request, session_id)
    if not page_of(session, request.user).of_pair:
        raise Http404
    try:
        content = record_of(session=session, actor=request.user)
    except NotPossible as refused:
        messages.error(request, str(refused))
        return redirect(session)
    headers = {
        "Content-Disposition": f'attachment; filename="session-{session.pk}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
def session_explain(request: HttpRequest, session_id: int) -> HttpResponse:
    """The supervisor gives another reason for a declined late record."""
    session = session_of(request, session_id)
    late = page_of(session, request.user).declined
    if late is None or not request.user.has_perm("supervision.explain_late", late):
        raise Http404
    form = ExplainForm(request.POST)
    if not form.is_valid():
        return show(request, session, explain_form=form)
    late.session = session
    return act_on(
        request,
        session,
        _("Sent. An administrator decides again."),
        lambda session, actor, reason: actions.explain_late(late=late, actor=actor, reason=reason),
        reason=form.cleaned_data["reason"],
    )


@require_POST
def follow_up_tick(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Either of the two ticks an agreed action off, or takes the tick back."""
    rows = FollowUp.objects.visible_to(request.user).select_related("session__pairing")
    row = get_object_or_404(rows, pk=follow_up_id)
    done = request.POST.get("done") == "1"
    try:
        actions.tick_follow_up(follow_up=row, actor=request.user, is_done=done)
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Ticked off.") if done else _("Open again."))
    back = request.POST.get("next", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, None):
        return redirect(back)
    return redirect(row.session)


def _amendment(request: HttpRequest, pk: int, perm: str) -> SessionAmendment:
    rows = SessionAmendment.objects.visible_to(request.user).select_related("session__pairing")
    amendment = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm(perm, amendment):
        raise Http404
    return amendment


def _answer(request: HttpRequest, amendment: SessionAmendment, verb: str, **values: str) -> HttpResponse:
    act, done = {
        "accept": (actions.accept_amendment, _("Accepted. The record and the hours follow it.")),
        "refuse": (
            actions.refuse_amendment,
            _("The record stays as it is, and your supervisor has been told."),
        ),
        "withdraw": (actions.withdraw_amendment, _("The correction is taken back.")),
    }[verb]
    return act_on(
        request,
        amendment.session,
        done,
        lambda session, actor, **more: act(amendment=amendment, actor=actor, **more),  # type: ignore[operator]
        **values,
    )
