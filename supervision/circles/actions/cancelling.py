"""A planned gathering called off, or the record of one taken back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import move
from supervision.circles.actions.lateness import drop_all
from supervision.circles.actions.rows import (
    locked_gathering,
    require_fresh,
    require_planner,
    require_unconfirmed,
    settle_part,
)
from supervision.circles.actions.telling import audit, tell_members_of, tell_of
from supervision.circles.models import (
    Gathering,
    Participation,
)
from supervision.circles.queries import series_after
from supervision.circles.states import (
    GATHERING_MOVES,
    LIVE,
    MOVES,
    GatheringState,
    PartState,
)


@transaction.atomic
def cancel_gathering(
    *,
    gathering: Gathering,
    actor: Asker,
    revision: int | None = None,
    by_closing: bool = False,
    following: bool = False,
) -> Gathering:
    """Call a planned gathering off, with `following` also the later ones of its series; or take a record back that nobody
    has confirmed. It counts nowhere.

    Raises NotPossible when somebody has confirmed it, IllegalMove when it is cancelled already. Side effects: the
    state, the rows of those who took part, an audit entry, a notice to the members or to those who took part.
    """
    row, parts = _cancel(gathering, actor, revision, by_closing)
    if parts is not None:
        for part in parts:
            tell_of(row, part.person, "cancelled", _CANCELLED)
        return row
    later = series_after(row) if following else []
    called_off = [row, *(_cancel(each, actor, None, by_closing)[0] for each in later)]
    title = _CANCELLED
    if later:
        title = gettext_noop("%(times)s gatherings of “%(circle)s” are cancelled, first that on %(day)s")
    tell_members_of(called_off, "cancelled", title, gettext_noop("Cancelled: %(moments)s."), actor)
    return row


_CANCELLED = gettext_noop("The gathering of “%(circle)s” on %(day)s is cancelled")


def _cancel(
    gathering: Gathering, actor: Asker, revision: int | None, by_closing: bool
) -> tuple[Gathering, list[Participation] | None]:
    """One gathering called off without telling anybody; of one that was recorded, who took part."""
    row = locked_gathering(gathering.pk)
    if not by_closing:
        require_planner(row, actor)
    require_fresh(row, revision)
    require_unconfirmed(row)
    planned = row.is_planned
    parts = list(row.parts.filter(state__in=sorted(LIVE)).select_related("person__user__person"))
    for part in parts:
        move(part, PartState.REMOVED, MOVES, revision=part.revision + 1)
        settle_part(part)
    changes: dict[str, Any] = {"revision": row.revision + 1, "changed_at": timezone.now()}
    old = move(row, GatheringState.CANCELLED, GATHERING_MOVES, **changes)
    drop_all(row)
    audit(
        "supervision.cancel_gathering",
        row,
        row.circle,
        actor,
        before={"state": old},
        after={"state": row.state},
    )
    return row, None if planned else parts
