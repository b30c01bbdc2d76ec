"""Sessions, with what follows a record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import User

if TYPE_CHECKING:
    from supervision.models import (
        LateRecord,
        Pairing,
        Session,
        SessionAmendment,
        SessionReview,
    )


def make_session(
    pairing: Pairing,
    state: str = "logged",
    days_ago: int = 1,
    minutes: int = 60,
    functions: Sequence[str] = ("educational", "supportive"),
    **written: str,
) -> Session:
    """A session at ten in the morning, `days_ago` days ago, with what was said in it."""
    from supervision.models import Session, SessionContent

    morning = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    starts_at = morning - timedelta(days=days_ago)
    session = Session.objects.create(
        pairing=pairing,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        minutes=minutes,
        form="individual",
        mode="private",
        setting="on_site",
        functions=list(functions),
    )
    SessionContent.objects.create(session=session, number=1, **{"topics": "接案预估"} | written)
    fields: dict[str, object] = {}
    if state == "confirmed":
        fields = {"confirmed_at": timezone.now(), "confirmed_by_id": pairing.mentee.user_id}
    if state != "logged":
        Session.objects.filter(pk=session.pk).update(**{"state": state} | fields)
        session.refresh_from_db()
    return session


def make_late(session: Session, **fields: object) -> LateRecord:
    """That this session was recorded a week late; it waits for an administrator."""
    from supervision.models import LateRecord

    defaults = {"days": 7, "allowed": 14, "reason": "出差在外，没有带记录", "asked_at": timezone.now()}
    defaults |= {"starts_at": session.starts_at, "ends_at": session.ends_at, "said_at": session.logged_at}
    return LateRecord.objects.create(session=session, **defaults | fields)


def make_amendment(session: Session, minutes: int = 45, **fields: object) -> SessionAmendment:
    """A proposal that this confirmed session was shorter; it waits for the mentee."""
    from supervision.models import AmendmentText, SessionAmendment, SessionContent
    from supervision.sessions.models import kept_facts

    defaults = {
        "number": session.revision + 1,
        "starts_at": session.starts_at,
        "ends_at": session.starts_at + timedelta(minutes=minutes),
        "minutes": minutes,
        "mode": session.mode,
        "setting": session.setting,
        "functions": session.functions,
        "former": kept_facts(session.facts),
    }
    row = SessionAmendment.objects.create(session=session, **defaults | fields)
    assert SessionContent.objects.filter(session=session).exists()
    AmendmentText.objects.create(amendment=row, reason="记错了时间", written='{"topics": "接案预估"}')
    return row


def make_review(pairing: Pairing, reviewer: User, **fields: object) -> SessionReview:
    """A review that was asked for and waits for a second person."""
    from supervision.models import SessionReview

    return SessionReview.objects.create(pairing=pairing, reviewer=reviewer, **{"reason": "投诉核查"} | fields)
