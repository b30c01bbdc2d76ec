"""A gathering recorded by who led it, corrected while nobody has confirmed, and one's own note on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.notices.actions import settle
from core.people.models import Person
from core.states import IllegalMove, move
from supervision.circles.actions.rows import (
    GatheringRefused,
    ask_part,
    columns_of,
    created,
    gathering_by_key,
    locked_circle,
    locked_gathering,
    require_free,
    require_fresh,
    require_unconfirmed,
    settle_part,
    when_of,
)
from supervision.circles.actions.telling import keep, require
from supervision.circles.models import (
    Circle,
    CircleMember,
    Gathering,
    GatheringContent,
    GatheringNote,
)
from supervision.circles.policy import (
    Fault,
    GatheringFacts,
    Shared,
    faults_of_log,
)
from supervision.circles.states import (
    GATHERING_MOVES,
    LIVE,
    MOVES,
    GatheringState,
    PartState,
)
from supervision.pairings.actions import NotPossible
from supervision.sessions.queries import days_to_record_at
from supervision.sessions.states import Mode


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
) -> Gathering:
    """Record a gathering that took place: planned before (`gathering`), or not. `came`: the minutes of each person.

    Sent twice it is recorded once. Raises NotPossible when the actor did not lead it or somebody who came does not
    belong to the circle, and GatheringRefused when the time is not possible or somebody was elsewhere. Side effects in
    order: the row, its content and note, a row for each who came; an audit entry; each is asked to confirm.
    """
    circle = locked_circle(circle.pk)
    row = locked_gathering(gathering.pk) if gathering is not None else gathering_by_key(circle, key)
    require(row.leader if row is not None else circle.leader, actor)
    if row is not None and row.is_logged:
        return row
    if row is not None and not row.is_planned:
        raise IllegalMove(row, row.state, GatheringState.LOGGED)
    leader = row.leader if row is not None else circle.leader
    facts = _of_kind(circle, facts.whole())
    people = _possible(circle, leader, facts, came, row)
    now = timezone.now()
    if row is None:
        row = created(
            circle,
            key=key,
            leader=leader,
            starts_at=facts.starts_at,
            ends_at=facts.ends_at,
            mode=facts.mode,
            setting=facts.setting,
            functions=list(facts.functions),
            state=GatheringState.LOGGED,
            logged_at=now,
        )
    else:
        changes = columns_of(facts) | {"logged_at": now, "revision": row.revision + 1}
        move(row, GatheringState.LOGGED, GATHERING_MOVES, **changes)
    settle(user=leader.user, source=f"supervision.gathering:{row.pk}:unrecorded")
    _write(row, shared)
    keep_gathering_note(gathering=row, actor=actor, text=note)
    for person in people:
        ask_part(row, person, came[person.pk])
    told = when_of(row) | {"state": row.state, "came": len(people), "minutes": row.minutes}
    keep("supervision.log_gathering", row, circle, actor, after=told)
    return row


@transaction.atomic
def amend_gathering(
    *,
    gathering: Gathering,
    actor: Asker,
    facts: GatheringFacts,
    shared: Shared,
    came: Mapping[int, int],
    revision: int | None = None,
) -> Gathering:
    """Correct a record that nobody has confirmed, and ask everybody again. The earlier content stays beside the new one.

    Raises NotPossible when somebody has confirmed, IllegalMove when it is not recorded, StaleState when it changed
    since `revision`, and as log_gathering does. Side effects: content, the rows, an audit entry with both versions.
    """
    row = locked_gathering(gathering.pk)
    require(row.leader, actor)
    require_fresh(row, revision)
    if not row.is_logged:
        raise IllegalMove(row, row.state, GatheringState.LOGGED)
    require_unconfirmed(row)
    facts = facts.whole()
    people = _possible(row.circle, row.leader, facts, came, row)
    before = when_of(row) | {"minutes": row.minutes}
    move(row, GatheringState.LOGGED, GATHERING_MOVES, revision=row.revision + 1, **columns_of(facts))
    _write(row, shared)
    for part in row.parts.filter(state__in=sorted(LIVE)).exclude(person__in=list(came)):
        move(part, PartState.REMOVED, MOVES, revision=part.revision + 1)
        settle_part(part)
    for person in people:
        ask_part(row, person, came[person.pk])
    after = when_of(row) | {"minutes": row.minutes, "came": len(people)}
    keep("supervision.amend_gathering", row, row.circle, actor, before=before, after=after)
    return row


@transaction.atomic
def keep_gathering_note(*, gathering: Gathering, actor: Asker, text: str) -> GatheringNote | None:
    """Keep the actor's own working note on a gathering; an empty text deletes it. It is not audited: it is private."""
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


def _of_kind(circle: Circle, facts: GatheringFacts) -> GatheringFacts:
    """The facts with the mode that the circle's kind has: an open class is open to all, and nothing else is. By the mode
    the hours are counted, so it is not the leader's to choose."""
    if circle.kind == "open":
        return replace(facts, mode=Mode.UNIVERSAL)
    return replace(facts, mode=Mode.ACCOMPANYING) if facts.mode == Mode.UNIVERSAL else facts


def _possible(
    circle: Circle, leader: Person, facts: GatheringFacts, came: Mapping[int, int], row: Gathering | None
) -> list[Person]:
    """Those who came, in the order of their names, if it can have been so; all of them and the leader stay locked."""
    faults = faults_of_log(facts, came, now=timezone.now())
    if faults:
        raise GatheringRefused(faults)
    _in_time(circle, facts, row)
    known = set(CircleMember.objects.joined().filter(circle=circle).values_list("person", flat=True))
    if row is not None:
        known |= set(row.parts.values_list("person", flat=True))
    if leader.pk in came or not came.keys() <= known:
        raise GatheringRefused((Fault("stranger", "came"),), _("Only members of the circle can be ticked."))
    rows = Person.objects.filter(pk__in=list(came)).select_related("user__person", "employer")
    people = {person.pk: person for person in rows.order_by("pinyin", "pk")}
    everybody = people | {leader.pk: leader}
    require_free(everybody, leader.user, facts.starts_at, facts.ends_at, row.pk if row else None)
    return list(people.values())


def _in_time(circle: Circle, facts: GatheringFacts, row: Gathering | None) -> None:
    """A gathering is held while there is the circle, and recorded within the days that its place allows; a record that
    is corrected was in time before."""
    if circle.closed_at is not None and facts.starts_at > circle.closed_at:
        raise GatheringRefused((Fault("closed", "day"),), _("The circle was closed by then."))
    if row is not None and row.is_logged:
        return
    today = timezone.localdate()
    days, source = days_to_record_at(circle.organisation, today)
    if (today - timezone.localtime(facts.starts_at).date()).days > days:
        words = _(
            "It is recorded within %(days)s days (%(source)s). Later, each who came asks for the hours with a proof."
        )
        raise GatheringRefused((Fault("late", "day"),), words % {"days": days, "source": source})


def _write(gathering: Gathering, shared: Shared) -> None:
    GatheringContent.objects.create(
        gathering=gathering,
        number=gathering.revision,
        topics=shared.topics.strip(),
        agreements=shared.agreements.strip(),
        follow_up=shared.follow_up.strip(),
    )
