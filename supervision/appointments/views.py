"""Applying to be appointed as supervisor, for the person themself."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from core.people.models import Person
from core.people.qualifications import qualifications_of
from core.states import IllegalMove
from supervision.appointments.actions import (
    ApplicationRefused,
    apply_to_supervise,
    hand_in_again,
    withdraw_application,
)
from supervision.appointments.forms import ApplicationForm
from supervision.appointments.models import SupervisorApplication
from supervision.appointments.queries import own_applications, supervisor_of, why_not_now
from supervision.appointments.states import ApplicationState
from supervision.trainings.queries import standing


def _me(request: HttpRequest) -> Person:
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    return person


@require_safe
@never_cache
def application_own(request: HttpRequest) -> HttpResponse:
    """What I have handed in to be appointed as supervisor, where it stands, and what I can do next."""
    person = _me(request)
    rows = list(own_applications(person))
    open_ = next((row for row in rows if row.is_open), None)
    supervisor = supervisor_of(person)
    context = {
        "rows": rows,
        "returned": open_ is not None and not open_.is_waiting,
        "may_apply": open_ is None and not (why := why_not_now(person, supervisor)),
        "why_not": "" if open_ else why,
        "supervisor": supervisor,
    }
    return render(request, "supervision/appointments/own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def application_apply(request: HttpRequest) -> HttpResponse:
    """Hand in an application, or the returned one as it is corrected now."""
    person = _me(request)
    returned = own_applications(person).filter(state=ApplicationState.RETURNED).first()
    form = ApplicationForm(
        request.POST or None,
        request.FILES or None,
        initial=_as_before(returned),
        first_file=returned is None or not returned.documents.all(),
        actor=request.user,
    )
    if request.method == "POST" and form.is_valid():
        try:
            if returned is None:
                apply_to_supervise(person=person, said=form.said, files=form.files_given, actor=request.user)
            else:
                hand_in_again(
                    application=returned, said=form.said, files=form.files_given, actor=request.user
                )
        except ApplicationRefused as refusal:
            form.add_error(None, str(refusal))
        except IllegalMove:
            messages.warning(
                request, _("This application was changed in the meantime. Nothing was handed in now.")
            )
            return redirect("supervision:application-own")
        else:
            messages.success(request, _("Handed in. An administrator reads it and answers here."))
            return redirect("supervision:application-own")
    form.hold()
    return render(
        request,
        "supervision/appointments/apply.html",
        {
            "form": form,
            "returned": returned,
            "supervisor": (supervisor := supervisor_of(person)),
            "standing": standing(person, supervisor),
            "qualifications": qualifications_of([person.pk])[person.pk],
        },
    )


def _as_before(returned: SupervisorApplication | None) -> dict[str, object]:
    if returned is None:
        return {}
    names = ("tier", "basis", "statement", "populations", "languages")
    return {name: getattr(returned, name) for name in names} | {"fields_known": returned.fields.all()}


@require_POST
def application_withdraw(request: HttpRequest, application_id: int) -> HttpResponse:
    """Take back an open application; a second click changes nothing."""
    application = get_object_or_404(own_applications(_me(request)), pk=application_id)
    try:
        withdraw_application(application=application, actor=request.user)
    except IllegalMove:
        messages.warning(request, _("This application was decided in the meantime. Nothing was changed now."))
    else:
        messages.success(request, _("The application is withdrawn."))
    return redirect("supervision:application-own")


@require_safe
def application_file(request: HttpRequest, application_id: int, file_id: int) -> HttpResponseBase:
    """A document that I handed in myself."""
    application = get_object_or_404(own_applications(_me(request)), pk=application_id)
    file = get_object_or_404(application.documents.all(), pk=file_id)
    return attachment_response(file, download="download" in request.GET)
