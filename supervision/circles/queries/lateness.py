"""What a record says, and what was approved before of what an administrator is asked about."""

from __future__ import annotations

from supervision.circles.models import Gathering, LateGathering
from supervision.circles.policy import Said
from supervision.sessions.states import LateState


def said_of(gathering: Gathering) -> Said:
    """What the record says now. One query."""
    came = dict(gathering.parts.live().values_list("person", "minutes"))
    return Said(gathering.starts_at, gathering.ends_at, came)


def approved_before(late: LateGathering) -> LateGathering | None:
    """What was approved before of the same record, where this asking is about something else; of a correction that is
    open the record as it is. One query."""
    if late.amendment is not None and late.amendment.is_open:
        now = said_of(late.gathering)
        came = {str(person): minutes for person, minutes in now.came.items()}
        found: LateGathering | None = LateGathering(starts_at=now.starts_at, ends_at=now.ends_at, came=came)
    else:
        rows = LateGathering.objects.filter(gathering=late.gathering_id, pk__lt=late.pk).of_record()
        found = rows.filter(state=LateState.APPROVED).order_by("-pk").first()
    return found if found is not None and found.said != late.said else None
