"""A record that was written without a network arrives: recorded once, or shown beside what is there already."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from core.access.scope import Asker
from supervision.pairings.models import Pairing
from supervision.sessions.actions.recording import log_session
from supervision.sessions.actions.writing import was_recorded_so
from supervision.sessions.models import Draft, Session, SessionDraft
from supervision.sessions.policy import SessionFacts, Written


@dataclass(frozen=True)
class Arrived:
    """What became of it: `session` when it is recorded; else `other` or `draft`, what stands in its way."""

    session: Session | None = None
    other: Session | None = None
    draft: SessionDraft | None = None


@transaction.atomic
def sync_session(
    *,
    pairing: Pairing,
    actor: Asker,
    facts: SessionFacts,
    written: Written,
    key: UUID,
    base: str,
    force: bool = False,
    **more: Any,
) -> Arrived:
    """Record what a device has kept, exactly once by its key. Raises as log_session does.

    A session of this key with other content, or a draft that was changed elsewhere since `base` (the moment of saving
    that the device knows), is given back instead and nothing is changed; with `force` the draft makes no difference.
    Side effects: those of log_session.
    """
    Pairing.objects.select_for_update(of=("self",)).get(pk=pairing.pk)
    session = Session.objects.with_people().filter(key=key, pairing=pairing).first()
    if session is not None:
        same = was_recorded_so(session, facts, written)
        return Arrived(session=session) if same else Arrived(other=session)
    draft = SessionDraft.objects.filter(pairing=pairing).first()
    if draft is not None and not force and changed_since(draft, base):
        return Arrived(draft=draft)
    session = log_session(pairing=pairing, actor=actor, facts=facts, written=written, key=key, **more)
    return Arrived(session=session)


def changed_since(draft: Draft, base: str) -> bool:
    """Whether somebody went on with this draft elsewhere after the device had last seen it."""
    return draft.saved_at.astimezone(datetime.UTC).isoformat() != base
