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
from core.organisations.models import Organisation
from core.states import IllegalMove, move
from supervision.pairings.actions import NotPossible, locked_pairing, require_of_pair
from supervision.sessions.actions.lateness import newest_of, settle_asking, tell_late
from supervision.sessions.actions.telling import audit, tell
from supervision.sessions.models import LateRecord, LoggingRule, Session
from supervision.sessions.states import LATE_MOVES, OPEN, LateState
from supervision.supervisors.queries import dependence_among

# What stays the same when it is asked again with another reason.
KEPT = ("amendment", "starts_at", "ends_at", "said_at", "days", "allowed", "rule")


@transaction.atomic
def approve_late(*, late: LateRecord, actor: Asker, answer: str = "") -> LateRecord:
    """Let these very times count once the mentee confirms them. Raises NotPossible for one of the two, IllegalMove.

    Side effects: an audit entry, a notice to both.
    """
    row = _decide(late, actor, LateState.APPROVED, answer)
    audit("supervision.approve_late", row.session, actor, after={"days": row.days}, reason=answer.strip())
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
    audit("supervision.decline_late", row.session, actor, after={"days": row.days}, reason=answer.strip())
    title = gettext_noop("The late record of %(day)s is declined")
    body = gettext_noop("Read why. You can give another reason, or take the record back.")
    tell(row.session, row.session.pairing.supervisor.person, f"late-declined:{_moment(row)}", title, body)
    return row


@transaction.atomic
def explain_late(*, late: LateRecord, actor: Asker, reason: str) -> LateRecord:
    """Ask again for a declined late record, with another reason; the answer before stays. Raises NotPossible, and
    IllegalMove when it is not declined or was asked again already.

    Side effects: a row of its own, an audit entry, a notice to the administrators.
    """
    if not reason.strip():
        raise NotPossible(_("Write why the session was recorded late."))
    row = _locked(late)
    require_of_pair(row.session.pairing.supervisor.person, actor)
    if not (row.amendment.is_open if row.amendment else row.session.state in OPEN):
        raise NotPossible(_("This record can no longer be changed. The page shows how it stands now."))
    if not row.is_declined or newest_of(row.session, row.amendment) != row:
        raise IllegalMove(row, row.state, LateState.WAITING)
    kept = {name: getattr(row, name) for name in KEPT}
    again = LateRecord.objects.create(
        session=row.session, reason=reason.strip(), asked_at=timezone.now(), **kept
    )
    audit("supervision.explain_late", row.session, actor, after={"days": row.days}, reason=reason.strip())
    tell_late(again, row.session)
    return again


@transaction.atomic
def set_logging_rule(
    *, organisation: Organisation, days: int, starts_on: datetime.date, source: str, actor: Asker | None
) -> LoggingRule:
    """Say within how many days sessions are to be recorded, from a day on; what was recorded before now keeps the rule
    that was known then, whatever day this one begins on. Raises NotPossible when a rule of the place begins on that day.
    Side effect: audit."""
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
    two = [pairing.mentee.user, pairing.supervisor.person.user]
    if words := dependence_among(actor, two, pairing.organisation):
        raise NotPossible(words)
    values: dict[str, Any] = {
        "decided_by_id": actor.pk,
        "decided_at": timezone.now(),
        "answer": answer.strip(),
    }
    move(row, state, LATE_MOVES, **values)
    settle_asking(row)
    return row


def _locked(late: LateRecord) -> LateRecord:
    pairing = locked_pairing(late.session.pairing_id)
    session = Session.objects.select_for_update(of=("self",)).get(pk=late.session_id)
    session.pairing = pairing
    row = LateRecord.objects.select_for_update(of=("self",)).select_related("amendment").get(pk=late.pk)
    row.session = session
    return row


def _moment(row: LateRecord) -> str:
    return f"{row.decided_at:%Y%m%d%H%M%S}"
