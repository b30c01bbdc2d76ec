"""What is written of a session: its facts, the versions of its content, remarks, private notes and drafts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.models import Person
from supervision.goals.models import LearningGoal
from supervision.pairings.actions import NotPossible, require_of_pair
from supervision.pairings.models import Pairing
from supervision.sessions.models import (
    FollowUp,
    Session,
    SessionContent,
    SessionDraft,
    SessionRemark,
    WorkingNote,
)
from supervision.sessions.policy import TEXTS, Agreed, SessionFacts, Written, kept_agreed, kept_cases
from supervision.sessions.states import AmendmentState

MAX_TYPED = 20_000


@transaction.atomic
def write_note(*, session: Session, actor: Asker, text: str) -> WorkingNote | None:
    """Keep the actor's own working note on a session; an empty text deletes it. It is not audited: it is private. Raises
    NotPossible for anybody but the two."""
    people = (session.pairing.supervisor.person, session.pairing.mentee)
    author = next((person for person in people if person.user_id == actor.pk), None)
    if author is None:
        raise NotPossible(_("Only the two of the session keep notes on it."))
    if not text.strip():
        WorkingNote.objects.filter(session=session, author=author).delete()
        return None
    return WorkingNote.objects.update_or_create(
        session=session, author=author, defaults={"text": text.strip()}
    )[0]


@transaction.atomic
def save_draft(*, pairing: Pairing, actor: Asker, key: UUID, typed: Mapping[str, Any]) -> SessionDraft | None:
    """Keep what the supervisor has typed so far, sealed. None when it was handed in meanwhile, or is far too long."""
    require_of_pair(pairing.supervisor.person, actor)
    text = json.dumps(dict(typed), ensure_ascii=False)
    if len(text) > MAX_TYPED or Session.objects.filter(key=key).exists():
        return None
    return SessionDraft.objects.update_or_create(pairing=pairing, defaults={"key": key, "typed": text})[0]


def columns_of(facts: SessionFacts) -> dict[str, Any]:
    return {
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "minutes": facts.minutes,
        "form": facts.form,
        "mode": facts.mode,
        "setting": facts.setting,
        "functions": list(facts.functions),
        "shares": dict(facts.shares) if facts.shares else None,
    }


def told_of(facts: SessionFacts) -> dict[str, Any]:
    """The facts as the audit keeps them."""
    return columns_of(facts) | {
        "starts_at": facts.starts_at.isoformat(),
        "ends_at": facts.ends_at.isoformat(),
    }


def was_recorded_so(session: Session, facts: SessionFacts, written: Written) -> bool:
    """Whether this is what the session was first recorded as (the facts as far as they are still known), what it says
    now, or what the correction says that waits: then it has arrived, however often it is sent."""
    contents = list(session.contents.prefetch_related("goals").order_by("number"))
    if not contents:
        return False
    now = session.facts.whole() == facts.whole()
    changed = session.revision > 1 or session.amendments.exists()
    if (contents[0].written == written and (now or changed)) or (contents[-1].written == written and now):
        return True
    waits = session.amendments.filter(state=AmendmentState.PROPOSED).select_related("session", "text").first()
    return waits is not None and waits.facts.whole() == facts.whole() and waits.text.said == written


def write(session: Session, written: Written) -> None:
    """A version of the content, and the agreed actions as it says them: what it no longer says is closed."""
    content = SessionContent.objects.create(
        session=session,
        number=session.revision,
        cases=kept_cases(written.cases),
        agreed=kept_agreed(written.agreed),
        **{name: getattr(written, name).strip() for name in TEXTS},
    )
    if written.goals:
        content.goals.set(LearningGoal.objects.filter(pairing_id=session.pairing_id, pk__in=written.goals))
    known = {Agreed(row.who, row.what, row.due_on): row for row in session.follow_ups.all()}
    gone = [row.pk for said, row in known.items() if said not in written.agreed and row.closed_at is None]
    FollowUp.objects.filter(pk__in=gone).update(closed_at=timezone.now())
    for said in dict.fromkeys(written.agreed):
        if said not in known:
            FollowUp.objects.create(session=session, who=said.who, what=said.what, due_on=said.due)


def remark(session: Session, actor: Asker, kind: str, text: str) -> None:
    if text.strip():
        author = Person.objects.get(user_id=actor.pk)  # type: ignore[misc]
        SessionRemark.objects.create(session=session, author=author, kind=kind, text=text.strip())
