"""Slots on the site: offering, withdrawing and booking them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.access.bounds import key_in
from supervision.pairings.actions import NotPossible
from supervision.slots import actions
from supervision.slots.forms import (
    BookForm,
    OfferForm,
)
from supervision.slots.models import Meeting, Slot
from supervision.slots.queries import (
    with_holidays,
)
from supervision.slots.views.frame import refusable, say_left_out
from supervision.supervisors.models import Supervisor


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def slot_offer(request: HttpRequest) -> HttpResponse:
    """A supervisor offers a slot, or a series of them."""
    supervisor = get_object_or_404(
        Supervisor.objects.select_related("person__user", "organisation"), person__user=request.user.pk
    )
    last = supervisor.slots.order_by("-pk").first()
    initial = {"setting": last.setting, "place": last.place, "link": last.link} if last else {}
    form = OfferForm(request.POST or None, supervisor=supervisor, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = refusable(
            form,
            lambda: actions.offer_slots(
                supervisor=supervisor,
                actor=request.user,
                plans=form.plans,
                chosen=list(form.cleaned_data["chosen"]),
                skip_clashes=form.cleaned_data["skip_clashes"],
            ),
        )
        if made:
            words = ngettext("%(n)s slot is offered.", "%(n)s slots are offered.", len(made))
            messages.success(request, words % {"n": len(made)})
            say_left_out(request, form)
            return redirect(reverse("supervision:meeting-list") + "#offered")
    return render(request, "supervision/slots/offer.html", {"form": form, "supervisor": supervisor})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def slot_book(request: HttpRequest, slot_id: int) -> HttpResponse:
    """A mentee books an offered slot; with `?instead=` a planned meeting of the two moves to it.

    Its supervisor sees for whom it is, and withdraws it here.
    """
    slot = get_object_or_404(Slot.objects.visible_to(request.user).with_people(), pk=slot_id)
    is_own = request.user.has_perm("supervision.withdraw_slot", slot)
    if request.method == "POST" and not request.user.has_perm("supervision.book_slot", slot):
        raise Http404
    free = Slot.objects.filter(pk=slot.pk).free(timezone.now()).exists()
    old = _instead(request, slot)
    form = BookForm(
        request.POST if request.method == "POST" else None, in_series=bool(slot.series) and old is None
    )
    if request.method == "POST" and form.is_valid():
        made = refusable(
            form,
            lambda: actions.book_slot(
                slot=slot,
                actor=request.user,
                following=bool(form.cleaned_data.get("following")),
                instead_of=old,
                text=form.cleaned_data["text"],
            ),
        )
        if made:
            words = ngettext("Booked. It stands in both calendars.", "%(n)s sessions are booked.", len(made))
            moved = _("Moved to this time. Both calendars show it.")
            messages.success(request, moved if old else words % {"n": len(made)})
            return redirect(made[0])
        free = Slot.objects.filter(pk=slot.pk).free(timezone.now()).exists()
    with_holidays([slot])
    context = {"slot": slot, "form": form, "free": free, "old": old, "is_own": is_own}
    return render(request, "supervision/slots/book.html", context)


@require_POST
def slot_withdraw(request: HttpRequest, slot_id: int) -> HttpResponse:
    """The supervisor takes a free slot back, or all free ones of its series from it on."""
    slot = get_object_or_404(Slot.objects.visible_to(request.user).with_people(), pk=slot_id)
    if not request.user.has_perm("supervision.withdraw_slot", slot):
        raise Http404
    try:
        count = actions.withdraw_slots(
            slot=slot, actor=request.user, following=request.POST.get("following") == "all"
        )
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        words = ngettext("The slot is withdrawn.", "%(n)s slots are withdrawn.", count)
        messages.success(request, words % {"n": count})
    return redirect(reverse("supervision:meeting-list") + "#offered")


def _instead(request: HttpRequest, slot: Slot) -> Meeting | None:
    """The planned meeting that is to move to this slot, if the address names one."""
    key = key_in(request.GET.get("instead", ""))
    if key is None:
        return None
    rows = Meeting.objects.visible_to(request.user)
    mine = rows.filter(pairing__mentee__user=request.user.pk, pairing__supervisor=slot.supervisor_id)
    found = mine.planned().filter(pk=key).with_people().first()
    return found if found is not None and found.is_coming else None
