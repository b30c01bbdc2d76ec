"""One's own classes, and what one asks for: leave, a make-up class."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from core.states import IllegalMove
from lms.attendance import actions
from lms.attendance.forms import LeaveForm, MakeUpForm
from lms.attendance.models import AbsenceRequest
from lms.attendance.queries import (
    attended_of,
    make_up_choices,
    own_classes,
    rule_for,
)
from lms.enrolments.models import Enrolment
from lms.timetable.models import ClassSession


def _own(request: HttpRequest, enrolment_id: int) -> Enrolment:
    rows = Enrolment.objects.learning().filter(person__user_id=request.user.pk or 0)
    return get_object_or_404(
        rows.select_related("cohort__organisation", "version", "person"), pk=enrolment_id
    )


@require_safe
def own(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Every class with what is known of me, what it comes to, and what I can ask for."""
    enrolment = _own(request, enrolment_id)
    classes, now = own_classes(enrolment), timezone.now()
    context = {
        "enrolment": enrolment,
        "classes": classes,
        "attends": any(own.is_awaited(now) for own in classes),
        "attended": attended_of([enrolment.pk])[enrolment.pk],
        "rule": rule_for(enrolment.cohort_id),
    }
    return render(request, "lms/attendance/own.html", context)


def _own_class(request: HttpRequest, enrolment_id: int, uid: UUID) -> tuple[Enrolment, ClassSession]:
    enrolment = _own(request, enrolment_id)
    rows = ClassSession.objects.filter(cohort=enrolment.cohort_id)
    return enrolment, get_object_or_404(
        rows.select_related("cohort__organisation", "instructor__user"), uid=uid
    )


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, enrolment_id: int, uid: UUID) -> HttpResponse:
    """Ask for leave from one class."""
    enrolment, klass = _own_class(request, enrolment_id, uid)
    form = LeaveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_leave(
                klass=klass,
                enrolment=enrolment,
                actor=request.user,
                reason=form.cleaned_data["reason"],
                upload=form.cleaned_data["document"],
            )
        except actions.AttendanceRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your request has been sent. You are told when it is decided."))
            return redirect("lms:attendance-own", enrolment.pk)
    context = {"enrolment": enrolment, "klass": klass, "form": form}
    return render(request, "lms/attendance/leave.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def make_up(request: HttpRequest, enrolment_id: int, uid: UUID) -> HttpResponse:
    """Ask to make one class up in another cohort."""
    enrolment, klass = _own_class(request, enrolment_id, uid)
    form = MakeUpForm(request.POST or None, choices=make_up_choices(enrolment))
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_make_up(klass=klass, enrolment=enrolment, actor=request.user, **form.cleaned_data)
        except actions.AttendanceRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your request has been sent. You are told when it is decided."))
            return redirect("lms:attendance-own", enrolment.pk)
    context = {
        "enrolment": enrolment,
        "klass": klass,
        "form": form,
        "has_choices": make_up_choices(enrolment).exists(),
    }
    return render(request, "lms/attendance/make_up.html", context)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's request back."""
    rows = AbsenceRequest.objects.visible_to(request.user).filter(
        enrolment__person__user_id=request.user.pk or 0
    )
    asked = get_object_or_404(rows, pk=pk)
    try:
        actions.withdraw_request(request=asked, actor=request.user)
        messages.success(request, _("Your request is taken back."))
    except actions.AttendanceRefused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(
            request, _("This was already done, or is no longer possible. The page shows how it stands now.")
        )
    return redirect("lms:attendance-own", asked.enrolment_id)


@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    """The proof of a request, for the person and for those who decide. Opened by anybody else, that is audited."""
    rows = AbsenceRequest.objects.visible_to(request.user).filter(document__isnull=False)
    rows = rows.select_related("document", "enrolment__person", "class_session__cohort__organisation")
    asked = get_object_or_404(rows, pk=pk)
    assert asked.document is not None
    if request.method == "GET":  # who asks for the headers has seen nothing
        actions.open_leave_document(request=asked, actor=request.user)
    return attachment_response(asked.document)
