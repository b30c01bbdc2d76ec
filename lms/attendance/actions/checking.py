"""Checking in and out with the code on the teacher's screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from lms.attendance.actions.keeping import keep, locked
from lms.attendance.models import Attendance, CheckInFlag, Register
from lms.attendance.policy import Answer, Decision, Way, at_the_door, done, expired
from lms.attendance.queries import AtDoor, at_door
from lms.attendance.states import Method, Presence


@dataclass(frozen=True)
class CheckIn:
    """What came of it: the answer with its sentence, and the row (None when there is none)."""

    decision: Decision
    attendance: Attendance | None


def check_in(
    *, class_id: int, person: Person, actor: Asker, step: int, scanned_at: datetime, device: str
) -> CheckIn:
    """Check a person in who has scanned the code of `step` at `scanned_at` on this device (a hash, never empty).

    Whoever is checked in already is told since when; a refusal is an answer, not an error. Side effects: the row, once;
    an audit entry; when the device had checked somebody else in, a flag for the teacher.
    """
    return _pass(Way.IN, class_id, person, actor, step, scanned_at, device)


def check_out(
    *, class_id: int, person: Person, actor: Asker, step: int, scanned_at: datetime, device: str
) -> CheckIn:
    """Check a person out who checked in before; as check_in."""
    return _pass(Way.OUT, class_id, person, actor, step, scanned_at, device)


def _pass(
    way: Way, class_id: int, person: Person, actor: Asker, step: int, scanned_at: datetime, device: str
) -> CheckIn:
    if not device:
        return CheckIn(expired(), None)
    try:
        with transaction.atomic():
            return _once(way, class_id, person, actor, step, scanned_at, device)
    except IntegrityError:  # a row or a device of the same moment: now it is there to be seen
        with transaction.atomic():
            return _once(way, class_id, person, actor, step, scanned_at, device)


def _once(
    way: Way, class_id: int, person: Person, actor: Asker, step: int, scanned_at: datetime, device: str
) -> CheckIn:
    register = locked(class_id)
    door = at_door(register.class_session, person, device, lock=True)
    now = timezone.localtime()
    decision = at_the_door(way, register.facts, door.facts, scanned_at=scanned_at, now=now)
    if decision.answer == Answer.SHARED:
        _flag(register, door)
    if decision.answer != Answer.READY or door.enrolment is None:
        return CheckIn(decision, door.attendance)
    row = door.attendance or Attendance(
        class_session=register.class_session, enrolment=door.enrolment, presence=Presence.EXPECTED
    )
    row.enrolment.person = person
    if way == Way.OUT:
        left_at = max(scanned_at, row.checked_in_at or scanned_at)
        keep(
            row,
            register,
            action="lms.check_out",
            actor=actor,
            checked_out_at=left_at,
            out_step=step,
            out_device=device,
        )
    else:
        keep(
            row,
            register,
            action="lms.check_in",
            actor=actor,
            presence=Presence.PRESENT,
            method=Method.QR,
            checked_in_at=scanned_at,
            checked_out_at=None,
            in_step=step,
            in_device=device,
            entered_by_id=None,
        )
    return CheckIn(done(way, timezone.localtime(scanned_at)), row)


def _flag(register: Register, door: AtDoor) -> None:
    if door.enrolment is not None and door.phone_of is not None:
        CheckInFlag.objects.get_or_create(
            class_session=register.class_session, enrolment=door.enrolment, used_by=door.phone_of
        )
