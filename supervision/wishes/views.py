"""Wishes on the site: one of the pair asks, both see how it stands, who asked can take it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.states import Refused
from core.ui.acting import was_done
from supervision.pairings.models import Pairing, of_pair
from supervision.wishes import actions
from supervision.wishes.forms import WishForm
from supervision.wishes.models import PairWish
from supervision.wishes.queries import handover_to_pass_on


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def wish_ask(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Ask for another supervisor, a pause, to go on, or an end of the own pairing."""
    rows = Pairing.objects.visible_to(request.user).filter(of_pair(request.user))
    pairing = get_object_or_404(rows.with_people(), pk=pairing_id)
    if not pairing.is_open:
        messages.info(request, _("This pairing has ended. Nothing can be asked for any more."))
        return redirect(pairing)
    is_mentee = pairing.mentee.user_id == request.user.pk
    has_handover = is_mentee and handover_to_pass_on(pairing) is not None
    form = WishForm(request.POST or None, pairing=pairing, has_handover=has_handover)
    if request.method == "POST" and form.is_valid():
        try:
            wish = actions.ask_for_change(pairing=pairing, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Asked. An administrator decides, and you both get a notice."))
            return redirect(wish)
    context = {"form": form, "pairing": pairing, "is_mentee": is_mentee}
    return render(request, "supervision/wishes/ask.html", context)


@require_safe
@never_cache
def wish_detail(request: HttpRequest, wish_id: int) -> HttpResponse:
    """One wish: what is asked for, how it stands, what was answered. The reason is shown to who asked alone."""
    wish = _wish(request, wish_id)
    is_mine = wish.asked_by.user_id == request.user.pk
    context = {"wish": wish, "pairing": wish.pairing, "is_mine": is_mine}
    return render(request, "supervision/wishes/detail.html", context)


@require_POST
def wish_withdraw(request: HttpRequest, wish_id: int) -> HttpResponse:
    """Take one's wish back."""
    wish = _wish(request, wish_id)
    if not request.user.has_perm("supervision.withdraw_wish", wish):
        raise Http404
    was_done(
        request,
        lambda: actions.withdraw_wish(wish=wish, actor=request.user),
        _("It is taken back."),
        late=_("It was answered before. Nothing was changed."),
    )
    return redirect(wish)


def _wish(request: HttpRequest, pk: int) -> PairWish:
    return get_object_or_404(PairWish.objects.visible_to(request.user).with_people(), pk=pk)
