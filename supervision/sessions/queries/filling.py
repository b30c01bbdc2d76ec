"""What a form of a session holds when it opens."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core.access.scope import Asker
from supervision.pairings.models import Pairing
from supervision.sessions.models import FollowUp, Session, SessionContent, SessionDraft
from supervision.sessions.policy import TEXTS, Written
from supervision.sessions.queries.page import SessionPage
from supervision.sessions.states import SessionState

USUAL = timedelta(minutes=60)


def open_follow_ups(pairing: Pairing, user: Asker) -> list[FollowUp]:
    """What the pair agreed on and has not ticked off, the oldest first. One query."""
    rows = FollowUp.objects.visible_to(user).open().filter(session__pairing=pairing)
    rows = rows.exclude(session__state=SessionState.CANCELLED)
    return list(rows.select_related("session")[:30])


def last_of(pairing: Pairing) -> Session | None:
    """The latest session of a pairing that took place."""
    return pairing.sessions.live().order_by("-starts_at").first()


def usual_span(now: datetime) -> tuple[datetime, datetime]:
    """The hour that a session most likely took: the last one, to five minutes, never across midnight."""
    local = timezone.localtime(now)
    ends_at = local.replace(minute=local.minute - local.minute % 5, second=0, microsecond=0)
    if (ends_at - USUAL).date() != ends_at.date():
        ends_at = (ends_at - timedelta(days=1)).replace(hour=21, minute=0)
    return ends_at - USUAL, ends_at


def draft_of(pairing: Pairing, user: Asker) -> SessionDraft | None:
    """What this supervisor has typed and not handed in; None when it was handed in meanwhile."""
    draft = SessionDraft.objects.visible_to(user).filter(pairing=pairing).first()
    return None if draft is None or Session.objects.filter(key=draft.key).exists() else draft


def starting_values(pairing: Pairing, user: Asker, now: datetime) -> dict[str, Any]:
    """What the log form holds when it opens: the draft, or else today, the last hour, and the place of last time."""
    draft = draft_of(pairing, user)
    if draft is not None:
        return {**draft.values, "key": draft.key, "saved_at": draft.saved_at}
    starts_at, ends_at = usual_span(now)
    values: dict[str, Any] = {
        "key": uuid.uuid4(),
        "day": starts_at.date(),
        "start": starts_at.time(),
        "end": ends_at.time(),
    }
    last = last_of(pairing)
    if last is not None:
        content: Any = SessionContent.objects.visible_to(user).filter(session=last).first()
        values |= {"form": last.form, "mode": last.mode, "setting": last.setting}
        values["place"] = content.place if content else ""
    return values


def held_values(page: SessionPage) -> dict[str, Any]:
    """What the form holds when a session is corrected: what it says now."""
    session, content = page.session, page.content
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    values: dict[str, Any] = {
        "key": session.key,
        "day": starts_at.date(),
        "start": starts_at.time(),
        "end": ends_at.time(),
        "form": session.form,
        "mode": session.mode,
        "setting": session.setting,
        "functions": session.functions,
    }
    values |= {f"share_{code}": minutes for code, minutes in (session.shares or {}).items()}
    if content is not None:
        values |= said_values(content.written)
    return values


def said_values(written: Written) -> dict[str, Any]:
    """The content of a session as its form holds it."""
    values: dict[str, Any] = {name: getattr(written, name) for name in TEXTS}
    values["goals"] = [str(pk) for pk in written.goals]
    for number, case in enumerate(written.cases, 1):
        values |= {f"case_{number}": case.code, f"risk_{number}": case.risk}
    for number, row in enumerate(written.agreed, 1):
        values |= {f"what_{number}": row.what, f"who_{number}": row.who, f"due_{number}": row.due}
    return values
