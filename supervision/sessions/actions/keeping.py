"""What the two put to a session besides the record: a reflection, files, ticks at what was agreed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.people.models import Person
from supervision.pairings.actions import NotPossible, locked_pairing, require_of_pair
from supervision.sessions.actions.telling import audit, tell
from supervision.sessions.models import FollowUp, Session, SessionFile, SessionReflection
from supervision.sessions.states import SessionState

MOST_FILES = 10


@transaction.atomic
def reflect(*, session: Session, actor: Asker, text: str) -> SessionReflection:
    """Keep what the mentee makes of a session, for both to read; written again, it takes the place of the former.
    Raises NotPossible for anybody else, without a text, and of a record that is taken back.

    Side effects: an audit entry without the text; at the first time a notice to the supervisor without it.
    """
    pairing = locked_pairing(session.pairing_id)
    require_of_pair(pairing.mentee, actor)
    if not text.strip():
        raise NotPossible(_("Write at least a sentence."))
    if session.state == SessionState.CANCELLED:
        raise NotPossible(_("This record is taken back; there is nothing to reflect on."))
    row, made = SessionReflection.objects.update_or_create(
        session=session, defaults={"author": pairing.mentee, "text": text.strip()}
    )
    session.pairing = pairing
    audit("supervision.reflect", session, actor, after={"state": session.state})
    if made:
        title = gettext_noop("%(mentee)s has reflected on the session of %(day)s")
        tell(session, pairing.supervisor.person, "reflected", title)
    return row


@transaction.atomic
def add_file(*, session: Session, actor: Asker, upload: Any) -> SessionFile:
    """Put a file to a session that is not confirmed; either may. Raises NotPossible.

    What the mentee read is what the mentee confirms: the revision goes on. Side effects: the file; the row; an audit
    entry without its name.
    """
    pairing = locked_pairing(session.pairing_id)
    author = _of_two((pairing.supervisor.person, pairing.mentee), actor)
    row = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    row.pairing = pairing
    if not row.is_open:
        raise NotPossible(_("This record can no longer be changed. The page shows how it stands now."))
    if row.files.count() >= MOST_FILES:
        raise NotPossible(_("A session has at most 10 files."))
    kept = SessionFile.objects.create(session=row, author=author, file=keep_file(upload=upload, actor=actor))
    if author.pk == pairing.supervisor_id:
        Session.objects.filter(pk=row.pk).update(revision=F("revision") + 1)
    audit("supervision.add_file", row, actor, after={"size": kept.file.size})
    return kept


def open_file(*, kept: SessionFile, actor: Asker) -> None:
    """Note that a file of a session was opened, and by whom. Side effect: an audit entry without its name."""
    audit("supervision.open_file", kept.session, actor, after={"size": kept.file.size})


@transaction.atomic
def tick_follow_up(*, follow_up: FollowUp, actor: Asker, is_done: bool) -> FollowUp:
    """Say that an agreed action is done, or not done after all; either of the two may. It is not audited: it is theirs.

    Raises NotPossible for anybody else, and for what the record does not say any more.
    """
    pairing = locked_pairing(follow_up.session.pairing_id)
    _of_two((pairing.supervisor.person, pairing.mentee), actor)
    follow_up.refresh_from_db(fields=["is_done", "closed_at"])
    if follow_up.closed_at is not None and not follow_up.is_done:
        raise NotPossible(_("The record does not say this any more."))
    closed_at = timezone.now() if is_done else None
    FollowUp.objects.filter(pk=follow_up.pk).update(is_done=is_done, closed_at=closed_at)
    follow_up.is_done, follow_up.closed_at = is_done, closed_at
    return follow_up


def _of_two(people: tuple[Person, ...], actor: Asker) -> Person:
    for person in people:
        if person.user_id == actor.pk:
            return person
    raise NotPossible(_("Only the two of the session keep notes on it."))
