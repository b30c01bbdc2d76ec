"""Joining, leaving and completing a round. It is locked before it is looked at."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.people.models import Person
from core.states import StaleState, move
from lms.pathways.actions.making import PathwayRefused
from lms.pathways.actions.telling import note, tell
from lms.pathways.models import Pathway, PathwayEnrolment
from lms.pathways.policy import last_day
from lms.pathways.queries import joining, plan_of, progress_in, progress_of_all
from lms.pathways.states import MOVES, PathwayState


@transaction.atomic
def join_pathway(*, pathway: Pathway, person: Person, actor: Asker) -> PathwayEnrolment:
    """Begin a pathway, or its next round; what it asks for is frozen now.

    In the first round whatever was completed before counts; in a later one only what is completed in it. Raises
    PathwayRefused when it is closed, or this round cannot begin. Side effects: an audit entry; completed at once when
    everything is done; a notice when somebody else put the person on it.
    """
    kept = Pathway.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pathway.pk)
    if kept.closed_at is not None:
        raise PathwayRefused(_("This pathway is closed. Nobody can join any more."))
    can = joining(kept, person)
    if not can.may:
        raise PathwayRefused(can.sentence)
    plan, today = plan_of(kept), timezone.localdate()
    if not plan.steps:
        raise PathwayRefused(_("This pathway has no courses yet."))
    try:
        with transaction.atomic():
            enrolment = PathwayEnrolment.objects.create(
                pathway=kept,
                person=person,
                round=can.round,
                joined_on=today,
                counts_from=_counts_from(can.own, today) if can.own else None,
                plan=plan.as_json(),
            )
    except IntegrityError:
        raise PathwayRefused(_("This round is under way."))
    note("lms.join_pathway", enrolment, actor, after={"round": can.round})
    if actor.pk != person.user_id:
        tell(
            enrolment,
            "joined",
            gettext_noop("You are on a pathway: %(pathway)s"),
            gettext_noop("Your organisation put you on it. See which courses it asks for, and until when."),
        )
    complete_pathway(enrolment=enrolment)
    return enrolment


def _counts_from(last: PathwayEnrolment, today: date) -> date | None:
    """After a round that was left, the same things count as in it; after a completed one only what comes from now on,
    and never again what completed that one."""
    if last.completed_on is None:
        return last.counts_from
    return max(today, last.completed_on + timedelta(days=1))


@transaction.atomic
def leave_pathway(*, enrolment: PathwayEnrolment, actor: Asker) -> None:
    """Leave a pathway; what was learned stays. Side effect: an audit entry.

    Raises PathwayRefused for everybody but the person, and IllegalMove when it is not running.
    """
    if actor.pk is None or actor.pk != enrolment.person.user_id:
        raise PathwayRefused(_("Only the person themself can do this."))
    move(enrolment, PathwayState.LEFT, MOVES)
    note("lms.leave_pathway", enrolment, actor)


@transaction.atomic
def complete_pathway(*, enrolment: PathwayEnrolment) -> bool:
    """Complete the round when everything is done, once however many ask; False when something is missing.

    Side effects: the state with its days; an audit entry; a notice.
    """
    row = PathwayEnrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    progress = progress_in(row)
    if row.state != PathwayState.RUNNING or progress.completed_on is None:
        return False
    until = last_day(progress.completed_on, row.frozen.months)
    try:
        move(row, PathwayState.COMPLETED, MOVES, completed_on=progress.completed_on, expires_on=until)
    except StaleState:
        return False
    enrolment.state, enrolment.completed_on, enrolment.expires_on = row.state, row.completed_on, until
    note("lms.complete_pathway", row, None, after={"round": row.round, "expires_on": until})
    tell(
        row,
        "completed",
        gettext_noop("Pathway completed: %(pathway)s"),
        gettext_noop("You have completed every course that it asks for. Well done."),
    )
    return True


def complete_reached(*, person_id: int) -> int:
    """Complete every round of this person that is reached now; returns how many. Two queries where there is none."""
    rows = PathwayEnrolment.objects.running().filter(person_id=person_id)
    return sum(complete_pathway(enrolment=row) for row in rows)


def reconcile() -> list[str]:
    """Complete what is reached and was not noticed (joined while the last course was being completed); a line for each."""
    found, rows = [], list(PathwayEnrolment.objects.running().order_by("pk"))
    for start in range(0, len(rows), 200):
        for row, progress in progress_of_all(rows[start : start + 200]):
            if progress.is_complete and complete_pathway(enrolment=row):
                found.append(f"pathway of a trainee {row.pk}: completed")
    return found
