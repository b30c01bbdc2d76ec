"""Checking in and out on the phone: the scan, the button, the typed code."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.limits import limited
from core.people.sealed import lookup_hash
from lms.attendance import actions
from lms.attendance.forms import CodeForm
from lms.attendance.models import Attendance, Register
from lms.attendance.policy import (
    SCAN_LASTS,
    Answer,
    CodeFault,
    Decision,
    Read,
    Way,
    at_the_door,
    expired,
    forged,
    read_code,
    read_digits,
)
from lms.attendance.queries import (
    at_door,
    open_registers_of,
)
from lms.cohorts.queries import words
from lms.timetable.models import ClassSession

SCANS = "scans"  # in the session: what this browser has scanned, and when

DEVICE = "device"

DEVICE_LASTS = timedelta(days=730)

TYPED_A_MINUTE = 10

TONES = {
    Answer.READY: "info",
    Answer.DONE: "good",
    Answer.ALREADY: "good",
    Answer.TOO_EARLY: "wait",
    Answer.EXPIRED: "warn",
}


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
