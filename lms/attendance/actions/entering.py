"""Writing people down by hand: from the sign-in sheet, or from what the teacher knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.engagements import engagements_of
from lms.attendance.actions.keeping import AttendanceRefused, complete_later, keep, locked, locked_rows
from lms.attendance.actions.registers import open_register
from lms.attendance.models import Attendance, Register
from lms.attendance.queries import attended_elsewhere, belonging
from lms.attendance.states import ENTERED, THERE, Method
from lms.enrolments.models import Enrolment
from lms.timetable.models import ClassSession


@dataclass(frozen=True)
class Entry:
    """What is written down of one person. `seen` is what the form showed: it must still be so."""

    enrolment_id: int
    presence: str
    came_at: datetime | None = None
    left_at: datetime | None = None
    seen: str | None = None


@dataclass
class Entered:
    """What came of it: who changed (enrolments), and the names that were left alone, by reason."""

    people: list[int] = field(default_factory=list)
    changed_meanwhile: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return len(self.people)


def seen_of(row: Attendance | None) -> str:
    """How a row looks in a form; equal when nothing happened to it."""
    if row is None:
        return ""
    times = (row.checked_in_at, row.checked_out_at)
    return "|".join(
        [row.presence, *(str(int(time.timestamp())) if time else "" for time in times), str(row.revision)]
    )


@transaction.atomic
def enter_attendance(
    *, klass: ClassSession, entries: Sequence[Entry], method: str, actor: Asker, reason: str = ""
) -> Entered:
    """Write down several people of a class at once; whoever is not named stays as they are.

    What the teacher only knows wants a reason, and after closing everything does. Nobody enters themselves. Raises
    AttendanceRefused without the reason, for a cancelled class and before check-in opens. Side effects for each person that changes: as of `keep`; and on commit, after
    closing, whoever is done now completes the course.
    """
    open_register(klass=klass, actor=actor)
    register = locked(klass.pk)
    if not reason.strip() and (register.is_closed or method == Method.OFFICER) and entries:
        raise AttendanceRefused(
            _("Write the reason: the register is closed, so everybody must see why it was changed.")
            if register.is_closed
            else _("Write how you know it, or choose the sign-in sheet as the source.")
        )
    wanted = {entry.enrolment_id: entry for entry in entries if entry.presence in ENTERED}
    found = belonging(klass).filter(pk__in=list(wanted)).select_related("person__user", "cohort")
    people = list(found.order_by("pk"))
    rows = locked_rows(klass, list(wanted))
    done = Entered()
    new = [row for row in people if row.pk not in rows or not rows[row.pk].was_there]
    _refuse_engaged(klass, new, wanted)
    for enrolment in people:
        _enter_one(
            register, enrolment, rows.get(enrolment.pk), wanted[enrolment.pk], method, actor, reason, done
        )
    complete_later(register, done.people)
    return done


def _enter_one(
    register: Register,
    enrolment: Enrolment,
    row: Attendance | None,
    entry: Entry,
    method: str,
    actor: Asker,
    reason: str,
    done: Entered,
) -> None:
    if enrolment.person.user_id == actor.pk:
        done.own.append(enrolment.person.name)
        return
    if entry.seen is not None and entry.seen != seen_of(row):
        done.changed_meanwhile.append(enrolment.person.name)
        return
    row = row or Attendance(class_session=register.class_session, enrolment=enrolment)
    row.enrolment = enrolment
    there = entry.presence in THERE
    _refuse_twice(row, there, enrolment.person.name)
    changed = keep(
        row,
        register,
        action="lms.enter_attendance",
        actor=actor,
        reason=reason.strip(),
        presence=entry.presence,
        method=method,
        checked_in_at=entry.came_at if there else None,
        checked_out_at=entry.left_at if there else None,
        proven_minutes=None,
        entered_by_id=actor.pk,
    )
    if changed:
        done.people.append(enrolment.pk)


def _refuse_engaged(klass: ClassSession, people: Iterable[Enrolment], wanted: Mapping[int, Entry]) -> None:
    """Nobody was in a class while both sides agree that they were in something else. Unagreed, the register is right."""
    there = {row.person_id: row for row in people if wanted[row.pk].presence in THERE}
    if not there:
        return
    for each in engagements_of(there.keys(), klass.starts_at, klass.ends_at, besides="lms"):
        row = there[each.person_id]
        came, left = wanted[row.pk].came_at or klass.starts_at, wanted[row.pk].left_at or klass.ends_at
        if each.is_agreed and came < each.ends_at and each.starts_at < left:
            words = _(
                "%(name)s was in %(what)s on %(day)s, %(span)s. Enter only the time before or after it."
            )
            raise AttendanceRefused(words % (each.values | {"name": row.person.name}))


def _refuse_twice(row: Attendance, there: bool, name: str) -> None:
    """Whoever has made a class up has not also been in it."""
    if there and row.pk is not None and not row.was_there and attended_elsewhere(row, lock=True):
        raise AttendanceRefused(
            _("%(name)s has been in the class that stands for this one. It counts once.") % {"name": name}
        )
