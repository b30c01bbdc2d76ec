"""What is kept of an act on a session, and whom it is told to. No text of the pair goes into either."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.people.models import Person
from supervision.sessions.models import Session


def audit(action: str, session: Session, actor: Asker, **facts: Any) -> None:
    record(action=action, target=session, actor=actor, organisation=session.pairing.organisation, **facts)


def answered(session: Session) -> None:
    """Nobody waits for the mentee any more: the notices that asked are settled."""
    settle(user=session.pairing.mentee.user, source=f"supervision.session:{session.pk}:logged:")


def ask_mentee(session: Session) -> None:
    title = gettext_noop("Please confirm the session of %(day)s with %(supervisor)s")
    body = gettext_noop("%(minutes)s minutes, %(span)s. They count for both of you once you confirm.")
    tell(session, session.pairing.mentee, f"logged:{session.revision}", title, body)


def tell(session: Session, person: Person, what: str, title: str, body: str = "") -> None:
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    notify(
        user=person.user,
        kind="supervision.session",
        title=title,
        body=body,
        url=reverse("supervision:session-detail", args=[session.pk]),
        source=f"supervision.session:{session.pk}:{what}:{session.revision}",
        supervisor=session.pairing.supervisor.person.name,
        mentee=session.pairing.mentee.name,
        day=starts_at.date(),
        span=f"{starts_at:%H:%M}–{ends_at:%H:%M}",
        minutes=session.minutes,
    )
