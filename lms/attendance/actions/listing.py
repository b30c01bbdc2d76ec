"""Participant lists of online meetings: read, previewed, applied once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import PurePath
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.people.policy import normalise_number
from core.people.sealed import lookup_hash
from core.sheets.reading import Column, read_sheet
from lms.attendance.actions.keeping import AttendanceRefused, complete_later, keep, locked, locked_rows
from lms.attendance.actions.registers import open_register
from lms.attendance.models import Attendance, ParticipantList
from lms.attendance.policy import list_refusal
from lms.attendance.queries import Preview, attended_elsewhere, belonging, preview_of, register_as_it_is
from lms.attendance.states import Method, Presence, Unread
from lms.cohorts.queries import words
from lms.timetable.models import ClassSession

COLUMNS = (
    Column(
        "name",
        ("用户昵称", "用户昵称（入会昵称）", "入会昵称", "姓名", "参会人", "参会者", "成员", "昵称", "与会者",
         "Name", "Name (Original Name)", "User Name", "Participant"),
    ),
    Column("phone", ("手机号", "手机号码", "手机", "电话", "联系电话", "Phone", "Phone Number"), required=False),
    Column(
        "joined",
        ("入会时间", "首次入会时间", "加入时间", "进入时间", "进入会议时间", "加入会议时间", "Join Time", "Join time"),
    ),
    Column(
        "left",
        ("退会时间", "最后退会时间", "最终退会时间", "离开时间", "退出时间", "离开会议时间", "退出会议时间",
         "Leave Time", "Leave time"),
    ),
)  # fmt: skip
FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
)
MAX_ROWS = 20_000
YEARS = range(2000, 2100)  # a year beyond is mistyped, and would be no moment everywhere
RUNS_OVER = timedelta(hours=3)  # a meeting goes on after the class, and clocks differ
KEPT_FOR = timedelta(days=30)  # after the class: names of people who may be strangers


@transaction.atomic
def upload_list(*, klass: ClassSession, file: IO[bytes], filename: str, actor: Asker) -> ParticipantList:
    """Read the list of an online meeting and keep it for the preview. Numbers are kept as hashes only.

    Raises SheetRefused when it cannot be read and AttendanceRefused when no row of it has times, or the class has not
    begun. Side effects: a row; an audit entry with how many rows there are, and nobody's name.
    """
    _refuse_before(klass)
    sheet = read_sheet(file, COLUMNS, max_rows=MAX_ROWS, exported=True)
    rows, unread = [], []
    latest = max(timezone.now(), klass.ends_at) + RUNS_OVER
    for line in sheet.rows:
        joined, left = moment_of(line["joined"], klass), moment_of(line["left"], klass)
        name = line["name"].replace("\0", "")[:60]
        if fault := _fault(name, joined, left, latest):
            unread.append([line.number, fault])
            continue
        assert joined is not None
        assert left is not None
        rows.append([name, phone_hash_of(line["phone"]), joined.isoformat(), left.isoformat()])
    if not rows:
        raise AttendanceRefused(
            _("No row of this list has a name and readable times of joining and leaving. Export it again.")
        )
    kept = ParticipantList.objects.create(
        class_session=klass,
        filename=PurePath(filename).name.replace("\0", "")[:200],
        rows=rows,
        unread=unread[:200],
        uploaded_by_id=actor.pk or 0,
    )
    record(
        action="lms.upload_list",
        target=kept,
        actor=actor,
        organisation=klass.cohort.organisation,
        after={"rows": len(rows), "unread": len(unread)},
    )
    return kept


def _refuse_before(klass: ClassSession) -> None:
    refusal = list_refusal(register_as_it_is(klass).facts, now=timezone.now())
    if refusal is not None:
        raise AttendanceRefused(words(refusal))


@transaction.atomic
def erase_lists() -> int:
    """Erase the names of lists so many days after their class (KEPT_FOR); returns of how many lists.

    What they said has gone into the register by then, or never will. Side effects: the rows of the list are empty, and
    whom they were taken for; an audit entry for each.
    """
    rows = ParticipantList.objects.exclude(rows=[]).filter(
        class_session__ends_at__lt=timezone.now() - KEPT_FOR
    )
    old = list(rows.select_for_update(of=("self",)).select_related("class_session__cohort__organisation"))
    for kept in old:
        kept.rows, kept.unread, kept.taken_for = [], [], {}
        kept.save(update_fields=["rows", "unread", "taken_for"])
        organisation = kept.class_session.cohort.organisation
        record(action="lms.erase_lists", target=kept, actor=None, organisation=organisation)
    return len(old)


def _fault(name: str, joined: datetime | None, left: datetime | None, latest: datetime) -> str:
    """Why a row cannot be taken over; "" when it can."""
    if not name:
        return Unread.NAME
    if joined is None or left is None:
        return Unread.TIMES
    if left > latest:
        return Unread.AHEAD
    return Unread.ORDER if left < joined else ""


def moment_of(text: str, klass: ClassSession) -> datetime | None:
    """A time of the list in local time; a time without its day is one of the day of the class. None if unreadable."""
    text = " ".join(text.replace("T", " ").split())
    for pattern in FORMATS:
        try:
            found = datetime.strptime(text, pattern)  # noqa: DTZ007 - made aware below
        except ValueError:
            continue
        return timezone.make_aware(found) if found.year in YEARS else None
    for pattern in ("%H:%M:%S", "%H:%M"):
        try:
            found = datetime.strptime(text, pattern)  # noqa: DTZ007
        except ValueError:
            continue
        day = timezone.localtime(klass.starts_at)
        return day.replace(hour=found.hour, minute=found.minute, second=found.second, microsecond=0)
    return None


def phone_hash_of(text: str) -> str:
    """The hash by which an account of this mobile number is found; "" when it is none, or partly hidden."""
    digits = normalise_number(text).removeprefix("+").removeprefix("86")
    return lookup_hash("phone", digits) if digits.isascii() and digits.isdigit() and len(digits) == 11 else ""


@transaction.atomic
def apply_list(
    *, participants: ParticipantList, chosen: dict[str, int], actor: Asker, reason: str = ""
) -> Preview:
    """Write down those whom a list names surely, and those whom the officer has chosen (`chosen`, by participant; 0 is
    nobody), with the minutes of the lists that were applied before.

    Whoever was found by another way, or has been in the class that stands for this one, stays as they are, and applying
    the same list again changes nothing. After closing a reason is asked for. Nobody enters themselves. Returns what was
    found before it was written. Raises AttendanceRefused for a list that was erased, and before the class has begun.
    Side effects: for each person as of `keep`; the list keeps whom its names were taken for; and on commit, after
    closing, whoever is done now completes the course.
    """
    klass = participants.class_session
    _refuse_erased(participants)
    _refuse_before(klass)
    open_register(klass=klass, actor=actor)
    register = locked(klass.pk)
    kept = ParticipantList.objects.select_for_update().get(
        pk=participants.pk
    )  # its names may be erased meanwhile
    _refuse_erased(kept)
    if register.is_closed and not reason.strip():
        raise AttendanceRefused(
            _("Write the reason: the register is closed, so everybody must see why it was changed.")
        )
    preview = preview_of(register, kept, chosen)
    wanted = {one.enrolment_id: one for one in preview.of("matched") if one.enrolment_id is not None}
    rows = locked_rows(klass, list(wanted))
    people = belonging(klass).filter(pk__in=list(wanted)).select_related("person__user", "cohort")
    for enrolment in people.order_by("pk"):
        if enrolment.person.user_id == actor.pk:
            continue
        row = rows.get(enrolment.pk) or Attendance(class_session=klass, enrolment=enrolment)
        row.enrolment = enrolment
        if row.pk and not row.was_there and attended_elsewhere(row, lock=True):
            continue  # a class and the one that stands for it count once
        found = wanted[enrolment.pk]
        keep(
            row,
            register,
            action="lms.apply_list",
            actor=actor,
            reason=reason.strip(),
            presence=Presence.PRESENT,
            method=Method.ONLINE,
            checked_in_at=found.came_at,
            checked_out_at=found.left_at,
            proven_minutes=found.minutes,
            entered_by_id=actor.pk,
        )
    complete_later(register, list(wanted))
    kept.applied_at, kept.taken_for = timezone.now(), _taken_for(preview, kept, klass, actor)
    kept.save(update_fields=["applied_at", "taken_for"])
    return preview


def _refuse_erased(participants: ParticipantList) -> None:
    if not participants.rows:
        raise AttendanceRefused(
            _(
                "The names of this list were erased 30 days after the class. Hand it in again if it is still needed."
            )
        )


def _taken_for(preview: Preview, kept: ParticipantList, klass: ClassSession, actor: Asker) -> dict[str, int]:
    """Whom each participant is taken for. Nobody enters themselves: of whoever applies the list it says what somebody
    else has said before."""
    own = set(belonging(klass).filter(person__user=actor.pk).order_by().values_list("pk", flat=True))
    found = {}
    for one in preview.proposals:
        key, pk = one.participant.key, one.enrolment_id or 0
        found[key] = kept.taken_for.get(key, 0) if pk in own else pk
    return found
