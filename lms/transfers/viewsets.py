"""Transfers in the Wagtail admin: what is asked of a cohort, and moving somebody at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.viewsets.base import ViewSet

from core.states import IllegalMove, Refused
from core.templatetags.times import day
from lms.admissions.queries import stage_words
from lms.cohorts.models import Cohort
from lms.cohorts.viewsets import crumbs
from lms.enrolments.forms import ReasonForm
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState
from lms.transfers import actions
from lms.transfers.forms import TransferForm
from lms.transfers.models import Transfer
from lms.transfers.queries import desk_transfers, targets_of_officer, waiting_among

PER_PAGE = 50


@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Who wants to come and who wants to go, and what became of it."""
    shown = get_object_or_404(
        Cohort.objects.visible_to(request.user).select_related("organisation"), pk=cohort_id
    )
    page = Paginator(desk_transfers(request.user, shown), PER_PAGE).get_page(request.GET.get("page"))
    waiting = waiting_among(page)
    may = {row.pk for row in page if request.user.has_perm("lms.decide_transfer", row)}
    context = {
        "cohort": shown,
        "page": page,
        "rows": [(row, row.pk in waiting, row.pk in waiting & may) for row in page],
        "header_title": _("Transfers"),
        "header_icon": "arrow-right",
        "breadcrumbs_items": crumbs(shown, _("Transfers")),
    }
    return render(request, "lms/transfers/admin/cohort.html", context)


@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the person who asked."""
    transfer = _transfer(request, pk)
    try:
        moved = actions.grant_transfer(transfer=transfer, actor=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.warning(request, _stale())
    else:
        messages.success(request, _done(moved))
    return redirect("transfers:cohort", transfer.to_cohort_id)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the person where they are, with the reason."""
    transfer = _transfer(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse_transfer(transfer=transfer, actor=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            messages.error(request, str(refused))
        except IllegalMove:
            messages.warning(request, _stale())
        else:
            messages.success(
                request, _("Done. %(name)s has been told.") % {"name": transfer.enrolment.person.name}
            )
        return redirect("transfers:cohort", transfer.to_cohort_id)
    title = _("Refuse the transfer")
    context = _page(transfer.to_cohort, title, transfer.enrolment, form) | {"transfer": transfer}
    return render(request, "lms/transfers/admin/refuse.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move somebody at once, to a cohort that one runs as well."""
    rows = Enrolment.objects.visible_to(request.user).select_related(
        "cohort__organisation", "person__user", "person__employer"
    )
    enrolment = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("lms.transfer_enrolment", enrolment):
        raise Http404
    found = targets_of_officer(enrolment, request.user)
    targets = {row.pk: row for row, _free in found}
    choices = [(row.pk, _words(row, free, enrolment)) for row, free in found]
    form = TransferForm(request.POST or None, targets=choices)
    if request.method == "POST" and form.is_valid():
        target = targets[form.cleaned_data["target"]]
        try:
            transfer = actions.transfer_enrolment(
                enrolment=enrolment, target=target, reason=form.cleaned_data["reason"], actor=request.user
            )
        except Refused as refused:
            messages.error(request, str(refused))
        except IllegalMove:
            messages.warning(request, _stale())
        else:
            messages.success(request, _done(transfer.enrolment))
        return redirect("applications:cohort", enrolment.cohort_id)
    context = _page(enrolment.cohort, _("Move to another cohort"), enrolment, form) | {"targets": targets}
    return render(request, "lms/transfers/admin/move.html", context)


def _transfer(request: HttpRequest, pk: int) -> Transfer:
    rows = Transfer.objects.visible_to(request.user).select_related(
        "enrolment__person__user", "enrolment__cohort__organisation", "from_cohort", "to_cohort__organisation"
    )
    transfer = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("lms.decide_transfer", transfer):
        raise Http404
    return transfer


def _page(cohort: Cohort, title: str, enrolment: Enrolment, form: Any) -> dict[str, Any]:
    return {
        "cohort": cohort,
        "enrolment": enrolment,
        "form": form,
        "header_title": _("%(a)s: %(b)s") % {"a": title, "b": enrolment.person.name},
        "header_icon": "arrow-right",
        "breadcrumbs_items": crumbs(cohort, title),
    }


def _words(cohort: Cohort, seats: int, enrolment: Enrolment) -> str:
    free = _("%(n)s free") % {"n": seats}
    stages = stage_words(enrolment, cohort) if enrolment.state == EnrolmentState.ENROLLED else ""
    anew = _("has to be approved anew: %(stages)s") % {"stages": stages} if stages else ""
    starts = day(cohort.starts_on) if cohort.starts_on else ""
    parts = (cohort.title_here, starts, cohort.organisation.name, free, anew)
    return " · ".join(part for part in parts if part)


def _done(enrolment: Enrolment) -> str:
    words = _("%(name)s has been moved, with everything learned, and has been told.")
    if enrolment.state == EnrolmentState.APPLIED:
        words = _(
            "%(name)s has a place kept there, with everything learned, until the application is decided on."
        )
    return words % {"name": enrolment.person.name}


def _stale() -> str:
    return _("This was decided already. The page shows how it stands now.")


class TransferViewSet(ViewSet):
    name = "transfers"
    icon = "arrow-right"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:cohort_id>/", cohort, name="cohort"),
            path("grant/<int:pk>/", grant, name="grant"),
            path("refuse/<int:pk>/", refuse, name="refuse"),
            path("move/<int:pk>/", move, name="move"),
        ]
