"""A gathering recorded by who led it, corrected while nobody has confirmed, and one's own note on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.notices.actions import settle
from core.people.models import Person
from core.states import IllegalMove, move
from supervision.circles.actions.lateness import (
    keep_late,
    require_reason,
    said_at_of,
)
from supervision.circles.actions.rows import (
    ask_part,
    columns_of,
    created,
    gathering_by_key,
    locked_circle,
    locked_gathering,
    of_kind,
    possible,
    require_fresh,
    require_unconfirmed,
    settle_part,
    when_of,
    write_content,
)
from supervision.circles.actions.telling import audit, require
from supervision.circles.models import (
    Circle,
    Gathering,
    GatheringAction,
    GatheringDraft,
    GatheringNote,
)
from supervision.circles.policy import (
    GatheringFacts,
    Said,
    Shared,
)
from supervision.circles.queries import said_of
from supervision.circles.states import (
    GATHERING_MOVES,
    LIVE,
    MOVES,
    GatheringState,
    PartState,
)
from supervision.pairings.actions import NotPossible
from supervision.sessions.queries import how_late


@transaction.atomic
def log_gathering(
    *,
    circle: Circle,
    actor: Asker,
    facts: GatheringFacts,
    shared: Shared,
    came: Mapping[int, int],
    key: UUID,
    gathering: Gathering | None = None,
    note: str = "",
    late_reason: str = "",
    done: Collection[int] = (),
) -> Gathering:
    """Record a gathering that took place: planned before (`gathering`), or not. `came`: the minutes of each person.

    Sent twice it is recorded once. `done` are actions agreed on earlier that are done by now. Raises NotPossible when
    the actor did not lead it, or it is recorded already with other content, and GatheringRefused when the time is not
    possible, somebody who came was no member then or was elsewhere, or it is late without a reason. Side effects in order: the row, its content and note, what was
    agreed, a row for each who came; the draft goes; an audit entry; each is asked to confirm; of a late one the
    administrators are told.
    """
    circle = locked_circle(circle.pk)
    row = locked_gathering(gathering.pk) if gathering is not None else gathering_by_key(circle, key)
    require(row.leader if row is not None else circle.leader, actor)
    if row is not None and row.is_logged:
        _require_same(row, facts, shared, came, is_planned=gathering is not None)
        return row
    if row is not None and not row.is_planned:
        raise IllegalMove(row, row.state, GatheringState.LOGGED)
    leader = row.leader if row is not None else circle.leader
    facts = of_kind(circle, facts.whole())
    people, now = possible(circle, leader, facts, came, row), timezone.now()
    require_reason(how_late(circle.organisation, facts.starts_at, now), late_reason)
    if row is None:
        row = created(
            circle,
            key=key,
            leader=leader,
            **columns_of(facts),
            state=GatheringState.LOGGED,
            logged_at=now,
        )
    else:
        changes = columns_of(facts) | {"logged_at": now, "revision": row.revision + 1}
        move(row, GatheringState.LOGGED, GATHERING_MOVES, **changes)
    settle(user=leader.user, source=f"supervision.gathering:{row.pk}:unrecorded")
    write_content(row, shared)
    keep_gathering_note(gathering=row, actor=actor, text=note)
    earlier = GatheringAction.objects.open().filter(gathering__circle=circle, pk__in=list(done))
    earlier.exclude(gathering=row).update(is_done=True, closed_at=now)
    GatheringDraft.objects.filter(circle=circle, author=leader, gathering=gathering).delete()
    for person in people:
        ask_part(row, person, came[person.pk])
    told = when_of(row) | {"state": row.state, "came": len(people), "minutes": row.minutes}
    audit("supervision.log_gathering", row, circle, actor, after=told)
    keep_late(row, said_of(row), now, late_reason)
    return row


def _require_same(
    row: Gathering, facts: GatheringFacts, shared: Shared, came: Mapping[int, int], *, is_planned: bool
) -> None:
    if is_recorded_so(row, facts, shared, came):
        return
    if is_planned:
        raise NotPossible(_("This gathering has been recorded already, with other content."))
    raise NotPossible(
        _(
            "This form was sent before, with other content. If this is another session, send it once more; "
            "else correct the record that there is."
        )
    )


def is_recorded_so(row: Gathering, facts: GatheringFacts, shared: Shared, came: Mapping[int, int]) -> bool:
    """Whether this is what a recorded gathering says: then it has arrived, however often it is sent. Of one that was
    corrected since, its facts and people may be others."""
    latest = row.contents.first()
    if latest is None or latest.shared != shared:
        return False
    alike = of_kind(row.circle, facts.whole()) == row.facts.whole()
    if alike and dict(row.parts.live().values_list("person", "minutes")) == dict(came):
        return True
    return row.amendments.exists() or row.contents.count() > 1


@transaction.atomic
def amend_gathering(
    *,
    gathering: Gathering,
    actor: Asker,
    facts: GatheringFacts,
    shared: Shared,
    came: Mapping[int, int],
    late_reason: str = "",
    revision: int | None = None,
) -> Gathering:
    """Correct a record that nobody has confirmed, and ask everybody again. The earlier content stays beside the new one.

    Time, people and minutes that are added are said now: late only with a reason. Of a late record whose time or minutes
    change, the administrators are asked again. Raises NotPossible when somebody has confirmed, IllegalMove when it is not
    recorded, StaleState when it changed since `revision`, and as log_gathering does. Side effects: content, the rows,
    an audit entry with both versions.
    """
    row = locked_gathering(gathering.pk)
    require(row.leader, actor)
    require_fresh(row, revision)
    if not row.is_logged:
        raise IllegalMove(row, row.state, GatheringState.LOGGED)
    require_unconfirmed(row)
    facts = of_kind(row.circle, facts.whole())
    people = possible(row.circle, row.leader, facts, came, row)
    said = Said(facts.starts_at, facts.ends_at, dict(came))
    said_at = said_at_of(row, said, said_of(row))
    require_reason(how_late(row.circle.organisation, said.starts_at, said_at), late_reason, row)
    before = when_of(row) | {"minutes": row.minutes}
    move(row, GatheringState.LOGGED, GATHERING_MOVES, revision=row.revision + 1, **columns_of(facts))
    write_content(row, shared)
    for part in row.parts.filter(state__in=sorted(LIVE)).exclude(person__in=list(came)):
        move(part, PartState.REMOVED, MOVES, revision=part.revision + 1)
        settle_part(part)
    for person in people:
        ask_part(row, person, came[person.pk])
    after = when_of(row) | {"minutes": row.minutes, "came": len(people)}
    audit("supervision.amend_gathering", row, row.circle, actor, before=before, after=after)
    keep_late(row, said_of(row), said_at, late_reason)
    return row


@transaction.atomic
def keep_gathering_note(*, gathering: Gathering, actor: Asker, text: str) -> GatheringNote | None:
    """Keep the actor's own working note on a gathering; an empty text deletes it. It is not audited: it is private. Raises
    NotPossible for whoever was not there."""
    author = Person.objects.filter(user_id=actor.pk).first()  # type: ignore[misc]
    took_part = author is not None and (
        author.pk == gathering.leader_id or gathering.parts.filter(person=author).exists()
    )
    if author is None or not took_part:
        raise NotPossible(_("Only those who took part keep notes on it."))
    if not text.strip():
        GatheringNote.objects.filter(gathering=gathering, author=author).delete()
        return None
    return GatheringNote.objects.update_or_create(
        gathering=gathering, author=author, defaults={"text": text.strip()}
    )[0]
