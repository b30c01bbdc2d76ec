"""Either side proposes a time; the other accepts, declines with a reason, or proposes another one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.people.models import Person
from core.states import IllegalMove, move
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.slots.actions.rows import (
    MeetingRefused,
    answered,
    audit,
    clashes_of,
    locked_meeting,
    locked_own_pairing,
    other_of,
    refusal_of,
    refuse_clash,
    remark,
    require_active,
    require_possible,
    tell,
    times_of,
)
from supervision.slots.models import Meeting
from supervision.slots.policy import MOST_IN_SERIES, Plan, problems_of
from supervision.slots.queries import series_of
from supervision.slots.states import MOVES, TO_REPEAT, MeetingState, RemarkKind

MOST_PROPOSED = 60  # unanswered to one person, so that nobody floods the other's page
ASKS = gettext_noop("%(name)s proposes a session on %(when)s")
ASKS_SERIES = gettext_noop("%(name)s proposes %(count)s sessions, the first on %(when)s")
ASKS_TO_MOVE = gettext_noop("%(name)s asks to move a session to %(when)s")
ANSWER = gettext_noop("Accept it, decline it, or propose another time.")


@transaction.atomic
def propose_meeting(
    *,
    pairing: Pairing,
    actor: Asker,
    plans: Sequence[Plan],
    text: str = "",
    moves: Meeting | None = None,
    answers: Meeting | None = None,
    follows: Meeting | None = None,
) -> Meeting:
    """Propose a time, or several as a series, to the other of the pair; returns the first.

    `moves`: the planned meeting that shall move there, which stays as it is until the other accepts, and needs a
    `text`. `answers`: a proposal of the other that is answered with this one. `follows`: what was cancelled, missed or
    declined before. Raises MeetingRefused with the field, and NotPossible. Side effects in order: the answered
    proposal ends; the rows; an audit entry each; one notice to the other, without the text.
    """
    pairing, author = locked_own_pairing(pairing.pk, actor)
    require_active(pairing)
    if not plans or len(plans) > MOST_IN_SERIES:
        raise MeetingRefused(_("Choose at least one day."), "day")
    require_possible(pairing, plans)
    if answers is not None:
        moves = answer_meeting(answers, pairing, author, actor)
    elif moves is not None and not text.strip():
        raise MeetingRefused(_("Write why it is to be moved: the other reads it."), "text")
    moved = _moved(moves, pairing, plans) if moves is not None else None
    refuse_clash(pairing, plans, actor, [moved.pk] if moved else ())
    if pairing.meetings.proposed().filter(starts_at__in=[plan.starts_at for plan in plans]).exists():
        raise MeetingRefused(_("This time is proposed already and waits for an answer."), "start")
    if pairing.meetings.proposed().filter(made_by=author).count() + len(plans) > MOST_PROPOSED:
        raise NotPossible(_("Too many of your proposals are unanswered. Withdraw some of them first."))
    before = answers or _followed(follows, pairing)
    series = uuid.uuid4() if len(plans) > 1 else None
    rows = [_proposed(pairing, author, plan, series, moved, before) for plan in plans]
    remark(rows[0], author, RemarkKind.MOVED if moved else RemarkKind.MESSAGE, text)
    for row in rows:
        audit("supervision.propose_meeting", row, actor, after=times_of(row) | {"state": row.state})
    title = ASKS_TO_MOVE if moved else ASKS_SERIES if series else ASKS
    tell(rows[0], other_of(rows[0], author), "proposed", title, ANSWER, by=author, count=len(rows))
    return rows[0]


@transaction.atomic
def accept_meeting(*, meeting: Meeting, actor: Asker, skip_clashes: bool = False) -> list[Meeting]:
    """Agree to a proposal, and to all that were made together with it. From then on they stand in both calendars.

    With `skip_clashes` those of a series at which one of the two is not free are declined, as long as one is left. What
    it moves gives its place in calendars to it. Raises NotPossible for the proposer, when the time has passed,
    when one of the two is no longer free; IllegalMove when it was answered before. Side effects: audit, notice.
    """
    row, person = locked_meeting(meeting, actor)
    require_active(row.pairing)
    _require_other(row, person)
    rows, now = _together(row), timezone.now()
    coming = [one for one in rows if one.starts_at > now]
    if not coming:
        raise NotPossible(_("This time has passed. Propose another one."))
    moved = _moved(row.moves, row.pairing, [row.plan], besides=row.pk) if row.moves else None
    besides = [moved.pk] if moved else []
    if skip_clashes:
        coming = _decline_clashes(row, coming, person, actor)
    refuse_clash(row.pairing, [one.plan for one in coming], actor, besides)
    if moved:
        was = move(moved, MeetingState.MOVED, MOVES, changed_at=now)
        audit("supervision.accept_meeting", moved, actor, before={"state": was}, after={"state": moved.state})
    for one in coming:
        fields: dict[str, Any] = {}
        if moved:
            fields = {"uid": moved.uid, "sequence": moved.sequence + 1, "series": moved.series}
        old = move(one, MeetingState.PLANNED, MOVES, planned_at=now, changed_at=now, **fields)
        audit("supervision.accept_meeting", one, actor, before={"state": old}, after=times_of(one))
    answered(rows[0])
    title = gettext_noop("%(name)s agrees to the session on %(when)s")
    tell(coming[0], row.made_by, "accepted", title, by=person)
    return coming


def _decline_clashes(row: Meeting, rows: list[Meeting], person: Person, actor: Asker) -> list[Meeting]:
    """Decline those of a series at which one of the two has something else; the others. All of them, if none is free."""
    clashes = clashes_of(row.pairing, [one.plan for one in rows], actor)
    free = [one for one, words in zip(rows, clashes, strict=True) if not words]
    for one in rows if free else ():
        if one not in free:
            old = move(one, MeetingState.DECLINED, MOVES, changed_at=timezone.now())
            audit(
                "supervision.decline_meeting", one, actor, before={"state": old}, after={"state": one.state}
            )
            remark(one, person, RemarkKind.DECLINED, _("Not free at that time."))
    return free or rows


@transaction.atomic
def decline_meeting(*, meeting: Meeting, actor: Asker, reason: str) -> None:
    """Say no to a proposal and to all made together with it, with a reason that the other reads.

    Raises NotPossible without one and for the proposer, IllegalMove when it was answered before. Side effects: the
    sealed reason; audit and notice without it.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: the other reads it."))
    row, person = locked_meeting(meeting, actor)
    _require_other(row, person)
    _end(row, MeetingState.DECLINED, "supervision.decline_meeting", actor)
    remark(row, person, RemarkKind.DECLINED, reason)
    title = gettext_noop("%(name)s cannot come on %(when)s")
    body = gettext_noop("The reason stands with your proposal. Propose another time.")
    tell(row, row.made_by, "declined", title, body, by=person)


@transaction.atomic
def withdraw_meeting(*, meeting: Meeting, actor: Asker) -> None:
    """Take one's proposal back, with all made together with it. Raises as decline_meeting does. Audit and notice."""
    row, person = locked_meeting(meeting, actor)
    if row.made_by_id != person.pk:
        raise NotPossible(_("Only whoever proposed it takes it back."))
    _end(row, MeetingState.WITHDRAWN, "supervision.withdraw_meeting", actor)
    title = gettext_noop("%(name)s has taken back the proposal for %(when)s")
    tell(row, other_of(row, person), "withdrawn", title, by=person)


@transaction.atomic
def change_place(
    *, meeting: Meeting, actor: Asker, setting: str, place: str, link: str, following: bool = False
) -> Meeting:
    """Correct where a planned meeting is held, or with `following` the later ones of its series too; the time stays.

    Raises MeetingRefused and IllegalMove. Side effects: the calendars follow; audit without the place; a notice.
    """
    row, person = locked_meeting(meeting, actor)
    if not row.is_coming:
        raise IllegalMove(row, row.state, row.state)
    plan = Plan(row.plan.starts_at, row.plan.ends_at, setting, place.strip(), link)
    problems = problems_of(plan, now=timezone.now())
    if problems:
        raise refusal_of(problems)
    rows = [row]
    if following and row.series:
        later = [one for one in series_of(row, MeetingState.PLANNED) if one.starts_at > row.starts_at]
        rows += later
    now = timezone.now()
    for one in rows:
        one.pairing = row.pairing
        one.setting, one.place, one.link = setting, place.strip(), link
        one.sequence, one.changed_at = one.sequence + 1, now
        one.save(update_fields=["setting", "place", "link", "sequence", "changed_at"])
        audit("supervision.change_place", one, actor, after={"setting": setting})
    title = gettext_noop("%(name)s has changed the place of the session on %(when)s")
    tell(row, other_of(row, person), f"place:{row.sequence}", title, by=person)
    return row


def _require_other(row: Meeting, person: Person) -> None:
    if row.made_by_id == person.pk:
        raise NotPossible(_("The other of you answers this proposal."))


def _together(row: Meeting) -> list[Meeting]:
    """All that are still proposed together with this one. Raises IllegalMove when it was answered before."""
    if not row.is_proposed:
        raise IllegalMove(row, row.state, MeetingState.PLANNED)
    rows = series_of(row, MeetingState.PROPOSED)
    for one in rows:
        one.pairing = row.pairing
    return rows


def _end(row: Meeting, state: MeetingState, action: str, actor: Asker | None) -> None:
    rows = _together(row)
    for one in rows:
        old = move(one, state, MOVES, changed_at=timezone.now())
        audit(action, one, actor, before={"state": old}, after={"state": one.state})
    answered(rows[0])


def answer_meeting(answers: Meeting, pairing: Pairing, author: Person, actor: Asker) -> Meeting | None:
    """End the other's proposal because another time is proposed; what it would have moved is to be moved still."""
    row = Meeting.objects.select_for_update(of=("self",)).get(pk=answers.pk)
    if row.pairing_id != pairing.pk:
        raise NotPossible(_("Only the two of the pair plan its meetings."))
    row.pairing = pairing
    _require_other(row, author)
    _end(row, MeetingState.ANSWERED, "supervision.answer_meeting", actor)
    return row.moves


def _moved(meeting: Meeting, pairing: Pairing, plans: Sequence[Plan], besides: int | None = None) -> Meeting:
    row = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    row.pairing = pairing
    if row.pairing_id != pairing.pk or not row.is_coming or len(plans) != 1:
        raise NotPossible(_("This meeting can no longer be moved. The page shows how it stands now."))
    if any(one.pk != besides for one in row.movers.proposed()):
        raise NotPossible(
            _("Another time is proposed for this meeting already. Answer or withdraw that first.")
        )
    return row


def _followed(meeting: Meeting | None, pairing: Pairing) -> Meeting | None:
    if meeting is None or meeting.pairing_id != pairing.pk or meeting.state not in TO_REPEAT:
        return None
    return meeting


def _proposed(
    pairing: Pairing,
    author: Person,
    plan: Plan,
    series: uuid.UUID | None,
    moved: Meeting | None,
    before: Meeting | None,
) -> Meeting:
    try:
        with transaction.atomic():
            return Meeting.objects.create(
                pairing=pairing,
                state=MeetingState.PROPOSED,
                made_by=author,
                starts_at=plan.starts_at,
                ends_at=plan.ends_at,
                setting=plan.setting,
                place=plan.place.strip(),
                link=plan.link,
                series=series,
                moves=moved,
                follows=before,
            )
    except IntegrityError:
        raise NotPossible(
            _("Another time is proposed for this meeting already. Answer or withdraw that first.")
        )
