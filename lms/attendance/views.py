"""Checking in on the phone, the teacher's screen, and a trainee's own attendance."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access.limits import limited
from core.attachments.actions import attachment_response
from core.pdf.qr import qr_path
from core.people.sealed import lookup_hash
from core.states import IllegalMove
from lms.attendance import actions
from lms.attendance.forms import CodeForm, LeaveForm, MakeUpForm
from lms.attendance.models import AbsenceRequest, Attendance, Register
from lms.attendance.policy import (
    SCAN_LASTS,
    Answer,
    CodeFault,
    Decision,
    Read,
    Way,
    at_the_door,
    code_of,
    digits_of,
    expired,
    forged,
    on_screen,
    opening_refusal,
    read_code,
    read_digits,
    step_of,
)
from lms.attendance.queries import (
    at_door,
    attended_of,
    counts_of,
    flags_of,
    make_up_choices,
    newest_in,
    open_registers_of,
    own_classes,
    register_as_it_is,
    rule_for,
)
from lms.cohorts.queries import words
from lms.enrolments.models import Enrolment
from lms.timetable.models import ClassSession

SCANS = "scans"  # in the session: what this browser has scanned, and when
DEVICE = "device"
DEVICE_LASTS = timedelta(days=730)
STOP_POLLING = 286  # htmx asks no more
TYPED_A_MINUTE = 10
TONES = {
    Answer.READY: "info",
    Answer.DONE: "good",
    Answer.ALREADY: "good",
    Answer.TOO_EARLY: "wait",
    Answer.EXPIRED: "warn",
}


# --- On the phone ---------------------------------------------------------------------------------------------


@require_safe
@login_not_required  # the scan counts from this moment on, also for who has to sign in first
def scan(request: HttpRequest, uid: UUID, code: str) -> HttpResponse:
    """A code was scanned: its moment is noted in the session, and the way leads to the button."""
    register = Register.objects.select_related("class_session").filter(class_session__uid=uid).first()
    if register is None:
        return _answer(request, forged())
    read = read_code(code, register.secret, str(uid), timezone.now())
    if read.fault is not None:
        return _answer(request, expired() if read.fault == CodeFault.EXPIRED else forged())
    return _noted(request, register, read)


def _noted(request: HttpRequest, register: Register, read: Read) -> HttpResponse:
    """Note the scan, unless an earlier one of the same way is still good: that one is in the person's favour."""
    now, uid = timezone.now(), register.class_session.uid
    scans = dict(request.session.get(SCANS) or {})
    old = scans.get(str(uid))
    if not old or old[0] != read.way or now - _moment(old[2]) > SCAN_LASTS:
        scans[str(uid)] = [str(read.way), read.step, now.isoformat(), register.pk]
        request.session[SCANS] = dict(list(scans.items())[-5:])
    answer = redirect("lms:attendance-checkin", uid)
    _mark(request, answer)
    return answer


def _moment(text: Any) -> datetime:
    return parse_datetime(str(text)) or timezone.now()


def _mark(request: HttpRequest, answer: HttpResponse) -> None:
    """Give the browser its number, by which one device checks one person in."""
    if not _device(request):
        answer.set_signed_cookie(
            DEVICE,
            secrets.token_hex(16),
            salt="lms.attendance",
            max_age=DEVICE_LASTS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def _device(request: HttpRequest) -> str:
    """The hash of the browser's number; "" when it has none of ours."""
    number = request.get_signed_cookie(DEVICE, default="", salt="lms.attendance", max_age=DEVICE_LASTS)
    return lookup_hash("device", number) if number else ""


@require_http_methods(["GET", "HEAD", "POST"])
def checkin(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One button, and afterwards what came of it. Whoever has not scanned is sent to the screen."""
    noted = (request.session.get(SCANS) or {}).get(str(uid))
    if request.method == "POST":
        if noted:
            return _check(request, uid, noted)
        messages.info(request, words(expired().sentence))  # another session has begun since the scan
        return redirect("lms:attendance-type")
    rows = ClassSession.objects.select_related("cohort__organisation", "register")
    if not noted:
        rows = rows.filter(pk__in=ClassSession.objects.visible_to(request.user).values("pk"))
    klass = get_object_or_404(rows, uid=uid)
    register = getattr(klass, "register", None)
    person = getattr(request.user, "person", None)
    if person is None or register is None:
        return _answer(request, forged())
    way, _step, scanned_at, _pk = noted or (Way.IN, 0, timezone.now().isoformat(), klass.pk)
    door = at_door(klass, person, _device(request))
    register.class_session = klass
    decision = at_the_door(
        way,
        register.facts,
        door.facts,
        scanned_at=timezone.localtime(_moment(scanned_at)),
        now=timezone.localtime(),
    )
    if noted and decision.answer == Answer.SHARED:
        return _check(request, uid, noted)  # there is no button to press: the teacher hears of the scan
    if not noted and decision.answer == Answer.READY:
        decision = expired()
    answer = _answer(request, decision, klass=klass, way=way, row=door.attendance, register=register)
    _mark(request, answer)
    return answer


def _check(request: HttpRequest, uid: UUID, noted: Any) -> HttpResponse:
    """The button was pressed."""
    person = getattr(request.user, "person", None)
    if person is None:
        return _answer(request, forged())
    way, step, scanned_at, pk = noted
    act = actions.check_out if way == Way.OUT else actions.check_in
    found = act(
        class_id=pk,
        person=person,
        actor=request.user,
        step=int(step),
        scanned_at=timezone.localtime(_moment(scanned_at)),
        device=_device(request),
    )
    if found.decision.answer == Answer.DONE:
        return redirect("lms:attendance-checkin", uid)
    klass = ClassSession.objects.select_related("cohort").get(pk=pk)
    return _answer(request, found.decision, klass=klass, way=way, row=found.attendance)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("checkin", TYPED_A_MINUTE, by_account=True)
def type_code(request: HttpRequest) -> HttpResponse:
    """The same with six digits, for a phone that cannot scan. Looked for among one's own classes of these hours only."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        for register in open_registers_of(request.user, now):
            read = read_digits(
                form.cleaned_data["code"], register.secret, str(register.class_session.uid), now
            )
            if read.fault is None:
                return _noted(request, register, read)
        form.add_error(
            "code",
            _(
                "This number fits none of your classes now. Type the one that the screen shows at this moment."
            ),
        )
    return render(request, "lms/attendance/type.html", {"form": form})


def _answer(
    request: HttpRequest,
    decision: Decision,
    *,
    klass: ClassSession | None = None,
    way: str = Way.IN,
    row: Attendance | None = None,
    register: Register | None = None,
) -> HttpResponse:
    """The page with one sentence, large."""
    late = row is not None and row.was_there and row.presence == "late"
    context = {
        "answer": decision.answer,
        "tone": TONES.get(decision.answer, "bad"),
        "sentence": words(decision.sentence),
        "is_ready": decision.answer == Answer.READY,
        "is_done": decision.answer in (Answer.DONE, Answer.ALREADY),
        "klass": klass,
        "is_out": way == Way.OUT,
        "row": row,
        "is_late": late,
        "needs_check_out": register is not None
        and register.needs_check_out
        and row is not None
        and row.checked_out_at is None,
    }
    return render(request, "lms/attendance/checkin.html", context)


# --- The teacher's screen -------------------------------------------------------------------------------------


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


# --- One's own ------------------------------------------------------------------------------------------------


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
    """The proof of a request, for the person and for those who decide."""
    rows = AbsenceRequest.objects.visible_to(request.user).filter(document__isnull=False)
    asked = get_object_or_404(rows.select_related("document"), pk=pk)
    assert asked.document is not None
    return attachment_response(asked.document)
