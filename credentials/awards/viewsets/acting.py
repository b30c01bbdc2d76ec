"""Writing a round at the desk, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.models import Organisation
from core.states import IllegalMove, Refused
from credentials.awards import actions
from credentials.awards.forms import CancelForm, MemberForm, RoundForm, ShortlistForm
from credentials.awards.models import AwardRound
from credentials.awards.states import RoundState
from credentials.awards.viewsets.reading import crumbs, judges_for, round_at_desk

STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "open": (actions.open_round, gettext_lazy("Announced. Nominations are taken from the first day on.")),
    "end-nominations": (actions.end_nominations, gettext_lazy("Nominations are ended. Draw up the shortlist.")),
    "judge": (actions.start_judging, gettext_lazy("The panel has been told to begin.")),
    "vote": (actions.start_vote, gettext_lazy("The public vote is open on its days.")),
    "end-judging": (actions.end_judging, gettext_lazy("The result is frozen, and the winners stand in a public notice.")),
    "post-again": (actions.post_again, gettext_lazy("The winners stand in a public notice again.")),
}  # fmt: skip


def _act(request: HttpRequest, row: AwardRound, tab: str, done: Any, act: Callable[[], Any]) -> HttpResponse:
    """Do one act, say what came of it, and go back to the tab."""
    try:
        act()
        messages.success(request, str(done))
    except IllegalMove:
        messages.warning(request, _("This was decided in the meantime. Nothing was changed now."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("award-rounds:inspect", args=[row.pk]) + (f"?tab={tab}" if tab else ""))


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take the next step of a round."""
    row = round_at_desk(request, pk, "credentials.run_awardround")
    if name not in STEPS:
        raise Http404
    act, done = STEPS[name]
    return _act(request, row, "", done, lambda: act(round=row, actor=request.user))


@require_POST
def shortlist(request: HttpRequest, pk: int) -> HttpResponse:
    """Put those that are ticked on the shortlist."""
    row = round_at_desk(request, pk, "credentials.run_awardround")
    form = ShortlistForm(request.POST, nominees=row.nominations.all())
    if not form.is_valid():
        messages.error(request, _("Choose nominees of this round."))
        return redirect("award-rounds:inspect", row.pk)
    chosen = [one.pk for one in form.cleaned_data["chosen"]]
    return _act(
        request, row, "nominees", _("The shortlist is kept."),
        lambda: actions.shortlist_nominees(round=row, nomination_ids=chosen, actor=request.user),
    )  # fmt: skip


@require_POST
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody on the panel."""
    row = round_at_desk(request, pk, "credentials.run_awardround")
    form = MemberForm(request.POST, people=judges_for(request, row))
    if not form.is_valid():
        messages.error(request, _("Choose somebody who works here and is not nominated."))
        return redirect(reverse("award-rounds:inspect", args=[row.pk]) + "?tab=panel")
    user = form.cleaned_data["user"]
    return _act(
        request,
        row,
        "panel",
        _("On the panel."),
        lambda: actions.add_member(round=row, user=user, actor=request.user),
    )


@require_POST
def remove_member(request: HttpRequest, pk: int, member_id: int) -> HttpResponse:
    """Take somebody off the panel."""
    row = round_at_desk(request, pk, "credentials.run_awardround")
    member = get_object_or_404(row.members.filter(left_at=None), pk=member_id)
    return _act(
        request, row, "panel", _("Off the panel. Their scores count no more."),
        lambda: actions.remove_member(member=member, actor=request.user),
    )  # fmt: skip


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a round off."""
    row = round_at_desk(request, pk, "credentials.run_awardround")
    form = CancelForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _act(
        request, row, "", _("Called off. The nominees have been told."),
        lambda: actions.cancel_round(round=row, reason=reason, actor=request.user),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a round, or change its draft."""
    row = round_at_desk(request, pk, "credentials.change_awardround") if pk else None
    if row is None and not request.user.has_perm("credentials.add_awardround"):
        raise Http404
    if row is not None and row.state != RoundState.DRAFT:
        raise Http404
    places = Organisation.objects.filter(scope_of(request.user).q("", Role.ADMINISTRATOR))
    form = RoundForm(request.POST or None, places=places, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.save_round(round=form.save(commit=False), indicators=form.read, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is kept. Read it, then announce it."))
            return redirect("award-rounds:inspect", kept.pk)
    title = str(row) if row else _("Write an award round")
    context = {
        "form": form,
        "row": row,
        "header_title": title,
        "header_icon": "pick",
        "breadcrumbs_items": crumbs(("", title)),
    }
    return render(request, "credentials/awards/admin/edit.html", context)
