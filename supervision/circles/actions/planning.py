"""A gathering planned, one or a series, and its plan changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.people.models import Person
from core.states import IllegalMove, move
from supervision.circles.actions.rows import (
    GatheringRefused,
    created,
    locked_circle,
    locked_gathering,
    require_fresh,
    require_planner,
    when_of,
)
from supervision.circles.actions.telling import audit, require, tell_members, tell_members_of
from supervision.circles.models import (
    Circle,
    CircleMember,
    Gathering,
)
from supervision.circles.policy import (
    Problem,
    problems_of_plan,
    turns_from,
)
from supervision.circles.queries import planned_at, series_after
from supervision.circles.states import (
    GATHERING_MOVES,
    GatheringState,
)
from supervision.pairings.actions import NotPossible


@transaction.atomic
def plan_gathering(
    *,
    circle: Circle,
    actor: Asker,
    starts_at: datetime,
    ends_at: datetime,
    key: UUID,
    leader: Person | None = None,
    setting: str = "on_site",
    subject: str = "",
    place: str = "",
    link: str = "",
    series: UUID | None = None,
) -> Gathering:
    """Plan the next gathering; of a peer circle `leader` is the member whose turn it is. The same key again gives the
    gathering that there is already.

    Raises NotPossible when the circle is closed or the actor does not lead it, and GatheringRefused when the time is
    not possible or whoever leads it is busy then. Side effects in order: the row, an audit entry, a notice to each member.
    """
    row = locked_circle(circle.pk)
    require(row.leader, actor)
    if done := Gathering.objects.filter(key=key, circle=row).with_circle().first():
        return done
    if not row.is_open:
        raise NotPossible(_("This circle is closed."))
    leads = _may_lead(row, leader or row.leader)
    starts_at, ends_at = _plannable(leads, starts_at, ends_at)
    gathering = created(
        row,
        key=key,
        leader=leads,
        starts_at=starts_at,
        ends_at=ends_at,
        setting=setting,
        subject=subject.strip(),
        place=place.strip(),
        link=link.strip(),
        series=series,
    )
    audit("supervision.plan_gathering", gathering, row, actor, after=when_of(gathering))
    if series is None:
        tell_members(gathering, "planned", gettext_noop("“%(circle)s” meets on %(day)s, %(span)s"), actor)
    return gathering


@transaction.atomic
def plan_series(
    *,
    circle: Circle,
    actor: Asker,
    spans: Sequence[tuple[datetime, datetime]],
    key: UUID,
    leader: Person | None = None,
    **said: str,
) -> list[Gathering]:
    """Plan several gatherings at once, of which each can be moved or cancelled alone, or with all later ones; in a peer
    circle the members lead them in turn, from `leader` on. The same key again gives those that there are already.

    `said`: setting, subject, place, link. Raises as plan_gathering does, and then plans none. Side effects: those of
    plan_gathering for each, with one notice to each member for all of them.
    """
    if len(spans) == 1:
        (span,) = spans
        values: dict[str, Any] = {"starts_at": span[0], "ends_at": span[1], "key": key, "leader": leader}
        return [plan_gathering(circle=circle, actor=actor, **values, **said)]  # type: ignore[arg-type]
    members = _members_in_turn(circle) if circle.is_peer else {}
    turns = turns_from((leader or circle.leader).pk, members)
    series = uuid5(key, "series")
    made = [
        plan_gathering(
            circle=circle,
            actor=actor,
            starts_at=starts_at,
            ends_at=ends_at,
            key=key if not number else uuid5(key, str(number)),
            leader=members.get(next(turns), leader),
            series=series,
            **said,
        )
        for number, (starts_at, ends_at) in enumerate(spans)
    ]
    title = gettext_noop("“%(circle)s” meets %(times)s times, first on %(day)s, %(span)s")
    tell_members(made[0], "series", title, actor, times=len(made))
    return made


@transaction.atomic
def change_plan(
    *,
    gathering: Gathering,
    actor: Asker,
    starts_at: datetime,
    ends_at: datetime,
    revision: int | None = None,
    leader: Person | None = None,
    following: bool = False,
    **said: str,
) -> Gathering:
    """Change when, where or by whom a planned gathering is held; with `following` the later ones of its series move as
    far, and are held at the same place. Raises as plan_gathering does, IllegalMove when it is
    recorded or cancelled, StaleState when it changed since `revision`.

    `said`: setting, subject, place, link. Side effects: the rows, an audit entry for each, one notice to each member of
    all that has changed.
    """
    row = locked_gathering(gathering.pk)
    moved, length = starts_at - row.starts_at, ends_at - starts_at
    asked: list[dict[str, Any]] = [
        {"gathering": row, "starts_at": starts_at, "said": said, "revision": revision, "leader": leader}
    ]
    for later in series_after(row) if following else ():
        kept = {**said, "subject": str(later.subject)}
        asked.append({"gathering": later, "starts_at": later.starts_at + moved, "said": kept})
    onwards = moved > timedelta()  # then from the last one on: none comes upon one that has not moved yet
    changed = [_change(actor, length, **each) for each in (reversed(asked) if onwards else asked)]
    if onwards:
        changed.reverse()
    row = changed[0]
    title = gettext_noop("“%(circle)s” has changed: it meets on %(day)s, %(span)s")
    if len(changed) > 1:
        title = gettext_noop("“%(circle)s” has changed: it meets %(times)s times, first on %(day)s, %(span)s")
    tell_members_of(changed, f"changed:{row.revision}", title, gettext_noop("Now: %(moments)s."), actor)
    return row


def _change(
    actor: Asker,
    length: timedelta,
    *,
    gathering: Gathering,
    starts_at: datetime,
    said: Mapping[str, str],
    revision: int | None = None,
    leader: Person | None = None,
) -> Gathering:
    """One planned gathering as `change_plan` says, without telling anybody."""
    row = locked_gathering(gathering.pk)
    require_planner(row, actor)
    require_fresh(row, revision)
    if not row.is_planned:
        raise IllegalMove(row, row.state, GatheringState.PLANNED)
    leads = _may_lead(row.circle, leader or row.leader)
    before = when_of(row)
    starts_at, ends_at = _plannable(leads, starts_at, starts_at + length, besides=row.pk)
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    values = {name: text.strip() for name, text in said.items()}
    changes: dict[str, Any] = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "minutes": minutes,
        "leader_id": leads.pk,
        "changed_at": timezone.now(),
        **values,
    }
    move(row, GatheringState.PLANNED, GATHERING_MOVES, revision=row.revision + 1, **changes)
    row.leader = leads
    audit("supervision.change_plan", row, row.circle, actor, before=before, after=when_of(row))
    return row


def _plannable(
    leader: Person, starts_at: datetime, ends_at: datetime, besides: int | None = None
) -> tuple[datetime, datetime]:
    """The whole minutes of a plan, if it is possible and its leader is not to lead another one then."""
    starts_at, ends_at = (each.replace(second=0, microsecond=0) for each in (starts_at, ends_at))
    problems = problems_of_plan(starts_at, ends_at, now=timezone.now())
    if problems:
        raise GatheringRefused(problems)
    list(Person.objects.select_for_update(no_key=True).filter(pk=leader.pk).values_list("pk"))
    other = planned_at(leader.pk, starts_at, ends_at, besides=besides)
    if other is not None:
        local, until = timezone.localtime(other.starts_at), timezone.localtime(other.ends_at)
        values = {"name": leader.name, "circle": other.circle.name, "span": f"{local:%H:%M}–{until:%H:%M}"}
        words = _("%(name)s leads “%(circle)s” on that day, %(span)s. Two cannot overlap.") % values
        raise GatheringRefused((Problem("clash", "start"),), words)
    return starts_at, ends_at


def _may_lead(circle: Circle, leader: Person) -> Person:
    if leader.pk == circle.leader_id:
        return leader
    if not circle.is_peer:
        raise NotPossible(_("Only a peer circle is led by its members in turn."))
    if not CircleMember.objects.joined().filter(circle=circle, person=leader).exists():
        raise NotPossible(_("Only a member can lead a peer circle."))
    return leader


def _members_in_turn(circle: Circle) -> dict[int, Person]:
    rows = CircleMember.objects.joined().filter(circle=circle).select_related("person__user")
    return {row.person_id: row.person for row in rows.order_by("joined_at", "pk")}
