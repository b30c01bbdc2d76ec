"""What those who took part put to a gathering besides the record: files, and ticks at what was agreed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.people.models import Person
from supervision.circles.actions.rows import locked_gathering, require_unconfirmed
from supervision.circles.actions.telling import audit
from supervision.circles.models import Gathering, GatheringAction, GatheringFile
from supervision.circles.states import PartState, Whose
from supervision.pairings.actions import NotPossible

MOST_FILES = 10


@transaction.atomic
def add_gathering_file(*, gathering: Gathering, actor: Asker, upload: Any) -> GatheringFile:
    """Put a file to a gathering that nobody has confirmed; who led it or took part may. Raises NotPossible.

    What the participants read is what they confirm: with a file of the leader their revisions go on. Side effects: the
    file; the row; an audit entry without its name.
    """
    row = locked_gathering(gathering.pk)
    author = _who_was_there(row, actor)
    if not row.is_logged:
        raise NotPossible(_("This record can no longer be changed. The page shows how it stands now."))
    require_unconfirmed(row)
    if row.files.count() >= MOST_FILES:
        raise NotPossible(_("A gathering has at most 10 files."))
    file = keep_file(upload=upload, actor=actor)
    kept = GatheringFile.objects.create(gathering=row, author=author, file=file)
    if author.pk == row.leader_id:
        row.parts.filter(state=PartState.WAITING).update(revision=F("revision") + 1)
    audit("supervision.add_gathering_file", row, row.circle, actor, after={"size": file.size})
    return kept


def open_gathering_file(*, kept: GatheringFile, actor: Asker) -> None:
    """Note that a file of a gathering was opened, and by whom. Side effect: an audit entry without its name."""
    held = kept.gathering
    audit("supervision.open_gathering_file", held, held.circle, actor, after={"size": kept.file.size})


@transaction.atomic
def tick_gathering_action(*, action: GatheringAction, actor: Asker, is_done: bool) -> GatheringAction:
    """Say that an agreed action is done, or not done after all: whose it is, or the leader. Not audited: it is theirs.

    Raises NotPossible for anybody else, and for what the record does not say any more.
    """
    row = locked_gathering(action.gathering_id)
    person = _who_was_there(row, actor)
    theirs = action.who == Whose.ALL or action.person_id == person.pk
    if person.pk != row.leader_id and not theirs:
        raise NotPossible(_("Whose action it is ticks it off, or who led the gathering."))
    action.refresh_from_db(fields=["is_done", "closed_at"])
    if action.closed_at is not None and not action.is_done:
        raise NotPossible(_("The record does not say this any more."))
    closed_at = timezone.now() if is_done else None
    GatheringAction.objects.filter(pk=action.pk).update(is_done=is_done, closed_at=closed_at)
    action.is_done, action.closed_at = is_done, closed_at
    return action


def _who_was_there(gathering: Gathering, actor: Asker) -> Person:
    if gathering.leader.user_id == actor.pk:
        return gathering.leader
    part = gathering.parts.live().filter(person__user_id=actor.pk or 0).select_related("person").first()
    if part is None:
        raise NotPossible(_("Only those who took part keep notes on it."))
    return part.person
