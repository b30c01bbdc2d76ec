"""What people have asked for: leave and make-up classes, decided on or arranged."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.states import IllegalMove, Refused
from lms.attendance import actions
from lms.attendance.forms import DecisionForm, MakeUpForm
from lms.attendance.models import AbsenceRequest
from lms.attendance.queries import (
    make_up_choices,
)
from lms.attendance.viewsets.places import class_of, crumbs_of
from lms.enrolments.models import Enrolment


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a request, or not; then back to the page it was decided on."""
    rows = AbsenceRequest.objects.visible_to(request.user).select_related(
        "class_session__cohort__organisation", "class_session__instructor", "enrolment__person"
    )
    asked = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("lms.decide_absencerequest", asked):
        raise Http404
    form = DecisionForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    act = actions.agree_request if "agree" in request.POST else actions.refuse_request
    try:
        act(request=asked, actor=request.user, reason=reason)
        messages.success(request, _("Done. %(name)s has been told.") % {"name": asked.enrolment.person.name})
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(request, _("This was decided in the meantime. Nothing was changed."))
    if request.POST.get("back") == "cohort":
        return redirect("attendance:cohort", asked.class_session.cohort_id)
    return redirect("attendance:register", asked.class_session_id)


@require_http_methods(["GET", "POST"])
def make_up(request: HttpRequest, class_id: int, enrolment_id: int) -> HttpResponse:
    """Let one person make this class up in another cohort."""
    klass = class_of(request, class_id, takes=True)
    people = Enrolment.objects.filter(cohort=klass.cohort_id).exclude(person__user_id=request.user.pk or 0)
    enrolment = get_object_or_404(people.select_related("person__user", "cohort"), pk=enrolment_id)
    choices = make_up_choices(enrolment)
    form = MakeUpForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            actions.let_make_up(klass=klass, enrolment=enrolment, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Done. %(name)s has been told.") % {"name": enrolment.person.name})
            return redirect("attendance:register", klass.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "klass": klass,
        "enrolment": enrolment,
        "form": form,
        "has_choices": choices.exists(),
        "header_title": _("Make-up class for %(name)s") % {"name": enrolment.person.name},
        "header_icon": "repeat",
        "breadcrumbs_items": crumbs_of(request, klass, _("Make-up class")),
    }
    return render(request, "lms/attendance/admin/make_up.html", context)
