"""A trainee's wish to move to another cohort, and the places elsewhere when a cohort is cancelled."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access.scope import Asker
from core.states import IllegalMove, Refused
from core.templatetags.times import day
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState
from lms.transfers import actions
from lms.transfers.forms import TransferForm
from lms.transfers.models import Transfer
from lms.transfers.queries import Place, can_ask, pending_of, places_elsewhere


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Ask to be moved; where a wish is open, or nothing can be asked, one is led to the enrolment."""
    enrolment = _own(request.user, enrolment_id)
    if not can_ask(enrolment) or pending_of(enrolment):
        return redirect("lms:enrolment-detail", enrolment.pk)
    places = places_elsewhere(enrolment)
    form = TransferForm(
        request.POST or None, targets=[(each.id, _words(each)) for each in places if not each.obstacle]
    )
    if request.method == "POST" and form.is_valid():
        target = get_object_or_404(Cohort.objects.public(), pk=form.cleaned_data["target"])
        try:
            actions.ask_transfer(
                enrolment=enrolment, target=target, reason=form.cleaned_data["reason"], actor=request.user
            )
        except Refused as refused:
            messages.error(request, str(refused))
        except IntegrityError:  # a second click: the first one has done it
            return redirect("lms:enrolment-detail", enrolment.pk)
        else:
            messages.success(request, _("You have asked to be moved. The organiser of that cohort decides."))
            return redirect("lms:enrolment-detail", enrolment.pk)
    context = {
        "enrolment": enrolment,
        "course_title": titled(enrolment.version.title, enrolment.version.title_en),
        "cohort_title": titled(enrolment.cohort.title, enrolment.cohort.title_en),
        "places": places,
        "asking": [place for place in places if place.asks],
        "can_choose": any(not place.obstacle for place in places),
        "form": form,
    }
    return render(request, "lms/transfers/ask.html", context)


@require_POST
def take_back(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Take the wish back."""
    rows = Transfer.objects.visible_to(request.user).filter(enrolment__person__user=request.user.pk)
    rows = rows.select_related("enrolment__cohort__organisation", "enrolment__person", "to_cohort")
    transfer = get_object_or_404(rows, pk=transfer_id)
    try:
        actions.take_back_transfer(transfer=transfer, actor=request.user)
    except IllegalMove:
        messages.info(request, _("This was decided already. The page shows how it stands now."))
    else:
        messages.success(request, _("You stay where you are."))
    return redirect("lms:enrolment-detail", transfer.enrolment_id)


@require_POST
def move_there(request: HttpRequest, enrolment_id: int, cohort_id: int) -> HttpResponse:
    """Take a free place in another cohort instead of the one that was cancelled."""
    enrolment = _own(request.user, enrolment_id)
    target = get_object_or_404(Cohort.objects.public(), pk=cohort_id, course_id=enrolment.cohort.course_id)
    try:
        transfer = actions.move_elsewhere(enrolment=enrolment, target=target, actor=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    except (IllegalMove, IntegrityError):
        messages.info(
            request, _("This was already done, or is no longer possible. The page shows how it stands now.")
        )
    else:
        said = _("You are in %(cohort)s now, with everything that you have learned.")
        if transfer.enrolment.state == EnrolmentState.APPLIED:
            said = _("A place in %(cohort)s is kept for you. Your application is decided on there.")
        messages.success(request, said % {"cohort": titled(target.title, target.title_en)})
    return redirect("lms:enrolment-detail", enrolment.pk)


def _own(user: Asker, enrolment_id: int) -> Enrolment:
    rows = Enrolment.objects.visible_to(user).filter(person__user=user.pk)
    return get_object_or_404(
        rows.select_related("cohort__organisation", "version", "person__user"), pk=enrolment_id
    )


def _words(place: Place) -> str:
    free = _("%(n)s free") % {"n": place.seats_free}
    days = " – ".join(day(each) for each in (place.starts_on, place.ends_on) if each)
    parts = (place.title, place.organisation, days, place.place, free)
    return " · ".join(part for part in parts if part)
