"""The teacher's screen with the code that changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.pdf.qr import qr_path
from lms.attendance import actions
from lms.attendance.models import Register
from lms.attendance.policy import (
    Way,
    code_of,
    digits_of,
    on_screen,
    opening_refusal,
    step_of,
)
from lms.attendance.queries import (
    counts_of,
    flags_of,
    newest_in,
    register_as_it_is,
)
from lms.timetable.models import ClassSession

STOP_POLLING = 286  # htmx asks no more


def _taught(request: HttpRequest, uid: UUID) -> ClassSession:
    rows = ClassSession.objects.visible_to(request.user).select_related("cohort__organisation", "instructor")
    klass = get_object_or_404(rows, uid=uid)
    if not request.user.has_perm("lms.take_attendance", klass):
        raise Http404
    return klass


@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The code that changes, as large as the screen allows. Posting opens the register."""
    klass = _taught(request, uid)
    if request.method == "POST":
        try:
            actions.open_register(klass=klass, actor=request.user)
        except actions.AttendanceRefused as refused:
            messages.error(request, str(refused))
        return redirect("lms:attendance-screen", uid)
    register = Register.objects.filter(pk=klass.pk, opened_at__isnull=False).first()
    return render(request, "lms/attendance/screen.html", _screen(request, klass, register))


@require_safe
def code(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The part of the screen that is asked for again every few seconds, until nobody can check in or out any more."""
    klass = _taught(request, uid)
    register = Register.objects.filter(pk=klass.pk, opened_at__isnull=False).first()
    context = _screen(request, klass, register)
    return render(
        request, "lms/attendance/code.html", context, status=200 if context["is_open"] else STOP_POLLING
    )


def _screen(request: HttpRequest, klass: ClassSession, register: Register | None) -> dict[str, Any]:
    now, shown = timezone.now(), register or register_as_it_is(klass)
    shown.class_session = klass
    wants_out = request.GET.get("way") == "out"
    refusal = opening_refusal(shown.facts, now=now)
    if refusal is not None and klass.cancelled_at is None:
        register = None  # opened for a day on which the class no longer is
    found = on_screen(shown.facts, is_opened=register is not None, wants_out=wants_out, now=now)
    context: dict[str, Any] = {
        "klass": klass,
        "register": register,
        "is_out": found.way == Way.OUT,
        "is_over": found.is_over,
        "is_open": found.is_open,
        "opens_at": shown.facts.opens_at if refusal is not None else None,
        "may_desk": request.user.has_perm("lms.view_cohort", klass.cohort),
    }
    if register is None:
        return context
    context |= {"counts": counts_of(klass), "newest": newest_in(klass), "flags": flags_of(klass)}
    if found.is_open:
        step, way = step_of(now), found.way
        secret = code_of(register.secret, str(klass.uid), way, step)
        address = request.build_absolute_uri(reverse("lms:attendance-scan", args=[klass.uid, secret]))
        side, path = qr_path(address)
        digits = digits_of(register.secret, str(klass.uid), way, step)
        typed = request.build_absolute_uri(reverse("lms:attendance-type"))
        context |= {"address": address, "side": side, "path": path, "digits": f"{digits[:3]} {digits[3:]}"}
        context |= {"typed_at": typed.partition("://")[2]}
    return context
