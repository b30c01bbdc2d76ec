"""What was typed and not handed in is kept; and a record that was written without a network arrives: recorded once, or
shown beside what is there already."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.models import Person
from supervision.circles.actions.recording import is_recorded_so, log_gathering
from supervision.circles.actions.rows import locked_circle
from supervision.circles.actions.telling import require
from supervision.circles.models import Circle, Gathering, GatheringDraft
from supervision.circles.policy import GatheringFacts, Shared
from supervision.circles.queries import was_sent
from supervision.circles.states import GatheringState
from supervision.pairings.actions import NotPossible
from supervision.sessions.actions.syncing import changed_since
from supervision.sessions.actions.writing import MAX_TYPED


@dataclass(frozen=True)
class ArrivedGathering:
    """What became of it: `gathering` when it is recorded; else `other` or `draft`, what stands in its way."""

    gathering: Gathering | None = None
    other: Gathering | None = None
    draft: GatheringDraft | None = None


@transaction.atomic
def save_gathering_draft(
    *,
    circle: Circle,
    author: Person,
    actor: Asker,
    key: UUID,
    typed: Mapping[str, Any],
    gathering: Gathering | None = None,
) -> GatheringDraft | None:
    """Keep what the leader has typed so far, sealed. None when it was handed in meanwhile, or is far too long."""
    require(author, actor)
    text = json.dumps(dict(typed), ensure_ascii=False)
    if len(text) > MAX_TYPED or was_sent(key):
        return None
    about: dict[str, Any] = {"circle": circle, "author": author, "gathering": gathering}
    return GatheringDraft.objects.update_or_create(**about, defaults={"key": key, "typed": text})[0]


@transaction.atomic
def sync_gathering(
    *,
    circle: Circle,
    actor: Asker,
    facts: GatheringFacts,
    shared: Shared,
    came: Mapping[int, int],
    key: UUID,
    base: str,
    gathering: Gathering | None = None,
    force: bool = False,
    **more: Any,
) -> ArrivedGathering:
    """Record what a device has kept, exactly once by its key, or by the plan that it records. Raises as log_gathering.

    A record with other content, or a draft that was changed elsewhere since `base` (the moment of saving that the device
    knows), is given back instead and nothing is changed; with `force` the draft makes no difference. Side effects: those
    of log_gathering.
    """
    circle = locked_circle(circle.pk)
    known = Gathering.objects.exclude(state=GatheringState.PLANNED).with_circle()
    found = known.filter(circle=circle, pk=gathering.pk).first() if gathering is not None else None
    found = found or known.filter(circle=circle, key=key).first()
    if found is not None:
        if found.leader.user_id != actor.pk:
            raise NotPossible(_("This is for somebody else of the circle to do."))
        return _beside(found, facts, shared, came)
    drafts = GatheringDraft.objects.filter(circle=circle, gathering=gathering)
    draft = drafts.filter(author__user_id=actor.pk or 0).first()
    if draft is not None and not force and changed_since(draft, base):
        return ArrivedGathering(draft=draft)
    values: dict[str, Any] = {"facts": facts, "shared": shared, "came": came, "key": key}
    made = log_gathering(circle=circle, actor=actor, gathering=gathering, **values, **more)
    return ArrivedGathering(gathering=made)


def _beside(
    found: Gathering, facts: GatheringFacts, shared: Shared, came: Mapping[int, int]
) -> ArrivedGathering:
    """The record that there is, as the one that arrived or as another one than it."""
    if is_recorded_so(found, facts, shared, came):
        return ArrivedGathering(gathering=found)
    return ArrivedGathering(other=found)
