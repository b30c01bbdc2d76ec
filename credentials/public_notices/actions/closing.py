"""Closing a notice whose last day has passed, settling its lines, and withdrawing one."""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.states import move
from credentials.public_notices.actions.opening import NoticeRefused, require_no_secret
from credentials.public_notices.models import PublicNotice, SettledLine
from credentials.public_notices.policy import Said, outcomes, secret_in_contact
from credentials.public_notices.queries import notices_due, notices_unsettled, unsettled_lines
from credentials.public_notices.states import MOVES, NoticeState, ObjectionState, Outcome
from credentials.signals import NoticeEnded, NoticeWithdrawn, notice_ended, notice_withdrawn

log = logging.getLogger("xinhuo.public_notices")


def close_due_notices(today: datetime.date | None = None) -> int:
    """Close every notice whose last day lies before `today`; returns how many. Each in a transaction of its own: where an
    owner cannot take it, that notice stays open, is logged, and is tried again the next time."""
    today = today or timezone.localdate()
    return sum(_each(pk, close_notice, today) for pk in notices_due(today))


def reconcile() -> list[str]:
    """Close what is due, and settle what nothing keeps any more; a line for each repair."""
    closed = close_due_notices()
    settled = sum(_each(pk, settle) for pk in notices_unsettled())
    found = {"public notices closed": closed, "public notices with lines settled": settled}
    return [f"{what}: {count}" for what, count in found.items() if count]


def _each(pk: int, act: object, *args: object) -> bool:
    try:
        with transaction.atomic():
            return bool(act(locked(pk), *args))  # type: ignore[operator]
    except Exception:
        log.exception("public notice %s could not be closed or settled; it is tried again", pk)
        return False


def locked(pk: int) -> PublicNotice:
    """The notice, locked: who objects, answers, closes and withdraws comes one after the other."""
    return PublicNotice.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)


def close_notice(notice: PublicNotice, today: datetime.date) -> bool:
    """Close one locked notice and settle what nothing keeps; False when another worker was first. Side effects: the state;
    settled lines and the telling of their owner; an audit entry."""
    if notice.state != NoticeState.RUNNING or notice.ends_on >= today:
        return False
    move(notice, NoticeState.CLOSED, MOVES, ended_at=timezone.now())
    record(
        action="credentials.close_notice",
        target=notice,
        actor=None,
        organisation=notice.organisation,
        after={"settled": settle(notice)},
    )
    return True


def settle(notice: PublicNotice) -> int:
    """Write down what became of every line that nothing keeps any more, and tell the owner; returns how many lines.

    Only of a closed notice, under its lock. Each line is settled once: its row is its own key.
    """
    if notice.state != NoticeState.CLOSED:
        return 0
    lines = {line.pk: line for line in unsettled_lines(notice)}
    said = [
        Said(line, state == ObjectionState.OPEN, state == ObjectionState.UPHELD)
        for line, state in notice.objections.values_list("line", "state")
    ]
    found = outcomes(lines, said)
    if not found:
        return 0
    SettledLine.objects.bulk_create(
        SettledLine(line_id=pk, outcome=Outcome.CLEARED if cleared else Outcome.UPHELD)
        for pk, cleared in found.items()
    )
    keys = {True: [], False: []}  # type: dict[bool, list[str]]
    for pk, cleared in found.items():
        keys[cleared].append(lines[pk].key)
    event = NoticeEnded(notice.pk, notice.source, notice.about, tuple(keys[True]), tuple(keys[False]))
    notice_ended.send(PublicNotice, event=event)
    return len(found)


@transaction.atomic
def withdraw_notice(*, notice: PublicNotice, reason: str, actor: Asker | None) -> PublicNotice:
    """Take a running notice back, with the reason; its names are shown no longer, and its owner is told.

    None of its lines counts as cleared; a new notice needs a source of its own. Raises NoticeRefused without a reason, or with a
    number of a person in it, and IllegalMove when it has ended. Side effects: the state; an audit entry; the signal.
    """
    if not reason.strip():
        raise NoticeRefused(_("Write the reason: everybody will read it."))
    require_no_secret(_("reason"), secret_in_contact(reason))
    row = locked(notice.pk)
    move(row, NoticeState.WITHDRAWN, MOVES, reason=reason.strip(), ended_at=timezone.now())
    record(
        action="credentials.withdraw_notice",
        target=row,
        actor=actor,
        organisation=row.organisation,
        reason=reason.strip(),
    )
    keys = tuple(row.lines.values_list("key", flat=True))
    event = NoticeWithdrawn(row.pk, row.source, row.about, keys)
    notice_withdrawn.send(PublicNotice, event=event)
    return row
