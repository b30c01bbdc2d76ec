"""Registration periods for the person they belong to."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.people.models import Person
from core.states import IllegalMove
from credentials.qualifications.actions import PeriodRefused, declare_period, withdraw_period
from credentials.qualifications.forms import DeclareForm
from credentials.qualifications.models import RegistrationPeriod
from credentials.qualifications.queries import periods_of


def _me(request: HttpRequest) -> Person:
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    return person


@require_http_methods(["GET", "HEAD", "POST"])
def period_list(request: HttpRequest) -> HttpResponse:
    """My registration periods, past ones too, and the form to declare another."""
    person = _me(request)
    form = DeclareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            declare_period(person=person, actor=request.user, **form.cleaned_data)
        except PeriodRefused as refusal:
            form.add_error("starts_on", str(refusal))
        else:
            messages.success(
                request, _("Declared. Your hours count towards it at once; an administrator verifies it.")
            )
            return redirect("credentials:hours-list")
    context = {"periods": list(periods_of(person)), "form": form, "today": timezone.localdate()}
    return render(request, "credentials/qualifications/list.html", context)


@require_POST
def period_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a declared period back; a second click changes nothing."""
    period = get_object_or_404(
        RegistrationPeriod.objects.select_related("person__employer"), pk=pk, person=_me(request)
    )
    try:
        withdraw_period(period=period, actor=request.user)
    except IllegalMove:
        messages.warning(request, _("This period was decided in the meantime. Nothing was changed now."))
    else:
        messages.success(request, _("The period is withdrawn."))
    return redirect("credentials:period-list")
