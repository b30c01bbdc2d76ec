"""How a project ends: evaluated by both sides and closed, or stopped."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import settle
from core.people.models import Person
from core.states import move
from supervision.pairings.actions import NotPossible
from supervision.projects.actions.telling import audit, locked, require, tell
from supervision.projects.models import CompanionProject, ProjectEvaluation
from supervision.projects.states import PROJECT_MOVES, DeliverableState, ProjectState


@transaction.atomic
def finish_project(*, project: CompanionProject, actor: Asker) -> CompanionProject:
    """Ask everybody for the closing evaluation. Raises NotPossible while something handed in waits for the supervisor.

    Side effects: the state, an audit entry, a notice to each mentee.
    """
    row = locked(project.pk)
    require(row.supervisor.person, actor)
    if row.deliverables.filter(state=DeliverableState.HANDED_IN).exists():
        raise NotPossible(
            _("Something that was handed in waits for your answer. Accept it or send it back first.")
        )
    old = move(row, ProjectState.CLOSING, PROJECT_MOVES)
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    audit("supervision.finish_project", row, row, actor, **facts)
    for person in row.mentees.select_related("user__person"):
        words = gettext_noop("“%(project)s” comes to its end: please evaluate it")
        tell(
            row,
            person,
            "finish",
            words,
            gettext_noop("A mark and a few sentences. Only the project's people read it."),
        )
    return row


@transaction.atomic
def evaluate_project(
    *, project: CompanionProject, person: Person, actor: Asker, mark: int, text: str
) -> ProjectEvaluation:
    """Say at the end how it was, once. When all have spoken, the project is completed.

    Raises NotPossible when it is not being evaluated, for somebody else, without text, or the second time. Side effects
    in order: the evaluation, sealed; an audit entry without it; with the last one the end, and a notice to each.
    """
    if not text.strip() or not 1 <= mark <= 5:
        raise NotPossible(_("Give a mark from 1 to 5, and write a sentence."))
    row = locked(project.pk)
    require(person, actor)
    people = {each.pk: each for each in row.mentees.select_related("user__person")}
    people[row.supervisor_id] = row.supervisor.person
    if person.pk not in people or not row.is_closing:
        raise NotPossible(_("Those of a project evaluate it, once it comes to its end."))
    try:
        with transaction.atomic():
            said = ProjectEvaluation.objects.create(
                project=row, author=person, mark=mark, text=text.strip(), written_by_id=actor.pk or 0
            )
    except IntegrityError:
        raise NotPossible(_("You have evaluated this project already."))
    audit("supervision.evaluate_project", row, row, actor, after={"evaluated": row.evaluations.count()})
    settle(user=person.user, source=f"supervision.project:{row.pk}:finish")
    if people.keys() <= set(row.evaluations.values_list("author", flat=True)):
        close_project(project=row, actor=actor)
    return said


@transaction.atomic
def close_project(*, project: CompanionProject, actor: Asker) -> CompanionProject:
    """Complete a project that is being evaluated: by itself when all have spoken, else by the supervisor when both sides
    have. Raises NotPossible before that, IllegalMove when it has ended. Side effects: the state, audit, notices."""
    row = locked(project.pk)
    authors = set(row.evaluations.values_list("author", flat=True))
    if row.supervisor_id not in authors or len(authors) < 2:
        raise NotPossible(_("You and at least one mentee evaluate the project first."))
    if not set(row.mentees.values_list("pk", flat=True)) <= authors:
        require(row.supervisor.person, actor)
    old = move(row, ProjectState.CLOSED, PROJECT_MOVES, ended_at=timezone.now())
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    audit("supervision.close_project", row, row, actor, **facts)
    for person in (*row.mentees.select_related("user__person"), row.supervisor.person):
        tell(row, person, "closed", gettext_noop("The project “%(project)s” is completed"))
    return row


@transaction.atomic
def go_on_with_project(*, project: CompanionProject, actor: Asker) -> CompanionProject:
    """Take a project back to work that was about to end; what was evaluated stays. Raises NotPossible for anybody but the
    supervisor, IllegalMove when it is not about to end. Side effects: the state, audit."""
    row = locked(project.pk)
    require(row.supervisor.person, actor)
    old = move(row, ProjectState.RUNNING, PROJECT_MOVES)
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    audit("supervision.go_on_with_project", row, row, actor, **facts)
    return row


@transaction.atomic
def stop_project(*, project: CompanionProject, actor: Asker, reason: str) -> CompanionProject:
    """End a project before it has reached its goals. Raises NotPossible without a reason, IllegalMove when it has ended.

    Side effects: the state, an audit entry, a notice to each mentee.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: the mentees read it."))
    row = locked(project.pk)
    require(row.supervisor.person, actor)
    changes: dict[str, Any] = {"ended_at": timezone.now(), "reason": reason.strip()}
    old = move(row, ProjectState.STOPPED, PROJECT_MOVES, **changes)
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    audit("supervision.stop_project", row, row, actor, **facts)
    for person in row.mentees.select_related("user__person"):
        tell(row, person, "stopped", gettext_noop("The project “%(project)s” is stopped"))
    return row
