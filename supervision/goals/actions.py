"""Setting learning goals, saying how far they are, and keeping the list of competencies.

No text of the pair goes into the audit, a notice or a mail: only that a goal was set and which state it has.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import Person
from core.states import move
from supervision.goals.models import Competency, GoalNote, LearningGoal
from supervision.goals.states import MOVES, GoalState
from supervision.pairings.actions import SECOND_CLICK, NotPossible, locked_pairing, one_of_pair
from supervision.pairings.models import Pairing

MOST_GOALS = 20


@transaction.atomic
def save_competency(*, competency: Competency, actor: Asker) -> Competency:
    """Add a competency, or change or close one. Side effect: an audit entry."""
    competency.save()
    record(
        action="supervision.save_competency",
        target=competency,
        actor=actor,
        organisation=None,
        after={"name": competency.name, "is_active": competency.is_active},
    )
    return competency


@transaction.atomic
def set_goal(*, pairing: Pairing, actor: Asker, competency: Competency, text: str) -> LearningGoal:
    """Add a learning goal to an open pairing; either side may. Sent twice at once there is one. Raises NotPossible.

    Side effects: an audit entry without the text, a notice to the other side without it.
    """
    pairing, author = _own_pairing(pairing.pk, actor)
    just = pairing.goals.filter(competency=competency, created_at__gt=timezone.now() - SECOND_CLICK)
    if again := next((goal for goal in just if goal.text == text.strip()), None):
        return again
    if pairing.goals.count() >= MOST_GOALS:
        raise NotPossible(_("A pair has at most 20 learning goals. Reach some of them first."))
    goal = LearningGoal.objects.create(pairing=pairing, competency=competency, text=text.strip())
    _audit("supervision.set_goal", goal, actor, after={"state": goal.state})
    _tell_other(goal, author, "set", gettext_noop("%(name)s has set a learning goal"))
    return goal


@transaction.atomic
def note_progress(*, goal: LearningGoal, actor: Asker, state: str, text: str = "") -> LearningGoal:
    """Say how far a goal is, with a sentence; sent twice at once it is said once. Raises NotPossible, IllegalMove and
    StaleState.

    The same state again needs a sentence. Side effects: the sealed note; an audit entry and a notice to the other
    side for a move, without the sentence.
    """
    pairing, author = _own_pairing(goal.pairing_id, actor)
    row = LearningGoal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    row.pairing = pairing
    last = row.notes.order_by("-pk").first()
    if last is not None and _is_said_again(last, author, state, text):
        return row
    if state == row.state and not text.strip():
        raise NotPossible(_("Choose how far the goal is now, or write a sentence."))
    if state != row.state:
        old = move(row, state, MOVES)
        _audit("supervision.note_progress", row, actor, before={"state": old}, after={"state": row.state})
    note = GoalNote.objects.create(goal=row, author=author, state=row.state, text=text.strip())
    _tell_other(
        row, author, f"note:{note.pk}", gettext_noop("%(name)s has noted progress on a learning goal")
    )
    return row


def _is_said_again(last: GoalNote, author: Person, state: str, text: str) -> bool:
    """A second click on the very sentence that was noted last."""
    same = (last.author_id, last.state, last.text) == (author.pk, state, text.strip())
    return same and bool(text.strip()) and last.written_at > timezone.now() - SECOND_CLICK


def _own_pairing(pk: int, actor: Asker) -> tuple[Pairing, Person]:
    pairing = locked_pairing(pk)
    person = one_of_pair(pairing, actor)
    if person is None:
        raise NotPossible(_("Only the two of the pair keep its goals."))
    if not pairing.is_open:
        raise NotPossible(_("The pairing has ended. Its goals stay as they are."))
    return pairing, person


def _audit(action: str, goal: LearningGoal, actor: Asker, **facts: Any) -> None:
    record(action=action, target=goal, actor=actor, organisation=goal.pairing.organisation, **facts)


def _tell_other(goal: LearningGoal, author: Person, what: str, title: str) -> None:
    supervisor, mentee = goal.pairing.supervisor.person, goal.pairing.mentee
    notify(
        user=(mentee if author.pk == supervisor.pk else supervisor).user,
        kind="supervision.goal",
        title=title,
        url=goal.pairing.get_absolute_url() + "#goals",
        source=f"supervision.goal:{goal.pk}:{what}",
        name=author.name,
    )


def reached(goals: list[LearningGoal]) -> int:
    """How many of these goals are reached."""
    return sum(goal.state == GoalState.REACHED for goal in goals)
