"""What a project is to bring forth: planned, handed in, accepted or sent back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import kept_file
from core.people.models import Person
from core.states import move
from supervision.pairings.actions import NotPossible
from supervision.projects.actions.telling import (
    answered,
    audit,
    ended_words,
    locked,
    locked_thing,
    require,
    tell,
)
from supervision.projects.models import CompanionProject, Deliverable
from supervision.projects.queries import due_soon
from supervision.projects.states import MOVES, DeliverableState

MOST_DELIVERABLES = 50
BEFORE_DAYS = 3


@transaction.atomic
def plan_deliverable(
    *, project: CompanionProject, actor: Asker, title: str, due_on: datetime.date
) -> Deliverable:
    """Say what the project is to bring forth, and until when; what is planned so already is planned once. Raises
    NotPossible outside of the project's days.

    Side effects: the row, an audit entry, a notice to each mentee.
    """
    row = locked(project.pk)
    require(row.supervisor.person, actor)
    if not row.is_running:
        raise NotPossible(ended_words())
    if not row.starts_on <= due_on <= row.ends_on:
        raise NotPossible(_("The day lies outside of the project."))
    planned = row.deliverables.filter(state=DeliverableState.PLANNED, title=title.strip(), due_on=due_on)
    if again := planned.first():
        return again
    if row.deliverables.count() >= MOST_DELIVERABLES:
        raise NotPossible(_("A project has at most %(n)s deliverables.") % {"n": MOST_DELIVERABLES})
    thing = Deliverable.objects.create(project=row, title=title.strip(), due_on=due_on)
    audit("supervision.plan_deliverable", thing, row, actor, after={"due_on": due_on.isoformat()})
    for person in row.mentees.select_related("user__person"):
        words = gettext_noop("“%(project)s”: “%(thing)s” is due on %(day)s")
        tell(row, person, f"planned:{thing.pk}", words, thing=thing.title, day=due_on)
    return thing


@transaction.atomic
def hand_in_deliverable(
    *, deliverable: Deliverable, person: Person, actor: Asker, message: str = "", files: Iterable[Any] = ()
) -> Deliverable:
    """Hand in what is due; `files` are uploads as AttachmentField has accepted, or attachments kept before.

    Raises NotPossible for somebody who is no mentee of the project, IllegalMove when it is handed in already. Side
    effects in order: the files, the state, an audit entry, a notice to the supervisor.
    """
    row, project = locked_thing(deliverable)
    require(person, actor)
    if not project.is_open or not project.mentees.filter(pk=person.pk).exists():
        raise NotPossible(_("Only the mentees of a project under way hand in."))
    kept = [kept_file(file=each, actor=actor) for each in files if each]
    if not kept and not message.strip():
        raise NotPossible(_("Hand in a file, or write where it is to be found."))
    changes: dict[str, Any] = {
        "handed_in_at": timezone.now(),
        "handed_in_by_id": person.pk,
        "message": message.strip(),
    }
    old = move(row, DeliverableState.HANDED_IN, MOVES, **changes)
    row.files.set(kept)
    facts = {"before": {"state": old}, "after": {"state": row.state, "files": len(kept)}}
    audit("supervision.hand_in_deliverable", row, project, actor, **facts)
    words = gettext_noop("“%(project)s”: “%(thing)s” is handed in")
    what = f"handed_in:{row.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
    tell(project, project.supervisor.person, what, words, thing=row.title)
    return row


@transaction.atomic
def accept_deliverable(*, deliverable: Deliverable, actor: Asker, note: str = "") -> Deliverable:
    """Accept what was handed in, with a note for the project. Raises IllegalMove when it does not wait for that.

    Side effects: the state, an audit entry without the note, a notice to the mentees.
    """
    row, project = locked_thing(deliverable)
    require(project.supervisor.person, actor)
    changes: dict[str, Any] = {"accepted_at": timezone.now(), "note": note.strip()}
    old = move(row, DeliverableState.ACCEPTED, MOVES, **changes)
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    audit("supervision.accept_deliverable", row, project, actor, **facts)
    answered(row, project, gettext_noop("“%(project)s”: “%(thing)s” is accepted"))
    return row


@transaction.atomic
def send_back_deliverable(*, deliverable: Deliverable, actor: Asker, note: str) -> Deliverable:
    """Send back what was handed in, and say what is missing. Raises as accept_deliverable does, and without a note.

    Side effects: the state, an audit entry without the note, a notice to the mentees.
    """
    if not note.strip():
        raise NotPossible(_("Write what is missing: the mentees read it."))
    row, project = locked_thing(deliverable)
    require(project.supervisor.person, actor)
    old = move(row, DeliverableState.PLANNED, MOVES, note=note.strip())
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    audit("supervision.send_back_deliverable", row, project, actor, **facts)
    answered(row, project, gettext_noop("“%(project)s”: “%(thing)s” is sent back to be completed"))
    return row


@transaction.atomic
def drop_deliverable(*, deliverable: Deliverable, actor: Asker) -> Deliverable:
    """No longer ask for something that is planned. Raises IllegalMove when it is handed in. Side effects: audit, notice."""
    row, project = locked_thing(deliverable)
    require(project.supervisor.person, actor)
    old = move(row, DeliverableState.DROPPED, MOVES)
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    audit("supervision.drop_deliverable", row, project, actor, **facts)
    answered(row, project, gettext_noop("“%(project)s”: “%(thing)s” is no longer asked for"))
    return row


def remind_deliverables() -> int:
    """Remind each mentee once before something is due, and them and the supervisor once when it is overdue. Returns how
    many deliverables were looked at. Side effects: notices."""
    today, seen = timezone.localdate(), 0
    for row in due_soon(today, BEFORE_DAYS):
        late = row.due_on < today
        words = (
            gettext_noop("“%(project)s”: “%(thing)s” was due on %(day)s")
            if late
            else gettext_noop("“%(project)s”: “%(thing)s” is due on %(day)s")
        )
        people = [*row.project.mentees.all(), *([row.project.supervisor.person] if late else [])]
        for person in people:
            what = f"{'late' if late else 'soon'}:{row.pk}:{row.due_on:%Y%m%d}"
            tell(row.project, person, what, words, thing=row.title, day=row.due_on)
        seen += 1
    return seen
