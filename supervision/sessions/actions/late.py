"""Late records: an administrator who is neither of the two approves or declines; and the rule that says what is late."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import settle
from core.organisations.models import Organisation
from core.organisations.queries import administrators_of
from core.states import move
from supervision.pairings.actions import NotPossible
from supervision.sessions.actions.lateness import tell_late
from supervision.sessions.actions.locking import locked_pairing, require
from supervision.sessions.actions.telling import keep, tell
from supervision.sessions.models import LateRecord, LoggingRule, Session
from supervision.sessions.states import LATE_MOVES, OPEN, LateState


@transaction.atomic
def approve_late(*, late: LateRecord, actor: Asker, answer: str = "") -> LateRecord:
    """Let a late record count once the mentee confirms it. Raises NotPossible for one of the two, IllegalMove.

    Side effects: an audit entry, a notice to both.
    """
    row = _decide(late, actor, LateState.APPROVED, answer)
    keep("supervision.approve_late", row.session, actor, after={"days": row.days}, reason=answer.strip())
    title = gettext_noop("The late record of %(day)s is approved")
    pairing = row.session.pairing
    for person in (pairing.mentee, pairing.supervisor.person):
        tell(row.session, person, f"late-approved:{_moment(row)}", title)
    return row


@transaction.atomic
def decline_late(*, late: LateRecord, actor: Asker, answer: str) -> LateRecord:
    """Say that a late record does not count as it is, with a reason. Raises as approve_late does.

    Side effects: an audit entry, a notice to the supervisor.
    """
    if not answer.strip():
        raise NotPossible(_("Write why it is declined: the supervisor will read it."))
    row = _decide(late, actor, LateState.DECLINED, answer)
    keep("supervision.decline_late", row.session, actor, after={"days": row.days}, reason=answer.strip())
    title = gettext_noop("The late record of %(day)s is declined")
    body = gettext_noop("Read why. You can give another reason, or take the record back.")
    tell(row.session, row.session.pairing.supervisor.person, f"late-declined:{_moment(row)}", title, body)
    return row


@transaction.atomic
def explain_late(*, late: LateRecord, actor: Asker, reason: str) -> LateRecord:
    """Ask again for a declined late record, with another reason. Raises NotPossible and IllegalMove.

    Side effects: an audit entry, a notice to the administrators.
    """
    if not reason.strip():
        raise NotPossible(_("Write why the session was recorded late."))
    row = _locked(late)
    require(row.session.pairing.supervisor.person, actor)
    if row.session.state not in OPEN:
        raise NotPossible(_("This record can no longer be changed. The page shows how it stands now."))
    move(
        row,
        LateState.WAITING,
        LATE_MOVES,
        reason=reason.strip(),
        asked_at=timezone.now(),
        decided_by_id=None,
        decided_at=None,
        answer="",
    )
    keep("supervision.explain_late", row.session, actor, after={"days": row.days}, reason=reason.strip())
    tell_late(row, row.session)
    return row


@transaction.atomic
def set_logging_rule(
    *, organisation: Organisation, days: int, starts_on: datetime.date, source: str, actor: Asker | None
) -> LoggingRule:
    """Say within how many days sessions are to be recorded, from a day on. Raises NotPossible when a rule of the place
    begins on that day. Side effect: audit."""
    try:
        with transaction.atomic():
            rule = LoggingRule.objects.create(
                organisation=organisation, days=days, starts_on=starts_on, source=source.strip()
            )
    except IntegrityError:
        raise NotPossible(_("A rule of this place begins on that day already."))
    record(
        action="supervision.set_logging_rule",
        target=rule,
        actor=actor,
        organisation=organisation,
        after={"days": days, "starts_on": starts_on, "source": rule.source},
    )
    return rule


def _decide(late: LateRecord, actor: Asker, state: str, answer: str) -> LateRecord:
    row = _locked(late)
    pairing = row.session.pairing
    if actor.pk in (pairing.supervisor.person.user_id, pairing.mentee.user_id):
        raise NotPossible(_("Neither of the two decides on their own record."))
    values: dict[str, Any] = {
        "decided_by_id": actor.pk,
        "decided_at": timezone.now(),
        "answer": answer.strip(),
    }
    move(row, state, LATE_MOVES, **values)
    for officer in administrators_of(pairing.organisation):
        settle(user=officer, source=f"supervision.late:{row.session_id}:")
    return row


def _locked(late: LateRecord) -> LateRecord:
    pairing = locked_pairing(late.session.pairing_id)
    session = Session.objects.select_for_update(of=("self",)).get(pk=late.session_id)
    session.pairing = pairing
    row = LateRecord.objects.select_for_update(of=("self",)).get(pk=late.pk)
    row.session = session
    return row


def _moment(row: LateRecord) -> str:
    return f"{row.decided_at:%Y%m%d%H%M%S}"
